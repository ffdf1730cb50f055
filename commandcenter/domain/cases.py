"""Defines the case: stages, tiers, and all content of its record (never personal data)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from commandcenter.domain.kinds import LimitBasis
from commandcenter.domain.places import Spot
from commandcenter.domain.tasks import SEEN, CaseTask, Objection, TaskKind


class Stage(StrEnum):
    """The stage of a case."""

    RECEIVED = "received"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    REPORTED = "reported"
    CLOSED = "closed"
    MERGED = "merged"
    VOID = "void"


ENDED = frozenset({Stage.CLOSED, Stage.MERGED, Stage.VOID})
RUNNING = frozenset(Stage) - ENDED - {Stage.REPORTED}  # the stages at which the time limit runs
WAITS_FOR_HALL = frozenset({Stage.RECEIVED, Stage.FILED})
WITH_HOLDER = frozenset({Stage.DISPATCHED, Stage.HANDLING})


class Tier(StrEnum):
    """Who settles a case: the grid 网格自治, the street's team 街镇联动, or the district 区级统筹."""

    GRID = "grid"
    STREET = "street"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Superior:
    """An order of a superior authority: its channel, its number, and when the case is due by it."""

    channel: str
    number: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """A holder's application to return the case, waiting for a decision."""

    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LeadObjection:
    """Which body refused the lead of a case, and why."""

    holder: str
    code: Objection
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SentCrew:
    """A crew that was sent to a case, and the unit to which it belongs."""

    crew: str
    unit: str


@dataclass(frozen=True, slots=True)
class OrderRefusal:
    """Which crew is not sent, because its unit refused the order, and since when."""

    crew: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One case; all times are timezone-aware (UTC).

    `id` is a UUIDv7 created where the case was taken in; `number` is None until the platform assigns one. `spot` is
    None without an exact place; `spot_gap` then says why. `petitioner` is the id of a vault entry. `imported_rev` is
    the revision of the last import: a later revision means that this hall has acted on the case. `secret`: the
    petitioner asked for secrecy (see `domain.secrecy`). `taken_by` is the account that took the case in; None for an
    imported case. `basis` is what `due` was counted by when the case was filed, whatever is changed later; None for a
    deadline of another system, and for cases that were filed before this was kept. `crews` are those that were sent to
    it and not released, in the order sent. `queued_as` is its place in its holder's queue, told as the moment at which
    a case in that place would be due; None for the place that its own `due` gives it. `waits_since` is since when
    it is filed and nobody is responsible for it, None while somebody is and where that was not kept. `tasks` are
    its sub-tasks, in the order asked for, without those that were cancelled. `hops` is how often it was given to a
    body, `objection` that of the body that refused the lead last, until there is a lead again. `order_refusal` is the
    last order to a crew that its unit refused, until a crew is sent, or another body or nobody has the case. `urged_at`
    is when the body that is responsible was reminded of it last. `returned_by` is the body that gave it back last; None
    where nobody has, and where that was not kept.
    """

    id: str
    rev: int
    stage: Stage
    tier: Tier
    channel: str
    received_at: datetime
    number: str | None = None
    external: str | None = None
    kind: str | None = None
    text: str = ""
    place: str = ""
    street: str | None = None
    community: str | None = None
    grid: str | None = None
    spot: Spot | None = None
    spot_gap: str | None = None
    petitioner: str | None = None
    secret: bool = False
    superior: Superior | None = None
    responsible: str | None = None
    filed_at: datetime | None = None
    due: datetime | None = None
    green_until: datetime | None = None
    dispatched_at: datetime | None = None
    accepted_at: datetime | None = None
    reported_at: datetime | None = None
    ended_at: datetime | None = None
    finding: str = ""
    application: Application | None = None
    returns: int = 0
    merged_into: str | None = None
    source_hash: str | None = None
    imported_rev: int | None = None
    basis: LimitBasis | None = None
    taken_by: str | None = None
    crews: tuple[SentCrew, ...] = ()
    queued_as: datetime | None = None
    waits_since: datetime | None = None
    tasks: tuple[CaseTask, ...] = ()
    hops: int = 0
    objection: LeadObjection | None = None
    order_refusal: OrderRefusal | None = None
    urged_at: datetime | None = None
    returned_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether the case still needs work; the same as having no `ended_at`, by which tables and columns tell it."""
        return self.stage not in ENDED

    @property
    def helpers(self) -> tuple[str, ...]:
        """The units whose crews were sent to it and the bodies with a sub-task of it, who see it for as long."""
        units = tuple(sent.unit for sent in self.crews)
        return (*units, *(task.holder for task in self.tasks if task.state in SEEN))

    @property
    def open_tasks(self) -> tuple[CaseTask, ...]:
        """The sub-tasks of its co-handlers that are not done; the lead waits for them."""
        return tuple(task for task in self.tasks if task.is_open and task.kind is TaskKind.CO_HANDLING)

    @property
    def is_withheld(self) -> bool:
        """Whether the petitioner's words were removed for this reader: no case is taken in without a text."""
        return self.secret and not self.text
