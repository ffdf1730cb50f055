"""Labelled fields that show their errors beneath the editor."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from commandcenter.domain.personal import has_personal_number
from ui.kit.forms.typing import strip_invisible
from ui.kit.labels.label import Label
from ui.kit.layouts import label_grid, vbox
from ui.kit.texts.words import Words, phrase, term
from ui.theme import mark


class FormField(QWidget):
    """An editor with a line beneath for a hint or an error; text editors drop invisible characters."""

    def __init__(self, editor: QWidget, *, hint: Words = "") -> None:
        super().__init__()
        self.editor = editor
        self._hint: Words = hint
        self._line = Label(hint, level="label", wrap=True)
        if isinstance(editor, QLineEdit | QPlainTextEdit):
            strip_invisible(editor)
        vbox(self, editor, self._line, spacing=3)
        self._line.setVisible(bool(str(hint)))

    def set_error(self, words: Words | None) -> None:
        """Shows an error; None clears it and shows the hint again."""
        said = self._hint if words is None else words
        self._line.set_words(said, tone="tx3" if words is None else "bad")
        self._line.setVisible(bool(str(said)))
        self.editor.setAccessibleDescription(str(said))
        mark(self.editor, state="" if words is None else "error")

    def error(self) -> str:
        """Returns the shown error, "" for none."""
        return self._line.text() if self.editor.property("state") == "error" else ""


class Form(QWidget):
    """Fields by name, one per row, with their labels in the left column."""

    def __init__(self, *, label_width: int = 64) -> None:
        super().__init__()
        self._fields: dict[str, FormField] = {}
        self._required: set[str] = set()
        self._grid = label_grid(self, gaps=(10, 10), label_width=label_width)

    def add(self, name: str, label: Words, editor: QWidget, *, hint: Words = "", required: bool = False) -> FormField:
        """Appends a row and returns its field; ``required`` text must not be blank when ``check`` is called."""
        field = FormField(editor, hint=hint)
        title = _Buddy(label, editor)
        row = self._grid.rowCount()
        self._grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(field, row, 1)
        self._fields[name] = field
        if required:
            self._required.add(name)
        return field

    def field(self, name: str) -> FormField:
        """Returns the field with this name. Raises KeyError when there is none."""
        return self._fields[name]

    def text(self, name: str) -> str:
        """Returns the content of a field as ``editor_text`` does. Raises KeyError for an unknown name."""
        return editor_text(self._fields[name].editor)

    def show_errors(self, errors: Mapping[str, Words]) -> bool:
        """Shows these errors, clears all others and focuses the first. Returns True when there are none."""
        for name, field in self._fields.items():
            field.set_error(errors.get(name))
        first = next((field for name, field in self._fields.items() if name in errors), None)
        if first:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return first is None

    def check(self) -> bool:
        """Shows an error at each blank required field, clears all others. Returns True when none is blank."""
        blank = phrase("此项必填")
        return self.show_errors({name: blank for name in self._required if not self.text(name)})


def personal_number_refusal(text: str) -> Words | None:
    """Returns the refusal of a text that everybody can read when it holds a personal number, else None.

    Personal numbers are telephone, identity card and bank card numbers.
    """
    return term("refusal", "personal_number") if has_personal_number(text) else None


def editor_text(editor: QWidget) -> str:
    """Returns the stripped text of a line or text edit; of a combo box its data, or its text when it has no data.

    Follows focus proxies. Raises TypeError for any other editor.
    """
    if isinstance(editor, QLineEdit):
        return editor.text().strip()
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText().strip()
    if isinstance(editor, QComboBox):
        data = editor.currentData()
        return editor.currentText() if data is None else str(data)
    inner = editor.focusProxy()
    if inner is None:
        raise TypeError(type(editor).__name__)
    return editor_text(inner)


class _Buddy(Label):
    """A field's label, which is also the editor's accessible name in the current language."""

    def __init__(self, words: Words, editor: QWidget) -> None:
        self._editor = editor
        super().__init__(words, tone="tx3")
        self.setFixedHeight(28)
        self.setBuddy(editor)

    def retell(self) -> None:
        super().retell()
        self._editor.setAccessibleName(self.text())
