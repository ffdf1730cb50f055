"""The board: every live record that the seat may see, as the platform confirmed it and as it is displayed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from commandcenter.domain.calendar import COUNTED_BY, Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Person
from commandcenter.domain.records import KIND_OF, KINDS, Record, Ref, ref_of
from commandcenter.domain.secrecy import readable_by, withheld
from commandcenter.domain.visibility import sees
from commandcenter.store.columns import CaseColumns, RecordColumns
from commandcenter.store.fetched import ASKING, UNKNOWN, FetchedRecords
from commandcenter.store.overlay import Act, Delivery, Overlay
from commandcenter.store.signal import Signal
from commandcenter.store.touched import Touched


class Board:
    """The records in memory, read by the screens and written by `sync` alone.

    `changed` emits one Touched per write. What was `fetched` is found by its id; it is in no list, column or count
    unless a pending act opens it again.
    """

    def __init__(self) -> None:
        self.changed: Signal[Touched] = Signal()
        self.overlay = Overlay()
        self.fetched = FetchedRecords(self.overlay)
        self._base: defaultdict[str, dict[str, Record]] = defaultdict(dict)
        self._shown: defaultdict[str, dict[str, Record]] = defaultdict(dict)
        self._beside: dict[Ref, Record] = {}  # fetched ones as displayed, while they are in no list
        self.columns = {name: RecordColumns(kind) for name, kind in KINDS.items() if kind.codes or kind.times}
        self.cases = CaseColumns(self._shown[KIND_OF[Kind].name])
        self.columns[KIND_OF[Case].name] = self.cases
        self._adopters: dict[Ref, frozenset[str]] = {}
        self._reader: Person | None = None  # the signed-in person; None: nobody is signed in

    def set_reader(self, person: Person | None) -> None:
        """Sets who reads the board (None: nobody); secret cases are displayed again as that person may read them.

        A case that only an act of a former user tells of is shown to whoever has it in their scope.
        """
        self._reader = person
        secret = [("case", case.id) for case in self.all("case") if isinstance(case, Case) and case.secret]
        self._tell({*secret, *self.fetched.refs, *(ref for ref in self.overlay.refs if self.confirmed(*ref) is None)})

    def find(self, kind: str, key: str) -> Record | None:
        """Returns the record as displayed, with pending acts applied, or None."""
        return self._shown[kind].get(key) or self._beside.get((kind, key))

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
        return self._base[kind].get(key) or self.fetched.get((kind, key))

    def all(self, kind: str) -> Iterator[Record]:
        """Returns an iterator over the records of `kind` as displayed, without those that were only fetched."""
        return iter(self._shown[kind].values())

    def former(self, ref: Ref, rev: int) -> None:
        """Returns None: only the platform keeps former revisions (part of domain.decisions.View)."""

    def new_number(self, at: datetime) -> str | None:
        """Returns None: only the platform assigns case numbers (part of domain.decisions.View)."""
        return None

    def adopters(self, ref: Ref) -> frozenset[str]:
        """Returns the users known here to have acted on the record for another (part of domain.decisions.View)."""
        return self._adopters.get(ref, frozenset()) | self.overlay.adopters(ref)

    def adopted(self, ref: Ref, user: str) -> None:
        """Records that `user` acted on the record `ref` for another person."""
        self._adopters[ref] = self._adopters.get(ref, frozenset()) | {user}

    def delivery(self, kind: str, key: str) -> Delivery:
        """Returns the least advanced delivery state of the acts on this record; DONE without any."""
        return self.overlay.applied_to((kind, key), self.confirmed(kind, key))[1]

    def replace(self, records: Iterable[Record]) -> None:
        """Replaces all records, by those of the mirror or a snapshot; pending acts stay on top."""
        for kept in (*self._base.values(), *self._shown.values()):
            kept.clear()
        self._beside.clear()
        self.fetched.clear()
        for columns in self.columns.values():
            columns.clear()
        self._show(dict.fromkeys([*self._put(records), *self.overlay.refs]))
        self.changed.emit(Touched(everything=True))

    def apply(self, records: Iterable[Record], evicted: Iterable[Ref] = (), *, done: Iterable[str] = ()) -> None:
        """Applies what one or more frames say: changed records, evicted refs, and the ids of the commands now done."""
        refs: set[Ref] = set()
        for cmd_id in done:
            refs |= self.overlay.lift(cmd_id)
        for kind, key in evicted:
            self._base[kind].pop(key, None)
            self.fetched.miss((kind, key), UNKNOWN)
            refs.add((kind, key))
        self._tell(refs.union(self._put(records)))

    def watch(self, ref: Ref | None) -> None:
        """Keeps what is or will be fetched of `ref` from now on; somebody looks at it, and no longer at another."""
        self.fetched.watched, self.fetched.why_missing = ref, ASKING
        self._tell(self.fetched.let_go())

    def fetch(self, record: Record, *, is_doubtful: bool = False) -> None:
        """Adds a record that the platform was asked for, unless the board has it anyway.

        `is_doubtful`: it is only what somebody saw when they acted on it.
        """
        ref = kind, key = ref_of(record)
        if key not in self._base[kind]:
            self.fetched.put(record, is_doubtful=is_doubtful)
            self._tell({ref} | self.fetched.let_go())

    def miss(self, ref: Ref, why: str) -> None:
        """Shows why a record could not be fetched: one of fetched.ASKING, UNKNOWN, or the code of a fault."""
        self.fetched.miss(ref, why)
        self._tell({ref})

    def retire(self, refs: Iterable[Ref]) -> None:
        """Removes records that left the board by age; one that somebody looks at or an act names stays fetched."""
        gone = {(kind, key): self._base[kind].pop(key) for kind, key in refs if key in self._base[kind]}
        for record in gone.values():
            self.fetched.put(record)
        self._tell(gone.keys() | self.fetched.let_go())

    def pend(self, act: Act) -> None:
        """Displays an act that is kept, sent, or needs a decision."""
        self._tell(self.overlay.put(act))

    def hide_act(self, cmd_id: str) -> None:
        """Removes an act from the display."""
        self._tell(self.overlay.lift(cmd_id))

    def _put(self, records: Iterable[Record]) -> list[Ref]:
        told = {ref_of(record): record for record in records}
        for (kind, key), record in told.items():
            self._base[kind][key] = record
            self.fetched.drop((kind, key))
        return list(told)

    def _show(self, refs: Iterable[Ref]) -> None:
        """Displays the records anew, each of `refs` once, and writes their columns."""
        rows: defaultdict[str, list[tuple[Record, Delivery]]] = defaultdict(list)
        for ref in refs:
            self._beside.pop(ref, None)
            record, delivery = self._listed(ref)
            if record is None:
                self._unlist(ref)
            else:
                self._shown[ref[0]][ref[1]] = record
                rows[ref[0]].append((record, delivery))
        for kind in rows.keys() & self.columns.keys():
            self.columns[kind].put(*zip(*rows[kind], strict=True))
        calendar = self.find("calendar", COUNTED_BY)
        self.cases.count_by(calendar if isinstance(calendar, Calendar) else None)

    def _listed(self, ref: Ref) -> tuple[Record | None, Delivery]:
        """Returns the record as it stands in the lists (None: in none), and the delivery state of the acts on it."""
        base = self._base[ref[0]].get(ref[1])
        if base is None:
            return self._listed_apart(ref)
        record, delivery = self.overlay.applied_to(ref, base)
        return self.as_read(record), delivery

    def _listed_apart(self, ref: Ref) -> tuple[Record | None, Delivery]:
        """The same for a record that is not live: known by what was fetched, or only by acts; perhaps in no list."""
        base = self.fetched.get(ref)
        record, delivery = self.overlay.applied_to(ref, base)
        shown = self.as_read(record)
        if shown is not None and not self._is_in_scope(shown, is_own=base is None):
            shown = None
        if base is None or (isinstance(shown, Case) and shown.is_open):
            return shown, delivery
        if shown is not None:
            self._beside[ref] = shown
        return None, delivery

    def _unlist(self, ref: Ref) -> None:
        (kind, key), columns = ref, self.columns.get(ref[0])
        self._shown[kind].pop(key, None)
        if columns is not None:
            columns.remove(key)

    def _is_in_scope(self, record: Record, *, is_own: bool) -> bool:
        """Returns whether the reader may see the record; with `is_own`, only acts tell of it: also who takes it in."""
        if self._reader is None or not isinstance(record, Case):
            return True
        return (is_own and record.taken_by == self._reader.user) or sees(self._reader, record)

    def _tell(self, refs: Iterable[Ref]) -> None:
        touched = Touched(frozenset(refs))
        if touched.refs:
            self._show(touched.refs)
            self.changed.emit(touched)


class BoardWithout:
    """A view of a board that leaves out some acts (implements domain.decisions.View)."""

    def __init__(self, board: Board, cmd_ids: Collection[str]) -> None:
        self._board = board
        self._aside = cmd_ids

    def find(self, kind: str, key: str) -> Record | None:
        """Returns the record with the other pending acts applied, as the signed-in person may read it."""
        base = self._board.confirmed(kind, key)
        return self._board.as_read(self._board.overlay.applied_to((kind, key), base, without=self._aside)[0])

    def former(self, ref: Ref, rev: int) -> None:
        """Returns None, as the board does."""

    def new_number(self, at: datetime) -> str | None:
        """Returns None, as the board does."""
        return self._board.new_number(at)

    def adopters(self, ref: Ref) -> frozenset[str]:
        """Returns the same users as the board; the acts left out count too."""
        return self._board.adopters(ref)
