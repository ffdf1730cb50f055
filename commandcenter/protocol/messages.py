"""The messages of the wire, as both ends read and write them. Times are aware; sequences count within an epoch."""

from datetime import datetime
from typing import Annotated

import msgspec

from commandcenter.protocol.attestation import Attestation
from commandcenter.protocol.codec import FactEnvelope, RecordEnvelope

MOST = 2**53  # of whatever is counted
Counted = Annotated[int, msgspec.Meta(ge=0, le=MOST)]  # what every end can keep and count with
CursorToken = Annotated[str, msgspec.Meta(max_length=400, pattern=r"^[A-Za-z0-9_.-]*$")]  # fit for a header


class Hello(msgspec.Struct, frozen=True):
    """Who the platform is, where its log stands, and what this subscriber may rely on.

    `head` is the last sequence visible to this subscriber, `floor` the oldest that can still be streamed.
    `bases` says at which sequence each epoch began. `seal_key` is the public key (base64) that intake is sealed to.
    `scope_ver` is the user's own: another one means another role or scope. `role`, `scope`, `since` (None:
    from the beginning) and `until` (None: no end is known) say what the user is; a platform that knows no spans leaves
    them out. `keep` says in seconds for how long frames are streamed (`frames_s`), an answer is given again whole
    (`results_s`), it is known whether a command had its effect (`outcomes_s`; left out: as long as `results_s`), and
    how old a backup may be that comes back (`backups_s`).
    """

    proto: int
    district: str
    epoch: Counted
    bases: dict[str, Counted]
    head: Counted
    floor: Counted
    now: datetime
    scope_ver: Counted
    min_client: int
    limits: dict[str, int]
    keep: dict[str, int]
    seal_key: str
    role: str | None = None
    scope: dict[str, str | None] | None = None
    since: datetime | None = None
    until: datetime | None = None


class SnapshotHead(msgspec.Struct, frozen=True):
    """First line of a snapshot: the cursor it stands at and how many records follow.

    `cursor_token` is the platform's word for that place in its log, to be shown in the header Cursor-Token of the next
    hello; a platform that makes none leaves it out, here and below.
    """

    epoch: Counted
    cursor: Counted
    scope_ver: Counted
    n: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    cursor_token: CursorToken | None = None


class SnapshotEnd(msgspec.Struct, frozen=True):
    """Last line: the count again, and the sha256 of all record lines with their line ends."""

    end: bool
    n: int
    sha256: str


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One `put`: what happened, and the records as they are after it; `on_behalf_of`: in whose place `actor` acted.

    `cursor_token`: the platform's word for `seq`.
    """

    seq: Counted
    prev: Counted
    facts: tuple[FactEnvelope, ...]
    records: tuple[RecordEnvelope, ...]
    cmd_id: str
    actor: str
    at: datetime
    on_behalf_of: str | None = None
    cursor_token: CursorToken | None = None


class RecordRef(msgspec.Struct, frozen=True):
    """A record by kind and id."""

    kind: str
    id: str


class Evict(msgspec.Struct, frozen=True):
    """One `evict`: the subscriber may no longer see these records."""

    seq: Counted
    prev: Counted
    records: tuple[RecordRef, ...]
    cursor_token: CursorToken | None = None


class Heartbeat(msgspec.Struct, frozen=True):
    """`hb` every ten seconds: the head visible to this subscriber, the platform's time, once a minute the digest.

    `scope_ver` is the one that the stream is judged by; a platform that knows no spans leaves it out.
    """

    head: Counted
    now: datetime
    digest: str | None = None
    scope_ver: Counted | None = None


class Bye(msgspec.Struct, frozen=True):
    """`bye`: this stream ends; come back after `retry_s` seconds. `code` says why; without, the platform is going."""

    retry_s: float
    code: str | None = None


class ScopeChanged(msgspec.Struct, frozen=True):
    """`scope`: what this subscriber may see has changed as a whole; take a new snapshot."""

    scope_ver: Counted


class CommandEnvelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A command on its way: `bases` are the revisions that the person saw, by "kind:id"; "epoch" says in which log.

    With `withdraw` it is only asked what became of it; one without an answer is refused for good, code withdrawn.
    A shift leader who takes over another's act names them (`on_behalf_of`) and the act (`replaces`), both or neither;
    `attested` proves that they gave it (a platform that attests nothing is sent none).
    """

    cmd_id: str
    cseq: int
    type: str
    args: msgspec.Raw
    made_at: datetime
    bases: dict[str, int] = {}
    dep: str | None = None
    withdraw: bool = False
    on_behalf_of: str | msgspec.UnsetType | None = msgspec.UNSET  # not on the wire at all for a command of one's own
    replaces: str | msgspec.UnsetType | None = msgspec.UNSET
    attested: Attestation | msgspec.UnsetType | None = msgspec.UNSET

    @property
    def adopts(self) -> tuple[str | None, str | None]:
        """Whose act it takes over, and which; (None, None) for a command of one's own."""
        return self.on_behalf_of or None, self.replaces or None

    @property
    def acts(self) -> tuple[str, ...]:
        """The ids of the act that it takes over: the one it had last, and the one under which it was attested."""
        attested = self.attested.act if self.attested else None
        return tuple(dict.fromkeys(act for act in (self.adopts[1], attested) if act is not None))


class CommandBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At most a hundred commands of one console, in its order."""

    epoch: int
    console_id: str
    commands: tuple[CommandEnvelope, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one command: status applied, conflict, refused, wrong_epoch or retry.

    `code` and `about` say why not; a conflict shows the record as it is (`current`) and what happened `since` the base.
    Refused as `already_done`: `about` is the command that had the effect, `seq` where. `cursor_token`: the platform's
    word for `seq`, with the last of a batch that had an effect.
    """

    cmd_id: str
    status: str
    seq: Counted | None = None
    revs: dict[str, int] = {}
    code: str | None = None
    about: str | None = None
    current: RecordEnvelope | None = None
    since: tuple[FactEnvelope, ...] = ()
    cursor_token: CursorToken | None = None


class Results(msgspec.Struct, frozen=True):
    """The answer to a batch, in its order; it may be shorter when it stopped at a retry."""

    results: tuple[Result, ...]


class SignInRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name and password of an account."""

    user: str
    password: str


class RefreshRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The refresh token that buys the next pair."""

    refresh: str


class SignOutAnswer(msgspec.Struct, frozen=True):
    """The sign-in of the refresh token has ended, if there was one."""

    ended: bool = True


class TokenPair(msgspec.Struct, frozen=True):
    """The pair of tokens, and who is signed in; `expires_in` is the access token's life in seconds.

    `attest` is the key (base64) by which the console attests what this user does, to be kept in memory only; a platform
    that takes acts over unproven leaves it out.
    """

    access: str
    refresh: str
    expires_in: int
    user: str
    role: str
    scope: dict[str, str | None]
    attest: str | None = None


class Count(msgspec.Struct, frozen=True):
    """One row of a figure."""

    id: str
    name: str
    count: int


class Summary(msgspec.Struct, frozen=True):
    """Cases received in a period, counted by what they are (merged and void ones included)."""

    total: int
    tier: dict[str, int]
    stage: dict[str, int]
    channel: tuple[Count, ...]
    kind: tuple[Count, ...]
    street: tuple[Count, ...]
    responsible: tuple[Count, ...]


class SeatDay(msgspec.Struct, frozen=True):
    """What a unit, a department or a grid team did in a period, by the log: a case given back since counts as well.

    `wait` is the median of seconds from dispatch to acceptance, None while nothing was accepted; `on_time` counts the
    reports that came before the case was due, or of one without a limit.
    """

    accepted: int
    wait: float | None
    reported: int
    on_time: int


class CasePage(msgspec.Struct, frozen=True):
    """A page of cases; `next` is the cursor of the following page, None at the end."""

    items: tuple[msgspec.Raw, ...]
    total: int
    next: str | None


class Adoption(msgspec.Struct, frozen=True, kw_only=True):
    """What `leader` did in the place of `owner`: `act` is the owner's, `cmd_id` the leader's command in its place.

    `outcome` is a status, or the code of a refusal: attempts stand here too. `given_at` is when the act was given.
    """

    at: datetime
    leader: str
    owner: str
    act: str
    cmd_id: str
    type: str
    record: str
    given_at: datetime
    outcome: str


class AdoptionPage(msgspec.Struct, frozen=True):
    """A page of adoptions, the newest first; `next` is the cursor of the following page, None at the end."""

    items: tuple[Adoption, ...]
    next: str | None


class History(msgspec.Struct, frozen=True):
    """All facts about one case, oldest first."""

    facts: tuple[FactEnvelope, ...]
