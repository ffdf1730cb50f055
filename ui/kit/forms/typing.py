"""Removes invisible characters from an editor as they are typed or pasted, and says when a text is too long."""

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from commandcenter.domain.text import TEXT_MOST, without_invisible
from ui.kit.texts.words import Words, phrase


def strip_invisible(editor: QLineEdit | QPlainTextEdit) -> None:
    """Makes `editor` drop control, zero-width and direction characters from now on; the cursor keeps its place."""
    if isinstance(editor, QLineEdit):
        editor.textChanged.connect(lambda text: _strip(editor, text, editor.cursorPosition()))
    else:
        editor.textChanged.connect(lambda: _strip(editor, editor.toPlainText(), editor.textCursor().position()))


def set_text_at(editor: QLineEdit | QPlainTextEdit, text: str, cursor: int) -> None:
    """Replaces the text and clears the undo history; `cursor` is in UTF-16 units, as Qt counts."""
    if isinstance(editor, QLineEdit):
        editor.setText(text)
        editor.setCursorPosition(cursor)
        return
    editor.setPlainText(text)
    at = editor.textCursor()
    at.movePosition(QTextCursor.MoveOperation.Start)
    at.setPosition(min(cursor, units(text)))
    editor.setTextCursor(at)


def too_long(text: str) -> Words | None:
    """Returns what to say when `text` is longer than a free text may be; None when it fits."""
    return None if len(text) <= TEXT_MOST else phrase("最多 {n} 字，现有 {m} 字", n=TEXT_MOST, m=len(text))


def units(text: str) -> int:
    """Returns the length of `text` in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _strip(editor: QLineEdit | QPlainTextEdit, text: str, cursor: int) -> None:
    kept = without_invisible(text)
    if kept != text:
        before = text.encode("utf-16-le")[: 2 * cursor].decode("utf-16-le", "ignore")
        set_text_at(editor, kept, units(without_invisible(before)))
