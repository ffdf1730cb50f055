"""Turns log entries into the frames of a subscriber, as bytes shared by all who may see the same."""

from dataclasses import dataclass, field, replace
from typing import cast

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Person, Scope
from commandcenter.domain.secrecy import may_read, withheld
from commandcenter.protocol.codec import envelope_bytes, read_record, record_bytes
from commandcenter.protocol.events import EVICT, PUT, RecordRef, evict_end, frame_data, put_end
from commandcenter.server.storage.cursor_tokens import Issuer
from commandcenter.server.storage.event_log import LogEntry, RecordChange
from commandcenter.server.storage.scope import sees
from commandcenter.server.storage.secrecy import is_secret, withheld_stored_facts

_Key = tuple[str, tuple[int, ...], tuple[int, ...], int]  # event, parts sent, those of them withheld, epoch


@dataclass(slots=True)
class StreamEntry:
    """A log entry to be streamed; the long end of each frame is encoded once (`_ends`) for all who read it alike.

    `_secret` holds, by index of the part, the cases whose petitioners asked for secrecy; None where the after-image was
    dropped.
    """

    entry: LogEntry
    _secret: dict[int, Case | None] = field(init=False)
    _ends: dict[_Key, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._secret = {
            at: _case(part) for at, part in enumerate(self.entry.parts) if is_secret(part.after or part.facts)
        }

    @property
    def size(self) -> int:
        """The approximate size of its records in bytes."""
        return sum(len(part.facts) + len(part.after or b"") for part in self.entry.parts)

    def frame(self, person: Person, prev: int, issuer: Issuer) -> tuple[str, bytes] | None:
        """Returns (`put` or `evict`, the JSON data) for `person`; None when they may see none of it.

        `prev` is the last sequence that the stream sent; `issuer` makes the cursor token. A command changes one record,
        or reference records that everybody sees, so a frame is either all `put` or all `evict`.
        """
        event, parts = _told(self.entry.parts, person.scope)
        if not parts:
            return None
        hidden = tuple(at for at in parts if at in self._secret and not _reads(person, self._secret[at]))
        key = (event, parts, hidden, issuer.epoch)
        end = self._ends.get(key)
        if end is None:
            chosen = [self._withheld(at) if at in hidden else self.entry.parts[at] for at in parts]
            token = issuer.token(self.entry.seq, self.entry.cmd_id, self.entry.at)
            end = _put(self.entry, chosen, token) if event == PUT else _evict(chosen, token)
            self._ends[key] = end
        return event, frame_data(self.entry.seq, prev, end)

    def _withheld(self, at: int) -> RecordChange:
        part, case = self.entry.parts[at], self._secret[at]
        after = None if case is None else record_bytes(withheld(case))
        return replace(part, facts=withheld_stored_facts(part.facts), after=after)


def _case(part: RecordChange) -> Case | None:
    return None if part.after is None else cast(Case, read_record("case", part.after))


def _reads(person: Person, case: Case | None) -> bool:
    return case is not None and may_read(person, case)


def _told(parts: tuple[RecordChange, ...], scope: Scope) -> tuple[str, tuple[int, ...]]:
    now = tuple(at for at, part in enumerate(parts) if sees(scope, part.kind, part.now))
    if now:
        return PUT, now
    return EVICT, tuple(at for at, part in enumerate(parts) if sees(scope, part.kind, part.was))


def _put(entry: LogEntry, parts: list[RecordChange], token: str) -> bytes:
    facts = b",".join(part.facts[1:-1] for part in parts if len(part.facts) > 2)
    records = b",".join(envelope_bytes(part.kind, part.after or b"null") for part in parts)
    return put_end(
        facts,
        records,
        cmd_id=entry.cmd_id,
        actor=entry.actor,
        at=entry.at,
        on_behalf_of=entry.on_behalf_of,
        cursor_token=token,
    )


def _evict(parts: list[RecordChange], token: str) -> bytes:
    return evict_end((RecordRef(part.kind, part.id) for part in parts), token)
