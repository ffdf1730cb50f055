"""Beside the report: of which shift and moment it is, the note for the next shift, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.kit.controls.buttons import KeyButton
from ui.kit.forms.form import FormField, personal_number_refusal
from ui.kit.forms.typing import too_long
from ui.kit.labels.label import Label, line
from ui.kit.layouts import STRETCH, vbox
from ui.kit.texts.words import Words, phrase
from ui.theme import filled

WIDTH = 320  # pixels
PAUSE = 400  # milliseconds without typing before the report takes the note


class HandoverSide(QWidget):
    """The note and the buttons; `noted` is emitted when a note that may stand in the report has changed."""

    noted = Signal()

    def __init__(self) -> None:
        super().__init__()
        filled(self, surface="bg2")
        self.setFixedWidth(WIDTH)
        self.title, self.as_of = Label(phrase("交接班报告"), level="section"), Label(tone="tx2", wrap=True)
        self.editor = QPlainTextEdit()
        self.editor.setAccessibleName(str(phrase("给下一班的话")))
        self.editor.setTabChangesFocus(True)
        self.editor.setMinimumHeight(180)
        self.field = FormField(self.editor, hint=phrase("写进报告；不写姓名、电话和证件号"))
        self.save = KeyButton(
            phrase("存为 PDF"), key="Ctrl+S", role="primary", image="download", live=True, spread=True
        )
        self.print_it = KeyButton(phrase("打印"), key="Ctrl+P", image="printer", live=True, spread=True)
        self.renew = KeyButton(phrase("重新出具"), key="Ctrl+R", image="refresh-cw", live=True, spread=True)
        self.back = KeyButton(phrase("返回"), key="Esc", role="text")
        self._pause = QTimer(self, interval=PAUSE, singleShot=True)
        self._pause.timeout.connect(self._take)
        self.editor.textChanged.connect(self._pause.start)
        self._note = ""
        parts = (self.title, self.as_of, 8, line(), 8, Label(phrase("给下一班的话"), level="label"), self.field)
        buttons = (self.save, self.print_it, self.renew, STRETCH, self.back)
        vbox(self, *parts, 12, *buttons, margins=(16, 14, 16, 14), spacing=8)

    @property
    def note(self) -> str:
        """The last note that may stand in the report."""
        return self._note

    def set_note(self, text: str) -> None:
        """Shows a note that was kept."""
        self.editor.setPlainText(text)
        self._take()

    def take(self) -> None:
        """Takes what was typed at once."""
        if self._pause.isActive():
            self._pause.stop()
            self._take()

    def settle(self) -> bool:
        """Takes what was typed; returns whether it may stand in the report, and goes to it when it may not."""
        self.take()
        is_good = not self.field.error()
        if not is_good:
            self.editor.setFocus()
        return is_good

    def _take(self) -> None:
        said = self.editor.toPlainText().strip()
        wrong: Words | None = personal_number_refusal(said) or too_long(said)
        self.field.set_error(wrong)
        if wrong is None and said != self._note:
            self._note = said
            self.noted.emit()
