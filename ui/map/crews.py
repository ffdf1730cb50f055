"""The crews of the board that the map draws, and what it says of one under the pointer."""

from __future__ import annotations

from datetime import datetime

from commandcenter.domain.cases import Case
from commandcenter.domain.teams import Crew
from commandcenter.store.board import Board
from ui.kit import records
from ui.kit.texts import names, times
from ui.kit.texts.crews import crew_name, old_position, time_in_status
from ui.kit.texts.glossary import called
from ui.kit.texts.numbers import tail
from ui.kit.texts.words import say, word
from ui.map.content import MapCrew


def crews_on_map(board: Board, now: datetime) -> list[MapCrew]:
    """Returns the crews on duty whose position is known, each with the number of the case at which it works.

    One whose position is old says its age.
    """
    crews = (crew for crew in records.current(board, Crew) if crew.is_on_duty)
    return [
        MapCrew(
            crew.id,
            called(crew.name),
            spot.lon,
            spot.lat,
            crew.status,
            _note(board, crew, now),
            crew.has_old_position(now),
        )
        for crew in crews
        if (spot := crew.spot) is not None
    ]


def crew_tip(board: Board, key: str, now: datetime) -> list[str]:
    """Returns lines about a crew: its name and unit, its status and for how long, its case, its position."""
    crew = records.find(board, Crew, key)
    if crew is None:
        return []
    job = records.find(board, Case, crew.job)
    age = times.ago(crew.position_age(now))
    return [
        crew_name(board, crew),
        f"{word('status', crew.status)} {time_in_status(crew, now)}",
        names.heading(board, job) if job else say("没有任务"),
        say("位置过旧：{age}", age=age) if crew.has_old_position(now) else say("位置 {age}", age=age),
    ]


def _note(board: Board, crew: Crew, now: datetime) -> str:
    job = records.find(board, Case, crew.job)
    return " ".join(filter(None, (tail(job) if job else "", old_position(crew, now))))
