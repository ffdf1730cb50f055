"""Defines the kinds of case: names, time limits, powers and checks."""

from dataclasses import dataclass
from enum import StrEnum

from commandcenter.domain.reference import Reference


class Measure(StrEnum):
    """What a limit counts: working hours 工作时, working days 工作日, or hours around the clock 紧急工作时."""

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    URGENT_HOURS = "urgent_hours"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit; `source` says where the figure comes from, `version` is the version of the rule."""

    amount: float
    measure: Measure
    source: str = ""
    version: int = 1

    @property
    def is_urgent(self) -> bool:
        """Whether it counts around the clock."""
        return self.measure is Measure.URGENT_HOURS


@dataclass(frozen=True, slots=True)
class LimitBasis:
    """What a deadline was counted by: the limit of the kind at a revision of it, and that of the calendar."""

    limit: Limit
    kind_rev: int
    calendar_rev: int


class Check(StrEnum):
    """How a settled case is checked before it is closed."""

    NONE = "none"
    SITE = "site"
    CALLBACK = "callback"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Kind(Reference):
    """A subclass 小类 of cases with its class 大类.

    `powers` are the powers of the holders that suit it, in order of preference. `hints` are words in a caller's text
    that suggest this kind, `questions` what intake asks the caller about it.
    """

    id: str
    rev: int
    name: str
    group: str
    class_name: str
    limit: Limit
    check: Check = Check.NONE
    powers: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
