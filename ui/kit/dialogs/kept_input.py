"""What is typed into a dialog that is closed by accident, or refused: a draft of the person until it is given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from commandcenter.domain.personal import masked
from ui.kit.forms.form import editor_text
from ui.kit.forms.typing import set_text_at, units
from ui.kit.seat.tasks import spawn

if TYPE_CHECKING:
    from commandcenter.sync.drafts import Drafts, Fields

Editor = QLineEdit | QPlainTextEdit
EVERY = 1000  # milliseconds of typing that may be lost when the program ends


class KeptInput:
    """The draft under `key` of a dialog's editors, by name; personal numbers are masked on disk.

    Nothing is kept any more once another person has signed in.
    """

    def __init__(self, drafts: Drafts, key: str) -> None:
        self._drafts, self._key, self._user = drafts, key, drafts.user
        self._typed: Fields = {}
        self._kept: Fields = {}
        self._due = QTimer(interval=EVERY, singleShot=True)
        self._due.timeout.connect(self.keep)

    async def begin(self, editors: Mapping[str, Editor]) -> bool:
        """Fills the empty editors with what was kept, and follows what is typed; returns whether one was filled."""
        self._kept = await self._drafts.of(self._key)
        filled = [
            name for name, text in self._kept.items() if name in editors and text and not editor_text(editors[name])
        ]
        for name in filled:
            set_text_at(editors[name], self._kept[name], units(self._kept[name]))
        self._typed = {name: editor_text(editor) for name, editor in editors.items()}
        for name, editor in editors.items():
            editor.textChanged.connect(partial(self._follow, name, editor))
        return bool(filled)

    def keep(self) -> None:
        """Keeps what stands in the editors: the dialog is left, or a second has passed."""
        self._due.stop()
        self._save({name: masked(text) for name, text in self._typed.items() if text})

    def forget(self) -> None:
        """Forgets it: it was given."""
        self._due.stop()
        self._save({})

    def _follow(self, name: str, editor: Editor, *_text_now: str) -> None:
        self._typed[name] = editor_text(editor)
        if not self._due.isActive():
            self._due.start()

    def _save(self, fields: Fields) -> None:
        if fields != self._kept:
            self._kept = fields
            spawn(self._write(fields), name="keep what was typed")

    async def _write(self, fields: Fields) -> None:
        if self._drafts.user == self._user:
            await self._drafts.keep(self._key, fields or None)
