"""Saves the content of the intake form to disk during typing, but never who called."""

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from commandcenter.domain.kinds import Kind
from commandcenter.domain.personal import masked
from ui.intake.form import IntakeForm
from ui.kit import records
from ui.kit.labels.label import Label
from ui.kit.seat.context import SeatContext
from ui.kit.seat.tasks import spawn
from ui.kit.texts.district_time import clock
from ui.kit.texts.words import phrase

NAME = "intake"
EVERY = 1000  # milliseconds of typing that may be lost when the program ends


class Draft(QObject):
    """The draft of `form`, saved within a second of each change, which `note` then shows."""

    def __init__(self, seat: SeatContext, form: IntakeForm, note: Label) -> None:
        super().__init__(form)
        self._seat, self._form, self._note = seat, form, note
        self._due = QTimer(self, interval=EVERY, singleShot=True)
        self._due.timeout.connect(self.keep)
        self._is_shown = False  # the draft on disk came from this form or was filled into it
        form.changed.connect(self._change)
        form.external.textChanged.connect(lambda _text: self._change())

    def keep(self) -> None:
        """Saves the current content in the background.

        Deletes the draft when the form was emptied; an empty form keeps a draft that it has not shown.
        """
        fields = self._fields()
        if any(fields.values()):
            self._is_shown = True
            spawn(self._keep(fields), name="keep the draft")
        elif self._is_shown:
            self.drop()

    def drop(self) -> None:
        """Deletes the draft, because the case was filed or the form cleared."""
        self.stop()
        self._is_shown = False
        self._note.set_words("")
        spawn(self._seat.desk.drafts.keep(NAME, None), name="drop the draft")

    def stop(self) -> None:
        """Cancels the pending save: the next user of this seat has a draft of their own."""
        self._due.stop()

    async def restore(self) -> None:
        """Fills the form with the user's draft of the last time, if nothing is typed yet."""
        kept, form = await self._seat.desk.drafts.of(NAME), self._form
        if kept and not self._is_shown and not any(self._fields().values()):
            self._is_shown = True
            form.where.search.set_text(kept.get("place", ""))
            form.text.setPlainText(kept.get("text", ""))
            form.external.setText(kept.get("external", ""))
            form.where.street.setCurrentIndex(max(0, form.where.street.findData(kept.get("street", ""))))
            kind = records.find(self._seat.desk.board, Kind, kept.get("kind"))
            if kind is not None:
                form.kind.choose(kind)
            self._note.set_words(phrase("上次没有登记完的草稿"))

    def _change(self) -> None:
        if not self._due.isActive():
            self._due.start()

    def _fields(self) -> dict[str, str]:
        where = self._form.where
        words = {"place": masked(where.words()), "text": masked(self._form.said())}  # no personal number on disk
        words |= {"external": masked(self._form.external.text().strip())}
        return words | {"street": where.chosen_street(), "kind": self._form.kind.by_hand}

    async def _keep(self, fields: dict[str, str]) -> None:
        await self._seat.desk.drafts.keep(NAME, fields)
        if isValid(self._form) and any(self._fields().values()):  # otherwise it was filed, cleared or left meanwhile
            at = clock(self._seat.desk.board, self._seat.desk.now())
            self._note.set_words(phrase("草稿已存 {at}", at=at))
