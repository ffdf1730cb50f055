"""Defines what the platform proposes for the lead and the co-handlers of a case, with the reasons."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LeadReason(StrEnum):
    """What speaks for or against a body as lead or co-handler; `Argument` has the figures."""

    ON_DUTY_LIST = "on_duty_list"  # its power is the `of`-th of those that the kind names; `about` is the power
    LED_SIMILAR = "led_similar"  # it led `count` of `of` similar cases, the newest at `at`
    HELPED_SIMILAR = "helped_similar"  # it helped in `count` of `of` similar cases, the newest at `at`
    DUTY_CAME = "duty_came"  # of the kind it led the share `count` lately, `of` before
    LEADS_HERE = "leads_here"  # it led `count` cases of the same grid, where `of` were to be expected
    LITTLE_LOADED = "little_loaded"  # it has `count` open cases, the bodies have `of` in the mean
    NOT_ON_DUTY_LIST = "not_on_duty_list"  # the kind names powers, and none is its
    NEVER_SIMILAR = "never_similar"  # it led none of `of` similar cases
    DUTY_WENT = "duty_went"  # of the kind it led the share `count` lately, `of` before
    SELDOM_HERE = "seldom_here"  # as LEADS_HERE, but fewer
    LOADED = "loaded"  # as LITTLE_LOADED, but more
    REFUSED_SIMILAR = "refused_similar"  # it refused `count` similar cases, the newest at `at`
    REFUSES_OFTEN = "refuses_often"  # it refuses or returns the share `count` of its cases, all bodies `of`
    REFUSED_THIS = "refused_this"  # it refused this case before


FOR = frozenset(
    {
        LeadReason.ON_DUTY_LIST,
        LeadReason.LED_SIMILAR,
        LeadReason.HELPED_SIMILAR,
        LeadReason.DUTY_CAME,
        LeadReason.LEADS_HERE,
        LeadReason.LITTLE_LOADED,
    }
)


class Change(StrEnum):
    """What would change the answer."""

    WITHOUT_WORDS = "without_words"  # `words` of the case's text left out
    LOAD_BELOW = "load_below"  # the body has at most `amount` open cases
    LOAD_ABOVE = "load_above"  # the body that is first has at least `amount` open cases
    IF_REFUSED = "if_refused"  # the body that is first refuses


@dataclass(frozen=True, slots=True)
class Argument:
    """A reason with its figures, which `LeadReason` explains; those that a reason has not are 0, None and empty."""

    code: LeadReason
    count: float = 0.0
    of: float = 0.0
    at: datetime | None = None
    about: str = ""

    @property
    def is_for(self) -> bool:
        """Whether it speaks for the body."""
        return self.code in FOR


@dataclass(frozen=True, slots=True)
class ProposedBody:
    """A body with a score between 0 and 1: how likely it leads, or helps, in the end, by what is known."""

    holder: str
    score: float
    reasons: tuple[Argument, ...] = ()
    against: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A precedent: a case that was led before, without its text.

    `at` is when its last lead was set, `seconds` how long the lead had it until it reported (None: not known).
    `refused` are the bodies that refused or returned it before. `likeness` is between 0 and 1.
    """

    case: str
    kind: str | None
    at: datetime
    lead: str
    helpers: tuple[str, ...]
    refused: tuple[str, ...]
    likeness: float
    same_grid: bool = False
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """Under a change the body `lead` is first, with `score`; `about` is the body that the change concerns."""

    code: Change
    lead: str
    score: float
    about: str = ""
    amount: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class LeadAdvice:
    """Leads and co-handlers proposed for `case` at its revision `rev`, best first, from `known` precedents.

    The rank that a choice records counts `leads` from 1. `reads_text`: whether the case's own text was considered,
    which it is not for a seat that may not read it.
    """

    case: str
    rev: int
    leads: tuple[ProposedBody, ...] = ()
    co_handlers: tuple[ProposedBody, ...] = ()
    precedents: tuple[SimilarCase, ...] = ()
    changes: tuple[OtherAnswer, ...] = ()
    known: int = 0
    reads_text: bool = True
