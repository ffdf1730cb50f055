"""The board: every live record that the seat may see, as the platform confirmed it and as it is displayed."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from commandcenter.domain.calendar import COUNTED_BY, Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Person
from commandcenter.domain.records import KINDS, Record, Ref, kind_of
from commandcenter.domain.secrecy import readable_by, withheld
from commandcenter.domain.visibility import sees
from commandcenter.store.columns import CaseColumns
from commandcenter.store.overlay import Act, Delivery, Overlay
from commandcenter.store.signal import Signal
from commandcenter.store.touched import Touched, touched


class Board:
    """The records in memory, read by the screens and written by `sync` alone.

    `changed` emits one Touched per write.
    """

    def __init__(self) -> None:
        self.changed: Signal[Touched] = Signal()
        self.cases = CaseColumns()
        self.overlay = Overlay()
        self._base: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
        self._shown: dict[str, Case] = {}
        self._adopters: dict[str, frozenset[str]] = {}
        self._reader: Person | None = None  # the signed-in person; None: nobody is signed in

    def set_reader(self, person: Person | None) -> None:
        """Sets who reads the board (None: nobody); secret cases are displayed again as that person may read them.

        A case that only an act of a former user tells of is shown to whoever has it in their scope.
        """
        self._reader = person
        secret = [("case", key) for key, case in self._shown.items() if case.secret]
        self._tell({*secret, *(ref for ref in self.overlay.refs if self.confirmed(*ref) is None)})

    def find(self, kind: str, key: str) -> Record | None:
        """Returns the record as displayed, or None; pending acts are applied to cases and crews."""
        if kind == "case":
            return self._shown.get(key)
        base = self._base.get(kind, {}).get(key)
        return self.overlay.applied_to((kind, key), base)[0] if kind == "crew" else base

    def as_read(self, record: Record | None) -> Record | None:
        """Returns `record` as the signed-in person may read it; a secret case is withheld while nobody is signed in."""
        if not isinstance(record, Case) or not record.secret:
            return record
        return withheld(record) if self._reader is None else readable_by(self._reader, record)

    def without(self, cmd_ids: Collection[str]) -> "BoardWithout":
        """Returns a view of the board as if the acts `cmd_ids` had not been given."""
        return BoardWithout(self, cmd_ids)

    def confirmed(self, kind: str, key: str) -> Record | None:
        """Returns the record as the platform confirmed it, without pending acts, or None."""
        return self._base.get(kind, {}).get(key)

    def all(self, kind: str) -> Iterator[Record]:
        """Returns an iterator over the records of `kind`: cases as displayed, all other kinds as confirmed."""
        return iter(self._shown.values() if kind == "case" else self._base[kind].values())

    def new_number(self, at: datetime) -> str | None:
        """Returns None: only the platform assigns case numbers (part of domain.decisions.View)."""
        return None

    def adopters(self, case: str) -> frozenset[str]:
        """Returns the users known here to have acted on `case` for another person (part of domain.decisions.View)."""
        return self._adopters.get(case, frozenset()) | self.overlay.adopters(("case", case))

    def adopted(self, ref: Ref, user: str) -> None:
        """Records that `user` acted on the record `ref` for another person; only cases are remembered."""
        if ref[0] == "case":
            self._adopters[ref[1]] = self._adopters.get(ref[1], frozenset()) | {user}

    def delivery(self, kind: str, key: str) -> Delivery:
        """Returns the least advanced delivery state of the acts on this record; DONE without any."""
        return self.overlay.applied_to((kind, key), self.confirmed(kind, key))[1]

    def replace(self, records: Iterable[Record]) -> None:
        """Replaces all records, by those of the mirror or a snapshot; pending acts stay on top."""
        for kept in self._base.values():
            kept.clear()
        self._shown.clear()
        self.cases.clear()
        self._put(records)
        for kind, key in self.overlay.refs:
            self._show(kind, key)
        self.changed.emit(Touched(everything=True))

    def apply(self, records: Iterable[Record], evicted: Iterable[Ref] = (), *, done: Iterable[str] = ()) -> None:
        """Applies what one or more frames say: changed records, evicted refs, and the ids of the commands now done."""
        refs: set[Ref] = set()
        for cmd_id in done:
            refs |= self.overlay.lift(cmd_id)
        for kind, key in evicted:
            self._base[kind].pop(key, None)
            refs.add((kind, key))
        refs |= set(self._put(records, show=False))
        self._tell(refs)

    def pend(self, act: Act) -> None:
        """Displays an act that is kept, sent, or needs a decision."""
        self._tell(self.overlay.put(act))

    def hide_act(self, cmd_id: str) -> None:
        """Removes an act from the display."""
        self._tell(self.overlay.lift(cmd_id))

    def _put(self, records: Iterable[Record], *, show: bool = True) -> list[Ref]:
        refs: list[Ref] = []
        for record in sorted(records, key=lambda r: isinstance(r, Case)):
            kind = kind_of(record)
            self._base[kind][record.id] = record
            if isinstance(record, Calendar) and record.id == COUNTED_BY:
                self.cases.calendar = record
            refs.append((kind, record.id))
            if show:
                self._show(kind, record.id)
        return refs

    def _show(self, kind: str, key: str) -> None:
        if kind != "case":
            return
        record, delivery = self.overlay.applied_to(("case", key), self._base["case"].get(key))
        case = self.as_read(record)
        if not isinstance(case, Case) or not self._is_in_scope(case):
            self._shown.pop(key, None)
            self.cases.remove(key)
            return
        self._shown[key] = case
        kept = self._base["kind"].get(case.kind or "")
        urgent = isinstance(kept, Kind) and kept.limit.is_urgent
        self.cases.put(case, urgent=urgent, delivery=int(delivery))

    def _is_in_scope(self, case: Case) -> bool:
        """Returns whether the reader may see the case.

        What the platform sent is in scope; a case that only an act tells of is if the reader took it, or may see it.
        """
        if self._reader is None or self.confirmed("case", case.id) is not None:
            return True
        return case.taken_by == self._reader.user or sees(self._reader, case)

    def _tell(self, refs: Iterable[Ref]) -> None:
        listed = list(refs)
        for kind, key in listed:
            self._show(kind, key)
        if listed:
            self.changed.emit(touched(listed))


class BoardWithout:
    """A view of a board that leaves out some acts (implements domain.decisions.View)."""

    def __init__(self, board: Board, cmd_ids: Collection[str]) -> None:
        self._board = board
        self._aside = cmd_ids

    def find(self, kind: str, key: str) -> Record | None:
        """Returns the record with the other pending acts applied, as the signed-in person may read it."""
        base = self._board.confirmed(kind, key)
        return self._board.as_read(self._board.overlay.applied_to((kind, key), base, without=self._aside)[0])

    def new_number(self, at: datetime) -> str | None:
        """Returns None, as the board does."""
        return self._board.new_number(at)

    def adopters(self, case: str) -> frozenset[str]:
        """Returns the same users as the board; the acts left out count too."""
        return self._board.adopters(case)


def as_kept(act: Act, delivery: Delivery, *, code: str | None = None, about: str | None = None) -> Act:
    """Returns `act` with another delivery state, code and about."""
    return replace(act, delivery=delivery, code=code, about=about)
