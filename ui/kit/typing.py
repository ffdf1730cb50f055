"""Fields take no character that nobody sees: it goes as it is typed or pasted, the cursor stays where it was."""

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from commandcenter.domain.text import without_invisible


def strip_invisible(editor: QLineEdit | QPlainTextEdit) -> None:
    """From now on `editor` drops control, zero-width and direction characters."""
    if isinstance(editor, QLineEdit):
        editor.textChanged.connect(lambda _text: _strip_line(editor))
    else:
        editor.textChanged.connect(lambda: _strip_text(editor))


def set_text_at(editor: QLineEdit | QPlainTextEdit, text: str, cursor: int) -> None:
    """Replace what stands there, with nothing to undo; `cursor` in UTF-16 units, as Qt counts."""
    if isinstance(editor, QLineEdit):
        editor.setText(text)
        editor.setCursorPosition(cursor)
        return
    editor.setPlainText(text)
    at = editor.textCursor()
    at.movePosition(QTextCursor.MoveOperation.Start)
    at.setPosition(min(cursor, units(text)))
    editor.setTextCursor(at)


def units(text: str) -> int:
    """The length of `text` in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _strip_line(editor: QLineEdit) -> None:
    _strip(editor, editor.text(), editor.cursorPosition())


def _strip_text(editor: QPlainTextEdit) -> None:
    _strip(editor, editor.toPlainText(), editor.textCursor().position())


def _strip(editor: QLineEdit | QPlainTextEdit, text: str, cursor: int) -> None:
    kept = without_invisible(text)
    if kept != text:
        before = text.encode("utf-16-le")[: 2 * cursor].decode("utf-16-le", "ignore")
        set_text_at(editor, kept, units(without_invisible(before)))
