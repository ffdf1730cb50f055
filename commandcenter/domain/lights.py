"""Decides a case's light: how its time limit stands at a moment."""

from datetime import datetime
from enum import StrEnum

from commandcenter.domain.cases import RUNNING, Case

GREEN_SHARE = 0.8  # of a limit; until then the light is green


class Light(StrEnum):
    """The state of a case relative to its time limit; computed for a moment, never stored."""

    ON_TIME = "on_time"
    SOON = "soon"
    OVERDUE = "overdue"
    NONE = "none"


# The first light whose field of the case lies before the moment; ON_TIME if none does. Tables and columns use it too.
THRESHOLDS = ((Light.OVERDUE, "due"), (Light.SOON, "green_until"))


def stopped_at(case: Case) -> datetime | None:
    """Returns when the clock of `case` stopped: when it was reported, or ended unreported; None while it runs."""
    return None if case.stage in RUNNING else case.reported_at or case.ended_at


def light(case: Case, now: datetime) -> Light:
    """Returns the light of `case` at `now`: ON_TIME up to 80 % of the limit, SOON up to its end, then OVERDUE.

    NONE without a limit. A case keeps the light that it had when it was reported (or ended).
    """
    if case.due is None:
        return Light.NONE
    moment = stopped_at(case) or now
    for shown, field in THRESHOLDS:
        limit: datetime | None = getattr(case, field)
        if limit is not None and moment > limit:
            return shown
    return Light.ON_TIME


def light_of_span(left: float, whole: float) -> Light:
    """Returns the light of a limit of `whole` seconds of which `left` are left (negative when overdue)."""
    if left < 0:
        return Light.OVERDUE
    return Light.SOON if left < whole * (1 - GREEN_SHARE) else Light.ON_TIME
