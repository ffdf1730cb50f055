"""What a recommendation of units and crews is made from, and the reasons that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from commandcenter.domain.places import Spot
from commandcenter.domain.teams import CrewStatus


class Reason(StrEnum):
    """Why a proposal is good, or why it is not."""

    NEAREST = "nearest"
    NEAREST_HERE = "nearest_here"  # of its street; a crew of another one is nearer
    NEAR = "near"
    COVERS = "covers"
    LEAST_LOADED = "least_loaded"
    RESTED = "rested"
    RETURNING = "returning"
    NOT_COVERING = "not_covering"
    FAR = "far"
    RETURNED = "returned"
    REFUSED = "refused"
    BUSY = "busy"
    LOADED = "loaded"
    OTHER_STREET = "other_street"
    POSITION_OLD = "position_old"
    NO_POSITION = "no_position"
    ON_REQUEST = "on_request"
    SHIFT_ENDS = "shift_ends"
    OFF_ROSTER = "off_roster"
    HELPS = "helps"
    NO_CREW = "no_crew"
    ORDERED = "ordered"
    NOBODY_ON_DUTY = "nobody_on_duty"
    NO_UNIT = "no_unit"


FOR = frozenset(
    {
        *(Reason.NEAREST, Reason.NEAREST_HERE, Reason.NEAR, Reason.COVERS),
        *(Reason.LEAST_LOADED, Reason.RESTED, Reason.RETURNING),
    }
)


@dataclass(frozen=True, slots=True)
class Need:
    """A case: where it is, the powers that suit it in order of preference, and whose it is (None: nobody's).

    `crews` are those that were sent to it; `refused` is the one whose order its unit refused last, `returned` the unit
    that gave the case back last.
    """

    street: str | None
    spot: Spot | None
    powers: tuple[str, ...]
    responsible: str | None = None
    crews: frozenset[str] = frozenset()
    refused: str | None = None
    returned: str | None = None


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit: its open cases (`load`), and whether it is asked (`on_request`) or told."""

    id: str
    street: str
    power: str
    load: int = 0
    on_request: bool = False


@dataclass(frozen=True, slots=True)
class CrewState:
    """A crew: for how many seconds it is in its status, and how many ago it was seen (None: never).

    `has_job`: it works on a case; `has_order`: its unit has not answered yet where it was sent. `left` are the seconds
    until its shift ends, 0 when by its roster it is off duty, and `begins` those until its next one; None where no
    roster says it.
    """

    id: str
    unit: str
    status: CrewStatus
    seconds: float
    seen: float | None
    spot: Spot | None
    has_job: bool = False
    has_order: bool = False
    left: float | None = None
    begins: float | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """One reason with its figure: metres, seconds, a count, or 0; `about` is a power, a street or a crew."""

    code: Reason
    amount: float = 0.0
    about: str = ""

    @property
    def is_for(self) -> bool:
        """Whether it speaks for the proposal."""
        return self.code in FOR
