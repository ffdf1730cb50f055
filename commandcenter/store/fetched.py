"""Cases that left the board when they had ended, as the platform was asked for them one by one."""

from commandcenter.domain.records import Record, Ref, ref_of
from commandcenter.store.overlay import Overlay

ASKING, UNKNOWN = "asking", "unknown_case"  # why a case is missing: it is being asked for; none is there to be seen


class FetchedRecords:
    """Each is kept while somebody looks at it (`watched`) or a pending act names it, and until the next is put.

    `why_missing` says why what is watched is not here, if it is not: ASKING, UNKNOWN, or the code of a fault.
    `doubtful` are those of which frames may have been missed: they stand as whoever acted on them saw them.
    """

    def __init__(self, overlay: Overlay) -> None:
        self.watched: Ref | None = None
        self.why_missing = ASKING
        self.doubtful: set[Ref] = set()
        self._overlay = overlay
        self._records: dict[Ref, Record] = {}

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The records that are kept."""
        return tuple(self._records)

    def get(self, ref: Ref) -> Record | None:
        """Returns the record as it was fetched, or None."""
        return self._records.get(ref)

    def put(self, record: Record, *, is_doubtful: bool = False) -> None:
        """Adds or replaces a record."""
        ref = ref_of(record)
        self._records[ref] = record
        (self.doubtful.add if is_doubtful else self.doubtful.discard)(ref)

    def drop(self, ref: Ref) -> None:
        """Removes a record that is on the board again, or that may not be seen any more."""
        self._records.pop(ref, None)
        self.doubtful.discard(ref)

    def miss(self, ref: Ref, why: str) -> None:
        """Notes why a record could not be fetched; one that is UNKNOWN is removed."""
        if why == UNKNOWN:
            self.drop(ref)
        if ref == self.watched:
            self.why_missing = why

    def let_go(self) -> set[Ref]:
        """Removes, and returns the refs of, all records that nobody looks at and no pending act names."""
        gone = {ref for ref in self._records if ref != self.watched and not self._overlay.names(ref)}
        for ref in gone:
            self.drop(ref)
        return gone

    def clear(self) -> None:
        """Removes all records; what is watched has to be asked for again."""
        self._records.clear()
        self.doubtful.clear()
        self.why_missing = ASKING
