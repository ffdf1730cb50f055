"""What happened to the case so far, newest first: asked of the platform, or of this machine while offline."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from commandcenter.domain.cases import Case
from commandcenter.domain.facts import Fact
from commandcenter.store.board import Board
from commandcenter.sync.queries import CaseHistory
from commandcenter.sync.unavailable import Unavailable
from ui.kit import names
from ui.kit.faults import fault
from ui.kit.label import Label
from ui.kit.tasks import spawn
from ui.kit.timeline import Entry, Timeline, TimelineModel
from ui.kit.words import Words, phrase

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

_DELIVERY = {1: "kept", 2: "sent", 3: "needs_you"}


class Course(QWidget):
    """A timeline that is fetched anew when the case changed; own acts that are still on their way stand on top."""

    def __init__(self, desk: "Desk", tell: Callable[[Board, Fact], Words], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._tell = desk, tell
        self._shown: tuple[str, int] | None = None
        self._facts: tuple[Fact, ...] = ()
        self.model = TimelineModel(parent=self)
        self._note = Label(level="label", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label(phrase("经过"), level="label"))
        column.addWidget(self._note)
        column.addWidget(Timeline(self.model), 1)
        self._note.hide()

    def show_case(self, case: Case) -> None:
        """Show what happened to `case`."""
        if self._shown is None or self._shown[0] != case.id:
            self._facts = ()
        if self._shown != (case.id, case.rev):
            self._shown = (case.id, case.rev)
            spawn(self._fetch(case.id), name="course of a case")
        self._lay(case.id)

    async def _fetch(self, key: str) -> None:
        try:
            facts = await self._desk.ask(CaseHistory(key))
        except Unavailable as error:
            self._note.setText(fault(error.code, error.about))
            self._note.show()
            return
        if self._shown is not None and self._shown[0] == key:
            self._note.hide()
            self._facts = facts
            self._lay(key)

    def _lay(self, key: str) -> None:
        board = self._desk.board
        entries = [Entry(fact.at, self._tell(board, fact), names.who(board, fact.by)) for fact in self._facts]
        for act in self._desk.acts.open:
            if act.ref == ("case", key):
                how = _DELIVERY.get(int(act.delivery), "")
                entries += [
                    Entry(fact.at, self._tell(board, fact), names.who(board, fact.by), "ac", how) for fact in act.facts
                ]
        self.model.show_case(entries, zone=names.zone(board))
