"""A limit is changed at one console while another looks at its clock: old cases keep theirs, new ones get the new."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from commandcenter.bootstrap import Desk
from commandcenter.domain.calendar import Calendar, Hours
from commandcenter.domain.commands import File
from commandcenter.domain.commands.references import ChangeReference, RetireReference
from commandcenter.domain.decisions import Refused
from commandcenter.domain.kinds import Kind, Limit, Measure
from commandcenter.server.auth import accounts
from tests.kit.administrator import ADMIN
from tests.kit.console import Ticking, case, done, running_platform, seated, take, until
from tests.kit.district import hashed
from tests.kit.loopback import serving
from tests.kit.shown import clocks
from ui.cases.deadline_box import DeadlineBox
from ui.kit import records
from ui.kit.case_parts.clock import SecondClock

HOUR = 3600


def _clock(qtbot: QtBot, desk: Desk, key: str) -> DeadlineBox:
    box = DeadlineBox(desk.board, SecondClock(desk.board, desk.now))
    qtbot.addWidget(box)
    box.show_case(case(desk, key))
    box.toggle_why()
    return box


def _hours_left(desk: Desk, key: str) -> tuple[int, int]:
    """Returns the hours left of the case, of working time or around the clock, as clock and queue have them."""
    standing = SecondClock(desk.board, desk.now).standing(case(desk, key))
    slot = desk.board.cases.slot(key)
    assert standing.left is not None
    assert slot is not None
    column = desk.board.cases.left(desk.now().timestamp())[slot]
    return round(standing.left / HOUR), round(float(column) / HOUR)


async def _filed(desk: Desk, clerk: Desk) -> str:
    taken = take()
    await done(clerk, taken)
    await until(lambda: desk.board.find("case", taken.case))
    await done(desk, File(taken.case))
    return taken.case


async def _changed(admin: Desk, record: Any) -> None:
    name = "kind" if isinstance(record, Kind) else "calendar"
    await done(admin, ChangeReference(f"{name}:{record.id}", record))


async def test_the_old_clock_runs_on_and_says_why_and_the_next_case_has_the_new_limit(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with running_platform(tmp_path / "data", Ticking()) as platform:
        platform.writer.submit(lambda connection: accounts.put(connection, ADMIN, hashed())).result()
        async with serving(platform) as http:
            url = str(http.base_url).rstrip("/")
            async with (
                seated(tmp_path / "s", url, "shift") as desk,
                seated(tmp_path / "c", url, "clerk") as clerk,
                seated(tmp_path / "a", url, "ops") as admin,
            ):
                await _story(qtbot, desk, clerk, admin)


async def _story(qtbot: QtBot, desk: Desk, clerk: Desk, admin: Desk) -> None:
    week = records.find(admin.board, Calendar, "week")
    assert week is not None
    mornings = tuple(Hours(day, 480, 840) for day in range(7))
    await _changed(admin, replace(week, hours=mornings))
    await until(lambda: getattr(desk.board.find("calendar", "week"), "rev", 0) == 2)
    old = await _filed(desk, clerk)
    box, filed_by = _clock(qtbot, desk, old), "依据：道路积水 = 4 工作时 · 规则第 1 版（立案时小类修订 1、日历修订 2）"
    assert clocks(box).endswith(filed_by)

    water = records.find(admin.board, Kind, "water")
    assert water is not None
    await _changed(admin, replace(water, limit=Limit(1, Measure.URGENT_HOURS)))
    await until(lambda: getattr(desk.board.find("kind", "water"), "rev", 0) == 2)
    assert _hours_left(desk, old) == (4, 4)
    new = await _filed(desk, clerk)
    assert _hours_left(desk, new) == (1, 1)
    box.show_case(case(desk, old))
    assert clocks(box).endswith(f"{filed_by}；规则后来改为 1 小时（不分昼夜），只算新案件")
    assert not box._why.isHidden()
    assert "= 1 小时（不分昼夜） · 规则第 2 版（立案时小类修订 2、日历修订 2）" in clocks(_clock(qtbot, desk, new))

    nights = tuple(Hours(day, 1260, 1440) for day in range(7))
    await _changed(admin, replace(week, hours=nights))
    await until(lambda: getattr(desk.board.find("calendar", "week"), "rev", 0) == 3)
    box.show_case(case(desk, old))
    assert case(desk, old).due == case(clerk, old).due
    assert _hours_left(desk, old) == _hours_left(clerk, old) == (4, 4)
    assert clocks(box).endswith("；日历后来改过，仍按当时的算")
    spans = box._why.accessibleName().splitlines()
    assert [span[:22].strip() for span in spans[1:4]] == [
        "计入 11-24 12:00 – 14:00",
        "不计 11-24 14:00 – 11-25",
        "计入 11-25 08:00 – 10:00",
    ]

    await done(admin, RetireReference("kind:water"))
    await until(lambda: getattr(clerk.board.find("kind", "water"), "retired", False))
    refused = await clerk.do(take())
    assert refused == Refused("retired", "water")
