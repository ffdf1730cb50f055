"""A row of the journal: one command as a person gave it, and what has become of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zlib import crc32

from commandcenter.domain.commands import Command
from commandcenter.domain.people import Person
from commandcenter.protocol.attestation import Attestation
from commandcenter.protocol.codec import Unreadable, decode, encode, read_command

Ref = tuple[str, str]


class RowState(StrEnum):
    """How far a command has come; `held` waits for a person because of what stands before it, or because it is old."""

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
    """In whose place a shift leader gave a command (`person`, as they were then), and which `act` of theirs it was.

    `attested` proves that they gave it; None for what an older program kept, which only they can send.
    """

    person: Person
    act: str
    attested: Attestation | None = None


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One command. `refs` are the records that it names, `bases` their revisions that the person saw, and the
    "epoch" of the log that they are counted in.

    `epoch` is the one in which it was acknowledged, or (waiting for a person, or dropped) known to have no effect.

    `acted_at` is in seconds of a clock that does not jump and has a meaning only while `boot` is the same.
    `seen` is the first of `refs` as the person saw it (JSON; None: it was new, or an older program kept the row).
    `replaces` is the row that it was given in the place of, whoever's that was.
    `attested` proves that its user gave it, first perhaps under another id; None where an older program kept the row.
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
    seen: bytes | None = None
    moved_at: datetime | None = None
    behalf: OnBehalfOf | None = None
    attested: Attestation | None = None

    @property
    def decider(self) -> Person:
        """By whose role and scope it is decided."""
        return self.person if self.behalf is None else self.behalf.person

    @property
    def user(self) -> str:
        """Whose act it is; it leaves only under this user's sign-in."""
        return self.person.user

    @property
    def district(self) -> str:
        """The district that it was meant for."""
        return self.person.scope.district

    def command(self) -> Command | None:
        """The command itself; None when this version does not know it."""
        try:
            return read_command(self.type, self.args)
        except Unreadable:
            return None


def written(row: JournalRow) -> dict[str, Any]:
    """The row as the table has it."""
    given = {
        "cmd_id": row.cmd_id,
        "cseq": row.cseq,
        "user": row.user,
        "district": row.district,
        "person": encode(row.person),
        "type": row.type,
        "args": row.args,
        "refs": " ".join(f"{kind}:{key}" for kind, key in row.refs),
        "bases": encode(row.bases),
        "dep": row.dep,
        "made_at": row.made_at.isoformat(),
        "acted_at": row.acted_at,
        "boot": row.boot,
        "replaces": row.replaces,
        "behalf": None if row.behalf is None else encode(row.behalf),
        "attested": None if row.attested is None else encode(row.attested),
    }
    come = {"state": row.state.value, "code": row.code, "about": row.about, "epoch": row.epoch, "seen": row.seen}
    return given | come | {"proof": _proof(given)}


def read(kept: Any) -> JournalRow:
    """The row that the table has; Unreadable when it is not as it was written."""
    if kept.proof != _proof({name: getattr(kept, name) for name in (*_GIVEN, *_LATER)}):
        raise Unreadable(kept.cmd_id)
    return JournalRow(
        cmd_id=kept.cmd_id,
        cseq=kept.cseq,
        person=decode(kept.person, Person),
        type=kept.type,
        args=kept.args,
        refs=tuple(_ref(text) for text in kept.refs.split()),
        bases=decode(kept.bases, dict[str, int]),
        dep=kept.dep,
        made_at=datetime.fromisoformat(kept.made_at),
        acted_at=kept.acted_at,
        boot=kept.boot,
        state=RowState(kept.state),
        code=kept.code,
        about=kept.about,
        epoch=kept.epoch,
        seq=kept.seq,
        result=kept.result,
        replaces=kept.replaces,
        seen=kept.seen,
        moved_at=datetime.fromisoformat(kept.moved_at) if kept.moved_at else None,
        behalf=None if kept.behalf is None else decode(kept.behalf, OnBehalfOf),
        attested=None if kept.attested is None else decode(kept.attested, Attestation),
    )


_GIVEN = (
    *("cmd_id", "cseq", "user", "district", "person", "type", "args"),
    *("refs", "bases", "dep", "made_at", "acted_at", "boot", "replaces"),
)
_LATER = ("behalf", "attested")


def _proof(given: dict[str, Any]) -> int:
    """crc32 of what never changes in a row; one without what came later is proven as before there was such a thing."""
    later = [given[name] for name in _LATER if given[name] is not None]
    return crc32(repr([given[name] for name in _GIVEN] + later).encode())


def _ref(text: str) -> Ref:
    kind, _, key = text.partition(":")
    return kind, key
