"""The list of what waits as a model: headings and acts; what comes in while somebody points at it is held back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from commandcenter.store.overlay import Act
from ui.inbox.words import Wording, reason_key
from ui.kit import names
from ui.kit.words import Words, phrase, term

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
ROW_ROLE = Qt.ItemDataRole.UserRole
DECIDED = 20  # the last decisions that are shown


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a group of acts."""

    words: Words
    count: int


Row = Heading | Act


class InboxModel(QAbstractListModel):
    """Own acts that wait, acts that others left, what was decided lately; `held_back` counts what may not come in."""

    held = Signal(int)

    def __init__(self, desk: Desk, wording: Wording, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._wording = desk, wording
        self._rows: list[Row] = []
        self.held_back = 0

    def refresh(self, *, hold: bool = False) -> None:
        """Read the desk again; with `hold` no new act comes in, so that no row moves under a pointer."""
        waiting = self._desk.waiting
        if hold:
            shown = {row.cmd_id for row in self._rows if isinstance(row, Act)}
            waiting = tuple(act for act in waiting if act.cmd_id in shown)
        fresh = self._grouped(waiting)
        self._count(len(self._desk.waiting) - len(waiting))
        if _keys(fresh) != _keys(self._rows):
            self.beginResetModel()
            self._rows = fresh
            self.endResetModel()
            return
        for at, (old, new) in enumerate(zip(self._rows, fresh, strict=True)):
            if old != new:
                self._rows[at] = new
                self.dataChanged.emit(self.index(at), self.index(at))

    def row_of(self, cmd_id: str) -> int | None:
        """Where an act stands."""
        rows = (at for at, row in enumerate(self._rows) if isinstance(row, Act) and row.cmd_id == cmd_id)
        return next(rows, None)

    def act_at(self, row: int) -> Act | None:
        """The act of a row; None for a heading."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Act) else None

    def first(self) -> str | None:
        """The act that should be looked at first: what waits, never what was decided."""
        first = next((row for row in self._rows if isinstance(row, Act)), None)
        return first.cmd_id if first is not None and not first.is_dropped else None

    def tell_again(self) -> None:
        """The language changed, or a name is known now."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

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
                rows += [Heading(words, len(acts)), *acts]
        return rows

    def _count(self, held_back: int) -> None:
        if held_back != self.held_back:
            self.held_back = held_back
            self.held.emit(held_back)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) if self.act_at(index.row()) is not None else Qt.ItemFlag.NoItemFlags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.words} {row.count}" if isinstance(row, Heading) else self._told(row)
        return None

    def _told(self, act: Act) -> str:
        user = self._desk.person.user if self._desk.person is not None else ""
        kind = term("waits", reason_key(act, user))
        who = "" if act.user == user else names.who(self._desk.board, act.user)
        at = self._wording.clock(act.moved_at or act.made_at)
        said = (kind, self._wording.case(act.ref), self._wording.act(act), who, at)
        return " ".join(filter(None, map(str, said)))


def _keys(rows: list[Row]) -> list[object]:
    return [row.cmd_id if isinstance(row, Act) else (str(row.words), row.count) for row in rows]
