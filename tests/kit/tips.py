"""Shows the text of a tooltip as Qt displays it: plain, or as markup, which might load files."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import Qt, QTextDocument


class _Watched(QTextDocument):
    """Records the resources that the text requests."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        self.asked.append(name.toString() if isinstance(name, QUrl) else name)
        return None


def shown_by_a_tip(tip: str) -> str:
    """Returns the text that a user reads in the tooltip `tip`; raises AssertionError when it loads any resource."""
    if not Qt.mightBeRichText(tip):
        return tip
    document = _Watched()
    document.setHtml(tip)
    document.size()  # the layout requests the images
    assert document.asked == []
    return document.toPlainText()
