"""The model of the inbox list: headings and acts; new acts can be held back while the pointer is on the list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from commandcenter.store.overlay import Act
from ui.inbox.words import Wording, reason_key
from ui.kit.tables.rows import Index, Rows
from ui.kit.texts import names
from ui.kit.texts.words import Words, phrase, say, term

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

DECIDED = 20  # most recent decisions shown


@dataclass(frozen=True, slots=True)
class InboxHeading:
    """The heading of a group of acts."""

    words: Words
    count: int


Row = InboxHeading | Act


class InboxModel(Rows[Row]):
    """The user's acts that wait, those of others on this console, and recent decisions; `held_back` counts new acts."""

    held = Signal(int)

    def __init__(self, desk: Desk, wording: Wording, parent: QObject | None = None) -> None:
        super().__init__(_key, parent)
        self._desk, self._wording = desk, wording
        self.held_back = 0

    def refresh(self, *, hold: bool = False) -> None:
        """Reads the desk again; with `hold` no new act is shown, so that no row moves under the pointer."""
        waiting = self._desk.decisions.waiting
        if hold:
            shown = {row.cmd_id for row in self._rows if isinstance(row, Act)}
            waiting = tuple(act for act in waiting if act.cmd_id in shown)
        self._count(len(self._desk.decisions.waiting) - len(waiting))
        self.show_rows(self._grouped(waiting))

    def row_of(self, cmd_id: str) -> int | None:
        """Returns the row of an act, None when it is not shown."""
        rows = (at for at, row in enumerate(self._rows) if isinstance(row, Act) and row.cmd_id == cmd_id)
        return next(rows, None)

    def act_at(self, row: int) -> Act | None:
        """Returns the act of a row; None for a heading or outside the list."""
        found = self.at(row)
        return found if isinstance(found, Act) else None

    def first(self) -> str | None:
        """Returns the id of the first act that waits, None when there are only decided ones."""
        first = next((row for row in self._rows if isinstance(row, Act)), None)
        return first.cmd_id if first is not None and not first.is_dropped else None

    def _grouped(self, waiting: tuple[Act, ...]) -> list[Row]:
        user = self._desk.person.user if self._desk.person is not None else ""
        mine = [act for act in waiting if act.user == user]
        others = [act for act in waiting if act.user != user]
        decided = [act for act in reversed(self._desk.acts.recent) if act.is_dropped and act.user == user][:DECIDED]
        rows: list[Row] = []
        for words, acts in (
            (phrase("待我处理"), mine),
            (phrase("他人留在本机"), others),
            (phrase("已决定"), decided),
        ):
            if acts:
                rows += [InboxHeading(words, len(acts)), *acts]
        return rows

    def _count(self, held_back: int) -> None:
        if held_back != self.held_back:
            self.held_back = held_back
            self.held.emit(held_back)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.act_at(index.row()) is not None else Qt.ItemFlag.NoItemFlags

    def text(self, row: int) -> str:
        shown = self.rows[row]
        return f"{shown.words} {shown.count}" if isinstance(shown, InboxHeading) else self._told(shown)

    def _told(self, act: Act) -> str:
        user = self._desk.person.user if self._desk.person is not None else ""
        kind = term("waits", reason_key(act, user))
        who = "" if act.user == user else names.account_name(self._desk.board, act.user)
        if act.on_behalf_of is not None:
            behalf = say("代{who}", who=self._wording.owner(act))
            who = f"{who} {behalf}".strip()
        at = self._wording.clock(act.moved_at or act.made_at)
        said = (kind, self._wording.record(act.compared), self._wording.act(act), who, at)
        return " ".join(filter(None, map(str, said)))


def _key(row: Row) -> str:
    return row.cmd_id if isinstance(row, Act) else str(row.words)
