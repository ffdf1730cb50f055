"""The line at the foot of a case that nobody here has to act on, or whose time runs out: whose turn it is, and why."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands.urging import Urge
from commandcenter.domain.people import Role
from tests.kit import hall
from tests.kit.case_panel import at_stage
from tests.kit.turns import turns

LATE = {"due": hall.NOW - timedelta(minutes=5), "green_until": hall.NOW - timedelta(minutes=50)}


@pytest.mark.parametrize(
    ("case", "role", "said"),
    [
        (at_stage(Stage.DISPATCHED, **LATE), Role.DISPATCHER, "催办 → 望湖·城管，派后 50 分 未签收，超期 5 分"),
        (
            at_stage(Stage.DISPATCHED, **LATE, urged_at=hall.NOW - timedelta(minutes=3)),
            Role.DISPATCHER,
            "等望湖·城管签收，派出 50 分，超期 5 分，15:39 催过",
        ),
        (
            replace(at_stage(Stage.DISPATCHED, **LATE), dispatched_at=hall.NOW - timedelta(days=8, hours=3)),
            Role.DISPATCHER,
            "催办 → 望湖·城管，派后 8 天 未签收，超期 5 分",
        ),
        (at_stage(Stage.HANDLING), Role.SHIFT_LEADER, "等望湖·城管反馈，签收 40 分，限 11-25 09:42"),
        (at_stage(Stage.FILED), Role.LEADER, "等派遣员或街镇派遣，等了 1 小时 0 分，限 11-25 09:42"),
        (at_stage(Stage.RECEIVED), Role.SHIFT_LEADER, "立案，道路积水 限 4 工作时，等了 1 小时 6 分"),
        (at_stage(Stage.REPORTED), Role.SHIFT_LEADER, "结案，反馈：已抽排，等了 2 分"),
    ],
)
async def test_it_says_whose_turn_it_is_and_why(open_case: Any, case: Case, role: Role, said: str) -> None:
    panel, _ = open_case(case, role)
    await turns()
    assert panel.line.text() == said


async def test_a_reminder_is_given_at_once_and_only_where_time_runs_out(open_case: Any) -> None:
    panel, seat = open_case(at_stage(Stage.DISPATCHED, **LATE))
    assert panel.line.step == "urge"
    assert "urge" not in panel._steps.offered()  # what the line offers stands there alone
    panel.act("urge")
    await turns()
    assert seat.desk.heard == [Urge(panel._case.id)]
    assert not panel.line.receipt.undo.isVisible()
    seat.desk.pass_time(10)
    panel._turn()
    assert panel.line.step == ""
