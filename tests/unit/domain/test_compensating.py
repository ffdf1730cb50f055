"""What was just given is taken back by another command, and everything is as before but for the history."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import Dispatch
from commandcenter.domain.commands.compensating import compensation
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.commands.urging import Urge
from commandcenter.domain.decisions import Command, Refused, decide, evolve_known
from commandcenter.domain.facts import records_of
from commandcenter.domain.people import Role
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import Crew, CrewStatus
from tests.kit import hall
from tests.kit.fake_desk import person

CREW = Crew("c1", 1, "一队", "s03-urban", "s03", CrewStatus.AVAILABLE, hall.NOW - timedelta(hours=1), Spot(117.3, 31.8))
KEY = hall.case().id


@pytest.mark.parametrize(
    ("stage", "command"),
    [(Stage.FILED, Dispatch(KEY, "s03-urban", crew="c1")), (Stage.HANDLING, SendCrew(KEY, "c1"))],
)
def test_what_is_taken_back_leaves_case_and_crew_as_they_were(stage: Stage, command: Command) -> None:
    board = hall.board(0)
    case = replace(hall.case(), stage=stage, responsible="s03-urban" if stage is Stage.HANDLING else None)
    board.apply([case, CREW])
    for given in (command, compensation(command, "派错")):
        assert given is not None
        facts = decide(board, given, person(Role.DISPATCHER), hall.NOW)
        assert not isinstance(facts, Refused)
        for fact in facts:
            for kind, key in (("case", KEY), ("crew", "c1")):
                record = evolve_known(board.find(kind, key), fact) if (kind, key) in records_of(fact) else None
                board.apply([record] if record is not None else [])
    now, crew = board.find("case", KEY), board.find("crew", "c1")
    assert isinstance(now, Case)
    assert isinstance(crew, Crew)
    assert (now.stage, now.responsible, now.crews) == (case.stage, case.responsible, ())
    assert (crew.status, crew.assignments) == (CrewStatus.AVAILABLE, ())


def test_what_nothing_takes_back_says_so() -> None:
    assert compensation(Urge(KEY), "x") is None
    assert compensation(None, "x") is None
