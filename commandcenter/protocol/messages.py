"""Defines the messages between console and platform. Times are timezone-aware; sequences count within an epoch."""

from datetime import datetime
from typing import Annotated

import msgspec

from commandcenter.protocol.attestation import Attestation
from commandcenter.protocol.codec import FactEnvelope, RecordEnvelope
from commandcenter.protocol.limits import CURSOR_TOKEN_MOST, NUMBER_MOST

Counted = Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MOST)]  # what both sides can store and count with
CursorToken = Annotated[str, msgspec.Meta(max_length=CURSOR_TOKEN_MOST, pattern=r"^[A-Za-z0-9_.-]*$")]


class Hello(msgspec.Struct, frozen=True):
    """The platform's identity, the state of its event log, and what this subscriber may rely on.

    `head` is the last sequence visible to this subscriber, `floor` the oldest that can still be streamed. `bases` maps
    each epoch to the sequence at which it began. `seal_key` is the public key (base64) to which petitioners' data is
    sealed. `scope_ver` changes whenever the user's role or scope does. `role`, `scope`, `since` (None: from the
    beginning) and `until` (None: no end is known) describe the user's present role; a platform without time-limited
    roles leaves them out. `own_grid` is the basic grid of a grid leader's team, whose cases they see as well. `keep`
    says, in seconds, how long frames can be streamed (`frames_s`), how long the full answer to a command is repeated
    (`results_s`), how long it is known whether a command had its effect (`outcomes_s`; if missing, as long as
    `results_s`), and how old a backup may be that is restored (`backups_s`).
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
    own_grid: str | None = None


class CommandEnvelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A command as it is sent. `bases` maps "kind:id" to the revision that the author saw; "epoch" says in which log.

    `dep` is the id of an earlier command without which it must not be executed. With `withdraw` the platform only says
    what became of the command; if it has no answer yet, it is refused for good with the code withdrawn. A shift leader
    who adopts another person's act names the person (`on_behalf_of`) and the act (`replaces`), both or neither;
    `attested` proves that the person gave it (left out when the platform issued no key to attest with).
    """

    cmd_id: str
    cseq: int
    type: str
    args: msgspec.Raw
    made_at: datetime
    bases: dict[str, int] = {}
    dep: str | None = None
    withdraw: bool = False
    on_behalf_of: str | msgspec.UnsetType | None = msgspec.UNSET  # left out of the JSON for a command of one's own
    replaces: str | msgspec.UnsetType | None = msgspec.UNSET
    attested: Attestation | msgspec.UnsetType | None = msgspec.UNSET

    @property
    def adopts(self) -> tuple[str | None, str | None]:
        """The adopted act as (its owner, its id); (None, None) for a command of one's own."""
        return self.on_behalf_of or None, self.replaces or None

    @property
    def given_at(self) -> datetime:
        """When it was given: an adopted act, by its owner."""
        return self.attested.made_at if self.attested else self.made_at

    @property
    def acts(self) -> tuple[str, ...]:
        """The ids of the adopted act: its last one, and the one under which it was attested."""
        attested = self.attested.act if self.attested else None
        return tuple(dict.fromkeys(act for act in (self.adopts[1], attested) if act is not None))


class CommandBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At most a hundred commands of one console, in its order."""

    epoch: int
    console_id: str
    commands: tuple[CommandEnvelope, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one command: status applied, conflict, refused, wrong_epoch or retry.

    `seq` is the log entry of its effect, `revs` the revisions it made. `code` and `about` give the reason of any other
    status; a conflict carries the record as it is (`current`) and the facts `since` the base revision. When a command
    is refused as `already_done`, `about` is the command that had the effect, and `seq` its log entry. `cursor_token`
    identifies the position `seq`; only the last command of a batch that had an effect carries it.
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
    """The results of a batch, in its order; fewer than its commands when it stopped at a retry."""

    results: tuple[Result, ...]


class SignInRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Name and password of an account."""

    user: str
    password: str


class RefreshRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The refresh token to exchange for the next token pair."""

    refresh: str


class SignOutAnswer(msgspec.Struct, frozen=True):
    """The sign-in of the refresh token has ended, if there was one."""

    ended: bool = True


class TokenPair(msgspec.Struct, frozen=True):
    """Access token and refresh token, and who is signed in; `expires_in` is the access token's lifetime in seconds.

    `attest` is the key (base64) by which the console attests this user's acts; it must be kept in memory only. A
    platform that accepts adoptions without proof leaves it out. `own_grid`: see Hello.
    """

    access: str
    refresh: str
    expires_in: int
    user: str
    role: str
    scope: dict[str, str | None]
    attest: str | None = None
    own_grid: str | None = None


class Count(msgspec.Struct, frozen=True):
    """One row of a figure: an id with its name, and how many cases have it."""

    id: str
    name: str
    count: int


class Summary(msgspec.Struct, frozen=True):
    """What happened in a period to the cases that a seat sees.

    `total` are the cases received in it, merged and void ones included; `channel`, `kind` and `street` count them by
    what they are, `tier` and `responsible` by whose they are now. `stage` counts how often a case came to it by an act
    in the period: filed, dispatched, accepted (`handling`), reported, closed; one reopened or given back counts
    each time, what another system did (also merged and void) does not. `received` is the same as `total`. `refused`
    counts in the same way the orders, leads and sub-tasks that were refused and the returns that were applied for; None
    from a platform that does not count them.
    """

    total: int
    tier: dict[str, int]
    stage: dict[str, int]
    channel: tuple[Count, ...]
    kind: tuple[Count, ...]
    street: tuple[Count, ...]
    responsible: tuple[Count, ...]
    refused: int | None = None


class SeatDay(msgspec.Struct, frozen=True):
    """What a unit, a department or a grid team did in a period, according to the event log.

    A case that was given back since still counts. `wait` is the median time from dispatch to acceptance in seconds,
    None when nothing was accepted; `on_time` counts the reports made before the case was due or without a time limit,
    `returned` the applications for a return. `worked` are the working seconds of its cases and sub-tasks that ended
    there with a step: the time that it carried.
    """

    accepted: int
    wait: float | None
    reported: int
    on_time: int
    worked: float = 0.0
    returned: int = 0


class CasePage(msgspec.Struct, frozen=True):
    """A page of cases; `next` is the cursor of the following page, None at the end."""

    items: tuple[msgspec.Raw, ...]
    total: int
    next: str | None


class Adoption(msgspec.Struct, frozen=True, kw_only=True):
    """An act that `leader` took over from `owner`, or tried to: `act` is the owner's, `cmd_id` the leader's command.

    `outcome` is the command's status, or the code of the refusal. `given_at` is when the act was originally given.
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
    """A page of adoptions, newest first; `next` is the cursor of the following page, None at the end."""

    items: tuple[Adoption, ...]
    next: str | None


class History(msgspec.Struct, frozen=True):
    """All facts about one case, oldest first."""

    facts: tuple[FactEnvelope, ...]
