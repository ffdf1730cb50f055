"""A case of the district at the desk: its lead is named as such, and each co-handler with its part."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.commands.leading import LeadRefused, LeadSet
from commandcenter.domain.commands.task_changes import (
    TaskAccepted,
    TaskAsked,
    TaskCancelled,
    TaskRefused,
    TaskReported,
)
from commandcenter.domain.records import Record
from commandcenter.domain.tasks import Objection, TaskKind, TaskState
from commandcenter.store.touched import Touched
from tests.kit import hall
from tests.kit.coordinated import DATA, HOUSING, LABOUR, URBAN, departments, helped, led, part, refused, waiting
from ui.cases.case_facts import case_facts
from ui.cases.ranking import Asked, RankedHolders
from ui.cases.words import fact_words
from ui.kit.case_parts.case_lines import shows

pytestmark = pytest.mark.usefixtures("qapp")


def told(*records: Record) -> list[tuple[str, str]]:
    board = hall.board(0)
    board.apply(records)
    case = board.find("case", records[0].id)
    return [(str(one.label), str(one.value)) for one in case_facts(board, case, hall.NOW)]  # type: ignore[arg-type]


def test_only_a_case_of_the_district_has_a_lead() -> None:
    assert ("主办", "包河区住房和城乡建设局") in told(led(1))
    of_street = hall.case(1, tier=Tier.STREET, stage=Stage.HANDLING, responsible="s03-urban")
    assert dict(told(of_street))["承办"].startswith("望湖街道城管")
    assert "承办" not in dict(told(hall.case(1)))


def test_each_co_handler_stands_with_its_state_its_moment_and_what_it_said() -> None:
    case = led(1, HOUSING)
    parts = [
        part(case, URBAN, TaskState.WAITING, minutes=18),
        part(case, DATA, TaskState.REPORTED, finding="管线图已给"),
        part(case, LABOUR, TaskState.REFUSED, objection=Objection.NO_POWER, reason="不管这个"),
        part(case, URBAN, TaskState.WAITING, kind=TaskKind.WHISTLE, minutes=60 * 24),
    ]
    lines = [line for line in told(*helped(case, *parts)) if line[0] in ("协办", "吹哨")]
    tomorrow = f"{hall.NOW + timedelta(days=1):%m-%d %H:%M}"
    assert lines == [
        ("协办", "区城管局 待接 · 限 今日 16:00"),
        ("协办", "区数据资源局 已报 · 管线图已给"),
        ("协办", "区人社局 异议 · 无处置职权 不管这个"),
        ("吹哨", f"区城管局 待接 · 限 {tomorrow}"),
    ]


def test_who_refused_to_lead_is_named_until_somebody_leads() -> None:
    case = refused(waiting(1), HOUSING, Objection.DUTY_OF_ANOTHER, "属水务")
    assert ("主办异议", "区住建局 · 属其他部门职责 · 属水务") in told(case)
    assert "主办异议" not in dict(told(led(1)))


def test_the_timeline_names_the_body_of_each_fact_about_lead_and_co_handlers() -> None:
    case, task = helped(led(1), part(led(1), URBAN))
    board = hall.board(0)
    board.apply([case, task])
    about = (case.id, "u", hall.NOW)
    of_task = (case.id, task.id, "u", hall.NOW)
    facts = [
        LeadSet(*about, to=HOUSING, note="权属查明"),
        LeadRefused(*about, HOUSING, Objection.NO_POWER, "无设备"),
        TaskAsked(*about, task.id, TaskKind.CO_HANDLING, URBAN, note="取水样"),
        TaskAsked(*about, task.id, TaskKind.WHISTLE, URBAN),
        TaskAccepted(*of_task),
        TaskRefused(*of_task, Objection.FACTS_WRONG),
        TaskReported(*of_task, finding="水样合格"),
        TaskCancelled(case.id, "gone", "u", hall.NOW, "不用了"),
    ]
    assert [str(fact_words(board, fact)) for fact in facts] == [
        "定主办 区住建局：权属查明",
        "主办异议 区住建局：无处置职权 无设备",
        "请协办 区城管局：取水样",
        "吹哨 区城管局",
        "协办签收 区城管局",
        "协办异议 区城管局：情况与事实不符",
        "协办反馈 区城管局：水样合格",
        "撤协办：不用了",
    ]


def test_for_a_case_of_the_district_departments_are_named_before_units_and_grids() -> None:
    board = hall.board(0)
    board.apply(departments())
    case = waiting(1)

    def ranked(asked: Case) -> list[str]:
        found = RankedHolders(Asked(board, asked, None, hall.NOW, lambda _key: True)).like("")
        return [one.thing.id for one in found[:3]]

    assert ranked(case) == ["d-urban", "d-housing", "s03-urban"]
    assert ranked(replace(case, tier=Tier.STREET))[0] == "t-s03-g07"


def test_a_change_of_a_sub_task_is_one_of_how_its_case_is_shown() -> None:
    case, task = helped(led(1), part(led(1), URBAN))
    assert shows(Touched(frozenset({("task", task.id)})), case)  # type: ignore[arg-type]
    assert not shows(Touched(frozenset({("task", "another")})), case)  # type: ignore[arg-type]
