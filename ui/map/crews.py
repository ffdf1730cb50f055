"""The crews of the board that the map draws."""

from commandcenter.domain.cases import Case
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.store.board import Board
from ui.kit import records
from ui.kit.texts.numbers import tail
from ui.map.content import MapCrew


def crews_on_map(board: Board) -> list[MapCrew]:
    """Returns the crews on duty whose position is known, each with the number of the case at which it works."""
    crews = (crew for crew in records.current(board, Crew) if crew.status is not CrewStatus.OFF_DUTY)
    return [
        MapCrew(crew.id, crew.name, crew.spot.lon, crew.spot.lat, crew.status, _job(board, crew))
        for crew in crews
        if crew.spot is not None
    ]


def _job(board: Board, crew: Crew) -> str:
    case = records.find(board, Case, crew.job)
    return tail(case) if case else ""
