"""The responsibility ribbon at the case: who carried how much of its time, as soon as the platform has told."""

from datetime import timedelta
from typing import Any

from PySide6.QtGui import QColor

from commandcenter.domain import facts as past
from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands.leading import LeadSet
from commandcenter.domain.commands.task_changes import TaskAsked
from commandcenter.domain.commands.tiers import Escalated
from commandcenter.domain.facts import Fact
from commandcenter.domain.tasks import TaskKind
from tests.kit import hall
from tests.kit.case_panel import at_stage
from tests.kit.turns import turns
from ui.theme.current_theme import colour

KEY = hall.case().id


def ago(minutes: float) -> Any:
    return hall.NOW - timedelta(minutes=minutes)


def led() -> tuple[Fact, ...]:
    """Filed an hour and a half ago, led for half an hour, helped for ten minutes; none at a whole minute."""
    case = hall.case()
    due = {"due": hall.NOW + timedelta(hours=3), "green_until": hall.NOW}
    return (
        past.Taken(KEY, "i03", ago(100), case.number, "h12345", "e0403", "积水", "路口", "s03"),
        past.Filed(KEY, "l01", ago(89.5), "e0403", **due),
        Escalated(KEY, "s03", ago(79.1), Tier.DISTRICT, "街镇协调不了"),
        LeadSet(KEY, "coordinator", ago(29.6), "s03-urban"),
        TaskAsked(KEY, "coordinator", ago(10), f"{KEY}.s04-urban", TaskKind.CO_HANDLING, "s04-urban"),
    )


async def opened(open_case: Any, facts: tuple[Fact, ...]) -> Any:
    panel, seat = open_case(at_stage(Stage.DISPATCHED))
    seat.desk._historyquery = lambda _query: facts
    seat.focus.choose(None, by="test")
    seat.focus.choose(KEY, by="test")
    await turns()
    return panel, seat


async def test_each_body_has_its_time_and_the_coordinator_that_without_a_lead(open_case: Any) -> None:
    panel, seat = await opened(open_case, led())
    total, said = panel.ribbon.texts()
    assert total == "合计 1 小时 40 分 工作时间"
    assert " " not in said.replace("   ", "")  # who and how long stay on one line
    told = dict(one.replace("\u00a0", " ").split(" ", 1) for one in said.split("   "))
    helper = next(who for who in told if who.endswith("协办"))
    assert told == {
        "值班长": "10 分",
        "派遣员": "10 分",
        "统筹员": "50 分",
        "望湖·城管": "30 分",
        helper: "10 分",
    }
    seat.desk.pass_time(120)
    panel._turn()
    assert panel.ribbon.texts()[0] == "合计 1 小时 42 分 工作时间"


async def test_what_is_carried_by_night_says_that_it_took_no_working_time(open_case: Any) -> None:
    night = hall.NOW.replace(hour=21)
    taken = past.Taken(KEY, "i03", night, hall.case().number, "h12345", "e0403", "积水", "路口", "s03")
    panel, seat = await opened(open_case, (taken,))
    seat.desk.pass_time((night - hall.NOW).total_seconds() + 40)
    panel._turn()
    assert panel.ribbon.texts() == ("历时 不到 1 分，不在工作时间", "值班长\u00a0不到\u00a01\u00a0分")
    seat.desk.pass_time(49 * 60 + 20)
    panel._turn()
    assert panel.ribbon.texts() == ("历时 50 分，不在工作时间", "值班长\u00a050\u00a0分")


async def test_it_is_drawn_to_scale_and_who_helps_below(open_case: Any) -> None:
    panel, _ = await opened(open_case, led())
    bar = panel.ribbon._bar
    bar.resize(400, bar.sizeHint().height())
    drawn = bar.grab().toImage()

    def at(share: float, top: int) -> QColor:
        return drawn.pixelColor(round(share * 400), top)

    assert at(0.85, 2) == colour("acf")  # the lead's last third
    assert at(0.45, 2) == colour("warnb")  # nobody led
    assert at(0.95, bar.height() - 2) == colour("ac")  # who helps
    assert at(0.85, bar.height() - 2) != colour("ac")


async def test_what_the_record_alone_implies_is_no_history(open_case: Any) -> None:
    panel, seat = await opened(open_case, led())
    assert not panel.ribbon.isHidden()
    seat.desk.offline = True
    seat.focus.choose(None, by="test")
    seat.focus.choose(KEY, by="test")
    await turns()
    assert panel.ribbon.isHidden()
