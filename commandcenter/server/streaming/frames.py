"""Turns log entries into the frames of a subscriber, as bytes shared by all who may see the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import cast

import msgspec

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Person
from commandcenter.domain.records import KINDS
from commandcenter.domain.secrecy import may_read, withheld
from commandcenter.domain.visibility import Tokens, tokens_of
from commandcenter.protocol.codec import decode, envelope_bytes, read_record, record_bytes
from commandcenter.protocol.events import EVICT, PUT, RecordRef, evict_end, frame_data, put_end
from commandcenter.server.storage.cursor_tokens import Issuer
from commandcenter.server.storage.event_log import LogEntry, RecordChange
from commandcenter.server.storage.secrecy import is_secret, withheld_stored_facts

_Key = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int]  # parts put, evicted and put withheld; epoch


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
            at: _case(part)
            for at, part in enumerate(self.entry.parts)
            if KINDS[part.kind].may_be_secret and is_secret(part.after or part.facts)
        }

    @property
    def size(self) -> int:
        """The approximate size of its records in bytes."""
        return sum(len(part.facts) + len(part.after or b"") for part in self.entry.parts)

    def frame(self, person: Person, prev: int, issuer: Issuer) -> tuple[str, bytes] | None:
        """Returns (`put` or `evict`, the JSON data) for `person`; None when they may see none of it.

        `prev` is the last sequence that the stream sent; `issuer` makes the cursor token.
        """
        put, evicted = _seen(self.entry.parts, tokens_of(person))
        if not (put or evicted):
            return None
        hidden = tuple(at for at in put if at in self._secret and not _reads(person, self._secret[at]))
        key = (put, evicted, hidden, issuer.epoch)
        end = self._ends.get(key)
        if end is None:
            end = self._ends[key] = self._end(key, issuer.token(self.entry.seq, self.entry.cmd_id, self.entry.at))
        return PUT if put else EVICT, frame_data(self.entry.seq, prev, end)

    def _end(self, key: _Key, token: str) -> bytes:
        put, evicted, hidden, _ = key
        gone = tuple(RecordRef(part.kind, part.id) for part in (self.entry.parts[at] for at in evicted))
        if not put:
            return evict_end(gone, token)
        parts = [self._withheld(at) if at in hidden else self.entry.parts[at] for at in put]
        return _put(self.entry, parts, gone, token)

    def _withheld(self, at: int) -> RecordChange:
        part, case = self.entry.parts[at], self._secret[at]
        after = None if case is None else record_bytes(withheld(case))
        return replace(part, facts=withheld_stored_facts(part.facts), after=after)


def _case(part: RecordChange) -> Case | None:
    return None if part.after is None else cast(Case, read_record("case", part.after))


def _reads(person: Person, case: Case | None) -> bool:
    return case is not None and may_read(person, case)


def _seen(parts: tuple[RecordChange, ...], tokens: Tokens) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Returns the indexes of the parts that a seat with `tokens` sees now, and of those that it only saw before."""
    now = tuple(at for at, part in enumerate(parts) if tokens & part.now)
    return now, tuple(at for at, part in enumerate(parts) if at not in now and tokens & part.was)


def _put(entry: LogEntry, parts: list[RecordChange], evicted: tuple[RecordRef, ...], token: str) -> bytes:
    records = b",".join(envelope_bytes(part.kind, part.after or b"null") for part in parts)
    return put_end(
        b",".join(_facts(parts)),
        records,
        cmd_id=entry.cmd_id,
        actor=entry.actor,
        at=entry.at,
        on_behalf_of=entry.on_behalf_of,
        cursor_token=token,
        evicted=evicted,
    )


def _facts(parts: list[RecordChange]) -> Iterable[bytes]:
    """Returns the facts of the parts; a fact about several records stands in the part of each and is told once."""
    if len(parts) == 1:
        return [parts[0].facts[1:-1]]
    return dict.fromkeys(bytes(fact) for part in parts for fact in decode(part.facts, list[msgspec.Raw]))
