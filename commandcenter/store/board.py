"""The board: every record that the seat may see and that is live, as the platform says it and as it is shown."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from commandcenter.domain.calendar import COUNTED_BY, Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Person
from commandcenter.domain.powers import sees
from commandcenter.domain.records import KINDS, Record, kind_of
from commandcenter.domain.secrecy import readable_by, withheld
from commandcenter.store.columns import CaseColumns, is_urgent
from commandcenter.store.overlay import Act, Delivery, Overlay, Ref
from commandcenter.store.signal import Signal
from commandcenter.store.touched import Touched, touched


class Board:
    """Read by the screens, written by sync alone. `changed` tells what was touched, once for each write."""

    def __init__(self) -> None:
        self.changed: Signal[Touched] = Signal()
        self.cases = CaseColumns()
        self.overlay = Overlay()
        self._base: dict[str, dict[str, Record]] = {kind: {} for kind in KINDS}
        self._shown: dict[str, Case] = {}
        self._adopters: dict[str, frozenset[str]] = {}
        self._reader: Person | None = None  # who sits here; None: nobody is signed in

    def read_by(self, person: Person | None) -> None:
        """From now on `person` looks at the board: what is secret is shown as they read it, whoever left it.

        What an act that others left here tells of alone is shown to whoever has it in their scope.
        """
        self._reader = person
        secret = [("case", key) for key, case in self._shown.items() if case.secret]
        self._tell({*secret, *(ref for ref in self.overlay.refs if self.confirmed(*ref) is None)})

    def find(self, kind: str, key: str) -> Record | None:
        """The record as it is shown: with what is pending on top."""
        if kind == "case":
            return self._shown.get(key)
        base = self._base.get(kind, {}).get(key)
        return self.overlay.seen_through((kind, key), base)[0] if kind == "crew" else base

    def as_read(self, record: Record | None) -> Record | None:
        """`record` as whoever sits here may read it."""
        if not isinstance(record, Case) or not record.secret:
            return record
        return withheld(record) if self._reader is None else readable_by(self._reader, record)

    def without(self, cmd_ids: Collection[str]) -> "Aside":
        """The board as it would be shown if these acts had not been given."""
        return Aside(self, cmd_ids)

    def confirmed(self, kind: str, key: str) -> Record | None:
        """The record as the platform says it."""
        return self._base.get(kind, {}).get(key)

    def all(self, kind: str) -> Iterator[Record]:
        """Every record of `kind` as it is shown."""
        return iter(self._shown.values() if kind == "case" else self._base[kind].values())

    def new_number(self, at: datetime) -> str | None:
        """None: only the platform gives numbers (part of domain.decide.View)."""
        return None

    def adopters(self, case: str) -> frozenset[str]:
        """Who acted on `case` in the place of another, as far as it was seen here (part of domain.decide.View)."""
        return self._adopters.get(case, frozenset()) | self.overlay.adopters(("case", case))

    def adopted(self, ref: Ref, user: str) -> None:
        """`user` acted on a record in the place of another."""
        if ref[0] == "case":
            self._adopters[ref[1]] = self._adopters.get(ref[1], frozenset()) | {user}

    def delivery(self, kind: str, key: str) -> Delivery:
        """How far the acts on this record have come."""
        return self.overlay.seen_through((kind, key), self.confirmed(kind, key))[1]

    def replace(self, records: Iterable[Record]) -> None:
        """A whole new board (from the mirror, or a snapshot); what is pending stays on top."""
        for kept in self._base.values():
            kept.clear()
        self._shown.clear()
        self.cases.clear()
        self._put(records)
        for kind, key in self.overlay.refs:
            self._show(kind, key)
        self.changed.emit(Touched(everything=True))

    def apply(self, records: Iterable[Record], evicted: Iterable[Ref] = (), *, done: Iterable[str] = ()) -> None:
        """What one or more frames say, and the acts (command ids) that they bring to their end."""
        refs: set[Ref] = set()
        for cmd_id in done:
            refs |= self.overlay.lift(cmd_id)
        for kind, key in evicted:
            self._base[kind].pop(key, None)
            refs.add((kind, key))
        refs |= set(self._put(records, show=False))
        self._tell(refs)

    def pend(self, act: Act) -> None:
        """Show an act that is kept, sent, or needs the person."""
        self._tell(self.overlay.put(act))

    def unpend(self, cmd_id: str) -> None:
        """Show an act no more."""
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
        record, delivery = self.overlay.seen_through(("case", key), self._base["case"].get(key))
        case = self.as_read(record)
        if not isinstance(case, Case) or not self._is_in_scope(case):
            self._shown.pop(key, None)
            self.cases.remove(key)
            return
        self._shown[key] = case
        kept = self._base["kind"].get(case.kind or "")
        urgent = is_urgent(kept.limit.measure if isinstance(kept, Kind) else None)
        self.cases.put(case, urgent=urgent, delivery=int(delivery))

    def _is_in_scope(self, case: Case) -> bool:
        """What the platform says of is; what only an act tells of, if its reader took it or their scope has it."""
        if self._reader is None or self.confirmed("case", case.id) is not None:
            return True
        return case.taken_by == self._reader.user or sees(self._reader, case)

    def _tell(self, refs: Iterable[Ref]) -> None:
        listed = list(refs)
        for kind, key in listed:
            self._show(kind, key)
        if listed:
            self.changed.emit(touched(listed))


class Aside:
    """A board with some acts put aside (domain.decide.View)."""

    def __init__(self, board: Board, cmd_ids: Collection[str]) -> None:
        self._board = board
        self._aside = cmd_ids

    def find(self, kind: str, key: str) -> Record | None:
        """The record with what else is pending on top."""
        base = self._board.confirmed(kind, key)
        return self._board.as_read(self._board.overlay.seen_through((kind, key), base, without=self._aside)[0])

    def new_number(self, at: datetime) -> str | None:
        """As the board: None."""
        return self._board.new_number(at)

    def adopters(self, case: str) -> frozenset[str]:
        """As the board."""
        return self._board.adopters(case)


def as_kept(act: Act, delivery: Delivery, *, code: str | None = None, about: str | None = None) -> Act:
    """The act, come further."""
    return replace(act, delivery=delivery, code=code, about=about)
