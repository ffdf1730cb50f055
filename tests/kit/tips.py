"""What a tooltip shows of a text, as Qt decides it: plain, or as markup that may load files."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import Qt, QTextDocument


class _Watched(QTextDocument):
    """Notes what the text asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        self.asked.append(name.toString() if isinstance(name, QUrl) else name)
        return None


def shown_by_a_tip(tip: str) -> str:
    """The text that a person reads in the tooltip `tip`; AssertionError when it loads anything."""
    if not Qt.mightBeRichText(tip):
        return tip
    document = _Watched()
    document.setHtml(tip)
    document.size()  # lays it out: images are asked for now
    assert document.asked == []
    return document.toPlainText()
