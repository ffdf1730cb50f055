"""What rooms say of a crew: how long its status has lasted, how old its position is; and the order of statuses."""

from datetime import datetime

from commandcenter.domain.teams import Crew, CrewStatus
from ui.kit.texts import times
from ui.kit.texts.words import say

STATUSES = (*(one for one in CrewStatus if one is not CrewStatus.OFF_DUTY), CrewStatus.OFF_DUTY)


def time_in_status(crew: Crew, now: datetime) -> str:
    """Returns how long the crew's status has lasted, to the second; "—" before its first report."""
    if not crew.has_reported:
        return times.UNKNOWN
    return times.span(max(0.0, (now - crew.status_since).total_seconds()))


def old_position(crew: Crew, now: datetime) -> str:
    """Returns how old a position is on which nobody relies any more; "" for another, or none."""
    age = crew.position_age(now)
    return say("{age}的位置", age=times.ago(age)) if age is not None and crew.has_old_position(now) else ""
