"""Crews at the case: who can be sent is offered, nearest first, and what those that were sent do is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands.orders import AcceptOrder, ReleaseCrew, SendCrew
from commandcenter.domain.people import Role
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import Crew, CrewStatus
from tests.kit import hall
from tests.kit.case_panel import UNIT, at_stage, the_sheet, timeline
from tests.kit.crews import assigned, sent
from tests.kit.turns import seen, turns
from ui.kit.search.search_list import SearchList

AT = Spot(117.30, 31.80)


def crew(key: str, name: str, *, unit: str = "s03-urban", east: float = 0.0, **more: Any) -> Crew:
    made = Crew(key, 1, name, unit, unit[:3], CrewStatus.AVAILABLE, hall.NOW - timedelta(minutes=5))
    return replace(made, spot=Spot(AT.lon + east, AT.lat), **more)


def facts(panel: Any) -> dict[str, str]:
    return dict(panel._facts.texts())


async def test_crews_of_the_holder_are_offered_free_ones_first_then_the_nearest(open_case: Any, qtbot: QtBot) -> None:
    panel, seat = open_case(at_stage(Stage.HANDLING, spot=AT))
    seat.desk.board.apply(
        [
            crew("far", "一队", east=0.02),
            crew("near", "二队", east=0.01),
            crew("busy", "三队", **assigned("elsewhere"), status=CrewStatus.HANDLING),
            crew("ordered", "四队", **assigned("elsewhere", "ordered")),
            crew("off", "五队", status=CrewStatus.OFF_DUTY),
            crew("other", "六队", unit="s04-urban"),
        ]
    )
    panel.act("send_crew")
    await turns()
    offered = [(one.text, one.note.split(" · ")[1], one.aside) for one in the_sheet().findChild(SearchList)._model.rows]
    assert offered == [
        ("二队", "待命 0:05:00", "0.9 km"),
        ("一队", "待命 0:05:00", "1.9 km"),
        ("三队", "处置 0:05:00", "0.0 km"),
    ]
    qtbot.keyClick(the_sheet().findChild(SearchList).edit, Qt.Key.Key_Return)
    await turns()
    assert seat.desk.heard == [SendCrew(panel._case.id, "near")]
    assert facts(panel)["队组"] == "望湖·城管 二队 待接单"
    assert timeline(panel)[0].endswith("派队 二队") or "派队 二队" in "".join(timeline(panel))


async def test_a_crew_at_work_leaves_its_job_for_a_reason_alone(open_case: Any, qtbot: QtBot) -> None:
    panel, seat = open_case(at_stage(Stage.HANDLING, spot=AT))
    seat.desk.board.apply([crew("busy", "三队", **assigned("elsewhere"), status=CrewStatus.HANDLING)])
    panel.act("send_crew")
    await turns()
    qtbot.keyClick(the_sheet().findChild(SearchList).edit, Qt.Key.Key_Return)
    await turns()
    assert panel.line.text() == "没有派队：这个队组有任务，调走要写明原因"
    the_sheet().findChildren(QLineEdit)[-1].setText("有人受伤")
    qtbot.keyClick(the_sheet().findChild(SearchList).edit, Qt.Key.Key_Return)
    await turns()
    assert seat.desk.heard == [SendCrew(panel._case.id, "busy", "有人受伤")]


async def test_the_unit_answers_for_the_crew_that_was_sent(open_case: Any, qtbot: QtBot) -> None:
    case = at_stage(Stage.HANDLING, **sent("c", unit="s03-urban"))
    panel, seat = open_case(case, Role.UNIT, **UNIT)
    seat.desk.board.apply(
        [crew("c", "一队", **assigned(case.id, "ordered"), status=CrewStatus.DISPATCHED), crew("d", "二队")]
    )
    await turns()
    assert {"accept_order", "refuse_order", "release_crew"} <= set(panel._steps.offered())
    panel.act("accept_order")
    await turns()
    assert [one.text for one in the_sheet().findChild(SearchList)._model.rows] == ["一队"]
    qtbot.keyClick(the_sheet().findChild(SearchList).edit, Qt.Key.Key_Return)
    await turns()
    assert seat.desk.heard == [AcceptOrder(case.id, "c")]
    await seen(lambda: facts(panel)["队组"] == "望湖·城管 一队 在途")


async def test_what_a_crew_does_is_told_at_its_case_until_it_is_released(open_case: Any, qtbot: QtBot) -> None:
    case = at_stage(Stage.HANDLING, **sent("c", "d", unit="s03-urban"))
    panel, seat = open_case(case)
    gone = crew("c", "一队", **assigned(case.id), status=CrewStatus.EN_ROUTE)
    both = assigned(case.id, "paused")["assignments"] + assigned("elsewhere")["assignments"]
    left = crew("d", "二队", assignments=both, status=CrewStatus.HANDLING)
    seat.desk.board.apply([gone, left])
    await seen(lambda: facts(panel).get("队组") == "望湖·城管 一队 在途 · 望湖·城管 二队 暂停，在别处")
    seat.desk.board.apply([replace(gone, rev=2, status=CrewStatus.ON_SCENE)])
    await seen(lambda: facts(panel)["队组"] == "望湖·城管 一队 到场 · 望湖·城管 二队 暂停，在别处")
    panel.act("release_crew")
    await turns()
    qtbot.keyClick(the_sheet().findChild(SearchList).edit, Qt.Key.Key_Return)
    await turns()
    assert seat.desk.heard == [ReleaseCrew(case.id, "c")]
    assert facts(panel)["队组"] == "望湖·城管 二队 暂停，在别处"
