"""What rooms say of a crew: its name, for how long its status has lasted, how old its position is."""

from datetime import datetime

from commandcenter.domain.people import Holder
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.store.board import Board
from ui.kit import records
from ui.kit.texts import names, times
from ui.kit.texts.glossary import called
from ui.kit.texts.words import say

STATUSES = (*(one for one in CrewStatus if one is not CrewStatus.OFF_DUTY), CrewStatus.OFF_DUTY)


def crew_name(board: Board, crew: Crew) -> str:
    """Returns the crew's name with its street and unit: "骆岗·城管 一队"."""
    return f"{names.holder_name(board, crew.unit, short=True)} {crew_part(board, crew)}"


def name_in_street(board: Board, crew: Crew) -> str:
    """Returns the crew's name with its unit alone, for where its street goes without saying: "城管 一队"."""
    holder = records.find(board, Holder, crew.unit)
    return f"{names.own_part(holder)} {crew_part(board, crew)}" if holder else crew_part(board, crew)


def crew_part(board: Board, crew: Crew) -> str:
    """Returns the crew's name without that of its unit, beside or under which it stands: "一队" of "城管一队"."""
    holder = records.find(board, Holder, crew.unit)
    unit = (holder.short or holder.name).rpartition("·")[2] if holder else ""
    return called(crew.name.removeprefix(unit) or crew.name)


def time_in_status(crew: Crew, now: datetime) -> str:
    """Returns how long the crew's status has lasted, to the second; "—" before its first report."""
    if not crew.has_reported:
        return times.UNKNOWN
    return times.span(max(0.0, (now - crew.status_since).total_seconds()))


def old_position(crew: Crew, now: datetime) -> str:
    """Returns how old a position is on which nobody relies any more; "" for another, or none."""
    age = crew.position_age(now)
    return say("{age}的位置", age=times.ago(age)) if age is not None and crew.has_old_position(now) else ""
