"""Defines a row of the journal: one command as a person gave it, with its delivery state."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zlib import crc32

import msgspec

from commandcenter.domain.commands import Command
from commandcenter.domain.people import Person
from commandcenter.domain.records import Record, Ref, read_ref, ref_text
from commandcenter.protocol.attestation import Attestation
from commandcenter.protocol.codec import Unreadable, decode, encode, read_command, read_record


class RowState(StrEnum):
    """Delivery state of a command; HELD waits for a person's decision, and the row's `code` says why."""

    KEPT = "kept"
    SENT = "sent"
    DONE = "done"
    CONFLICT = "conflict"
    REFUSED = "refused"
    HELD = "held"
    DROPPED = "dropped"


OPEN = frozenset({RowState.KEPT, RowState.SENT, RowState.CONFLICT, RowState.REFUSED, RowState.HELD})
ENDED = frozenset({RowState.DONE, RowState.DROPPED})
WAITING = frozenset({RowState.CONFLICT, RowState.REFUSED, RowState.HELD})


@dataclass(frozen=True, slots=True)
class OnBehalfOf:
    """The adoption behind a command: a shift leader gave it in place of `act`, an act of `person`.

    `person` has the role and scope of the time of the original act. `attested` proves that `person` gave the act; None
    when an older version of the program stored it. A platform that requires attestations then accepts the act only from
    `person`.
    """

    person: Person
    act: str
    attested: Attestation | None = None


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One command with its delivery state.

    `cseq` is its position in this console's order. `refs` are (kind, id) of the records it names. `bases` maps
    "kind:id" to the revision that the person saw, and "epoch" to the epoch of the log that these revisions belong to.

    `epoch` is the epoch in which the platform acknowledged the command, or, for one that waits for a person or was
    dropped, in which it is known to have had no effect.

    `acted_at` is in seconds of a monotonic clock and is meaningful only within the same `boot`. `seen` maps "kind:id"
    to the record as the person saw it (JSON): those of `refs` that were there, in a row of an older version at most the
    first. `replaces` is the id of the command that this one was given in place of, the person's own or another's.
    `attested` proves that `user` gave the command, possibly first under another id; None when an older version of the
    program wrote the row.
    """

    cmd_id: str
    cseq: int
    person: Person
    type: str
    args: bytes
    refs: tuple[Ref, ...]
    bases: dict[str, int]
    dep: str | None
    made_at: datetime
    acted_at: float
    boot: str
    state: RowState = RowState.KEPT
    code: str | None = None
    about: str | None = None
    epoch: int | None = None
    seq: int | None = None
    result: bytes | None = None
    replaces: str | None = None
    seen: dict[str, bytes] = field(default_factory=dict)
    moved_at: datetime | None = None
    behalf: OnBehalfOf | None = None
    attested: Attestation | None = None

    @property
    def decider(self) -> Person:
        """The person by whose role and scope it is decided: the owner of an adopted act, otherwise its author."""
        return self.person if self.behalf is None else self.behalf.person

    @property
    def user(self) -> str:
        """The account that the command belongs to; it is sent only under this account's sign-in."""
        return self.person.user

    @property
    def district(self) -> str:
        """The district the command is meant for."""
        return self.person.scope.district

    def command(self) -> Command | None:
        """Returns the decoded command; None when this version of the program cannot read it."""
        try:
            return read_command(self.type, self.args)
        except Unreadable:
            return None

    def seen_record(self, ref: Ref) -> Record | None:
        """Returns `ref` as the person saw it; None when that was not kept or this version cannot read it."""
        kept = self.seen.get(ref_text(*ref))
        try:
            return None if kept is None else read_record(ref[0], kept)
        except Unreadable:
            return None


def row_columns(row: JournalRow) -> dict[str, Any]:
    """Returns the column values of `row` for the journal table, except those that only `Journal.move` sets."""
    given = {name: getattr(row, name) for name in (*_AS_THEY_ARE, "user", "district")} | {
        "person": encode(row.person),
        "refs": " ".join(ref_text(*ref) for ref in row.refs),
        "bases": encode(row.bases),
        "made_at": row.made_at.isoformat(),
        "behalf": None if row.behalf is None else encode(row.behalf),
        "attested": None if row.attested is None else encode(row.attested),
    }
    come = {"state": row.state.value, "code": row.code, "about": row.about, "epoch": row.epoch}
    return given | come | {"seen": _seen_column(row), "proof": _proof(given)}


def row_from_columns(kept: Any) -> JournalRow:
    """Returns the row stored in the table. Raises Unreadable when its checksum does not match."""
    if kept.proof != _proof({name: getattr(kept, name) for name in (*_GIVEN, *_LATER)}):
        raise Unreadable(kept.cmd_id)
    return JournalRow(
        **{name: getattr(kept, name) for name in (*_AS_THEY_ARE, "code", "about", "epoch", "seq", "result")},
        person=decode(kept.person, Person),
        refs=tuple(read_ref(text) for text in kept.refs.split()),
        bases=decode(kept.bases, dict[str, int]),
        made_at=datetime.fromisoformat(kept.made_at),
        state=RowState(kept.state),
        seen=_seen_from_column(kept.seen, kept.refs.split()),
        moved_at=datetime.fromisoformat(kept.moved_at) if kept.moved_at else None,
        behalf=None if kept.behalf is None else decode(kept.behalf, OnBehalfOf),
        attested=None if kept.attested is None else decode(kept.attested, Attestation),
    )


def _seen_column(row: JournalRow) -> bytes | None:
    """Returns the first record alone, as older versions kept it, or a list by `refs` when others were seen too."""
    first, *others = (row.seen.get(ref_text(*ref)) for ref in row.refs)
    return b"[%b]" % b",".join(kept or b"null" for kept in (first, *others)) if any(others) else first


def _seen_from_column(kept: bytes | None, refs: list[str]) -> dict[str, bytes]:
    if kept is None or not kept.startswith(b"["):
        return {} if kept is None else {refs[0]: kept}
    try:
        found = zip(refs, map(bytes, decode(kept, list[msgspec.Raw])), strict=False)
    except Unreadable:
        return {}
    return {ref: record for ref, record in found if record != b"null"}


_GIVEN = (
    *("cmd_id", "cseq", "user", "district", "person", "type", "args"),
    *("refs", "bases", "dep", "made_at", "acted_at", "boot", "replaces"),
)
_LATER = ("behalf", "attested")
_AS_THEY_ARE = ("cmd_id", "cseq", "type", "args", "dep", "acted_at", "boot", "replaces")  # the same in row and table


def _proof(given: dict[str, Any]) -> int:
    """Returns the crc32 of the columns that never change.

    Columns added by later versions count only when they are set, so that older rows keep their checksum.
    """
    later = [given[name] for name in _LATER if given[name] is not None]
    return crc32(repr([given[name] for name in _GIVEN] + later).encode())
