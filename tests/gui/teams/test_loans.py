"""Help across streets in the room: a crew is asked for where a power is missing, and the streets agree or not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QPlainTextEdit

from commandcenter.domain.commands.lending import AgreeLoan, AskCrew, EndLoan
from commandcenter.domain.people import Role
from commandcenter.domain.teams import CrewStatus, Loan
from tests.gui.teams.conftest import Opened
from tests.kit import hall
from tests.kit.case_panel import answer_main, the_sheet
from tests.kit.street_crews import crew
from tests.kit.turns import seen, turns
from ui.teams.loans import LoanRows

Open = Callable[..., Opened]
AGREED = ((1, ("s03", "s04")), (2, ("s04",)))  # the crew by its number, and the streets
TRAFFIC = ("s03-traffic", "s04-traffic")


def shown(part: LoanRows) -> list[tuple[str, list[str]]]:
    """Returns what each row says, and its buttons."""
    rows = [row for row in part.rows if not row.isHidden()]
    return [(row.said.text(), [one.text() for one in row.buttons if not one.isHidden()]) for row in rows]


def lent(*agreed: str) -> Loan:
    return Loan("s03", agreed)


async def test_a_street_without_anybody_is_helped_by_a_neighbour_that_keeps_one(opened: Open) -> None:
    gone = crew(1, TRAFFIC[0], status=CrewStatus.OFF_DUTY)
    stage = opened(gone, crew(1, TRAFFIC[1]), crew(2, TRAFFIC[1]))
    ((said, buttons), *_) = shown(stage.room.side.coverage.moves)
    assert "缺交警" in said
    assert buttons == ["借队"]
    stage.room.side.coverage.moves.rows[0].buttons[0].click()
    await turns()
    the_sheet().findChild(QPlainTextEdit).setPlainText("交警无人在岗")
    answer_main()
    await seen(lambda: stage.desk.heard)
    ((asked),) = stage.desk.heard
    assert isinstance(asked, AskCrew)
    assert (asked.street, asked.reason) == ("s03", "交警无人在岗")
    await seen(lambda: shown(stage.room.side.coverage.loans))
    ((said, buttons),) = shown(stage.room.side.coverage.loans)
    assert said.endswith("等两边同意")
    assert buttons == ["归还"]


async def test_a_streets_dispatcher_agrees_or_refuses(opened: Open) -> None:
    asked = replace(crew(1, TRAFFIC[1]), loan=lent("s04"))
    stage = opened(asked, role=Role.STREET_DISPATCHER, street="s03")
    ((said, buttons),) = shown(stage.room.side.coverage.loans)
    assert said.endswith("：等望湖街道同意")
    assert buttons == ["同意支援", "归还"]
    stage.room.side.coverage.loans.rows[0].buttons[0].click()
    await seen(lambda: stage.desk.heard)
    assert stage.desk.heard == [AgreeLoan(asked.id)]
    await seen(lambda: "支援" in shown(stage.room.side.coverage.loans)[0][0])
    assert shown(stage.room.side.coverage.loans)[0][1] == ["归还"]


async def test_a_loan_whose_moment_has_passed_says_so_and_is_only_given_back(opened: Open) -> None:
    over = hall.NOW - timedelta(minutes=1)
    lent_out = [replace(crew(at, TRAFFIC[1]), loan=Loan("s03", agreed, over)) for at, agreed in AGREED]
    stage = opened(*lent_out, role=Role.STREET_DISPATCHER, street="s03")
    for said, buttons in shown(stage.room.side.coverage.loans):
        assert said.endswith("的时间已过")
        assert buttons == ["归还"]
    assert len(shown(stage.room.side.coverage.loans)) == 2


async def test_who_gives_a_crew_back_says_why_and_may_think_better_of_it(opened: Open) -> None:
    there = replace(crew(1, TRAFFIC[1]), loan=lent("s03", "s04"))
    stage = opened(there)
    back = stage.room.side.coverage.loans.rows[0].buttons[0]
    back.click()
    await turns()
    the_sheet().reject()
    await turns()
    assert stage.desk.heard == []
    back.click()
    await turns()
    the_sheet().findChild(QPlainTextEdit).setPlainText("忙完了")
    answer_main()
    await seen(lambda: stage.desk.heard)
    assert stage.desk.heard == [EndLoan(there.id, "忙完了")]
    await seen(lambda: not shown(stage.room.side.coverage.loans))


async def test_who_is_lent_or_asked_for_is_not_proposed_to_move_up(opened: Open) -> None:
    gone = crew(1, TRAFFIC[0], status=CrewStatus.OFF_DUTY)
    there = replace(crew(1, TRAFFIC[1]), loan=lent("s04"))
    stage = opened(gone, there, replace(crew(2, TRAFFIC[1]), loan=lent()))
    assert shown(stage.room.side.coverage.moves) == []
    stage.desk.board.apply([replace(there, rev=2, loan=lent("s03", "s04"))])
    stage.room.refresh()
    cells = {row.street: row.cells for row in stage.room.side.coverage.table._rows}
    counted = [[(one.on_duty, one.crews) for one in cells[key] if one.crews] for key in ("s03", "s04")]
    assert counted == [[(1, 2)], [(1, 1)]]
