"""Rosters in the room: until when a crew is on duty, who is in it, and that nobody is sent beyond its shift unasked."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtTest import QTest

from commandcenter.domain.commands import Dispatch
from commandcenter.domain.commands.orders import SendCrew
from commandcenter.domain.rosters import Roster, Shift
from commandcenter.domain.teams import Crew, CrewStatus
from tests.gui.teams.conftest import POLICE, URBAN, Opened, held
from tests.gui.teams.test_acts import LEFT, answer, drag, spot
from tests.gui.teams.test_side import boxes, choose, littered
from tests.gui.teams.test_view import item
from tests.kit import hall
from tests.kit.legible import Drawing
from tests.kit.street_crews import crew
from tests.kit.turns import settled
from ui.kit.texts.words import speak
from ui.teams.layout import Part

Open = Callable[..., Opened]
TODAY = hall.NOW.replace(hour=0, minute=0, second=0)  # it is 15:42:08


def at(hour: float, day: int = 0) -> datetime:
    return TODAY + timedelta(days=day, hours=hour)


def roster(of: Crew, *shifts: tuple[float, float], members: tuple[str, ...] = ("王强", "李敏")) -> Roster:
    """Returns the roster of a crew, with shifts in hours of today and of tomorrow."""
    made = tuple(Shift(at(starts), at(ends)) for starts, ends in shifts)
    return Roster(of.id, 1, of.unit, of.street, made, members)


EARLY, NEXT = (8.5, 18), (32.5, 42)


STANDS = (
    ((EARLY, NEXT), CrewStatus.AVAILABLE, "当班至 18:00 · 下一班 明日 08:30"),
    (((8.5, 16), NEXT), CrewStatus.HANDLING, "16:00 下班，还有 18 分 · 下一班 明日 08:30"),
    (((8.5, 15), NEXT), CrewStatus.HANDLING, "超时在岗 42 分 8 秒（15:00 下班） · 下一班 明日 08:30"),
    (((16, 20),), CrewStatus.AVAILABLE, "提前在岗 · 下一班 16:00"),
    ((EARLY,), CrewStatus.OFF_DUTY, "应当班至 18:00，没有到岗"),
    (((8.5, 15), (56.5, 60)), CrewStatus.OFF_DUTY, "下班 · 下一班 11-26 08:30"),
    ((), CrewStatus.AVAILABLE, ""),
)


async def test_how_a_crew_stands_to_its_roster_is_told(opened: Open) -> None:
    crews = [crew(at % 5 + 1, (URBAN, POLICE)[at // 5], status) for at, (_, status, _) in enumerate(STANDS)]
    rosters = [roster(one, *shifts) for one, (shifts, _, _) in zip(crews, STANDS, strict=True)]
    stage = opened(*crews, *rosters)
    view = stage.room.view
    for one, (_, _, said) in zip(crews, STANDS, strict=True):
        view.go_to(item(view, Part.CREW, one.id))
        assert view.accessibleDescription().endswith(said)
        assert stage.room.side.crew.facts.texts()[0] == ("轮班", said or "没有轮班")
    assert not view.grab().isNull()


async def test_in_english_on_a_small_screen_it_is_told_when_a_crew_is_next_on_duty_and_what_the_last_sign_means(
    opened: Open,
) -> None:
    speak("en")
    one = crew(1, status=CrewStatus.OFF_DUTY)
    stage = opened(one, crew(2), roster(one, (8.5, 15), NEXT), size=(1330, 660))
    stage.room.view.go_to(item(stage.room.view, Part.CREW, one.id))
    await settled()
    drawn = Drawing(stage.seat.window)
    told = {text.words for text in drawn.texts} - set(drawn.cut())
    assert "from Wed 08:30" in told
    legend = [text.words for text in drawn.texts if text.widget is stage.room.head.legend]
    assert (legend[-1], legend[0]) == ("Off duty 1", "1")
    assert {text.widget for text in drawn.texts if text.is_cut}.isdisjoint({stage.room.head.legend})
    assert "Available 1" in stage.room.head.legend.toolTip()


async def test_who_is_in_a_crew_is_shown_where_the_crew_is(opened: Open) -> None:
    one = crew(1)
    stage = opened(held(1), one, crew(2), roster(one, EARLY))
    view, card = stage.room.view, stage.room.side.crew
    assert card.isHidden()
    view.go_to(item(view, Part.CREW, one.id))
    assert "成员 王强、李敏" in view.tip(view.current).splitlines()
    assert card.facts.texts()[1] == ("成员", "王强、李敏")
    view.go_to(item(view, Part.CREW, f"c-{URBAN}-2"))
    assert card.facts.texts() == [("轮班", "没有轮班")]
    view.go_to(item(view, Part.CASE, held(1).id))
    assert card.isHidden()


async def test_a_row_is_painted_as_a_whole_when_its_shift_is_about_to_end(opened: Open) -> None:
    one = crew(1)
    stage = opened(one, roster(one, (8.5, 16.25), NEXT))
    view = stage.room.view
    row = view.rect_of(item(view, Part.CREW, one.id))
    view.grab()
    assert view.painter.time_rect(row, item(view, Part.CREW, one.id)).width() < row.width() / 2
    stage.desk.pass_time(4 * 60)  # less than half an hour is left
    stage.seat.clock.turn()
    assert view.painter.time_rect(row, item(view, Part.CREW, one.id)) == row


async def test_a_crew_whose_shift_is_over_is_sent_for_a_reason_alone(opened: Open) -> None:
    case, new, one = held(1), hall.case(2), crew(1)
    stage = opened(case, new, one, roster(one, (8.5, 15), NEXT))
    view = stage.room.view
    said = drag(view, spot(view, Part.CREW, one.id), spot(view, Part.CASE, case.id))
    assert said == "派望湖·城管 一队去；按轮班它已下班，要写原因"
    QTest.mouseRelease(view.viewport(), LEFT, pos=view.dragging.spot)
    await answer("夜间抢险")
    await settled()
    assert stage.desk.heard == [SendCrew(case.id, one.id, "夜间抢险")]


async def test_a_new_case_goes_to_the_unit_first_when_its_crew_is_beyond_its_shift(opened: Open) -> None:
    new, one = hall.case(2), crew(1)
    stage = opened(new, one, roster(one, (8.5, 15), NEXT))
    view = stage.room.view
    said = drag(view, spot(view, Part.CASE, new.id), spot(view, Part.CREW, one.id))
    assert said == "派遣至望湖·城管，一队出动；按轮班它已下班，要写原因"
    QTest.mouseRelease(view.viewport(), LEFT, pos=view.dragging.spot)
    await answer("路口积水")
    await settled()
    assert stage.desk.heard == [Dispatch(new.id, URBAN), SendCrew(new.id, one.id, "路口积水")]


async def test_the_advice_takes_the_roster_into_account(opened: Open) -> None:
    case = littered()
    near = {"spot": case.spot}  # type: ignore[attr-defined]
    ending, over, fresh = crew(1, **near), crew(2, **near), crew(3, **near)
    rosters = (roster(ending, (8.5, 16)), roster(over, (8.5, 15)), roster(fresh, EARLY))
    stage = opened(case, ending, over, fresh, *rosters)
    choose(stage, case)
    told = {box.who.text().rpartition(" ")[2]: box.reasons.texts() for box in boxes(stage)}
    assert list(told) == ["三队", "一队", "二队"]
    assert "− 下班还有 18 分" in told["一队"]
    assert "− 按轮班不当班，派它要写原因" in told["二队"]
    assert not any("班" in said for said in told["三队"])


async def test_when_a_power_is_next_on_duty_is_told(opened: Open) -> None:
    case, off = littered(), crew(1, status=CrewStatus.OFF_DUTY)
    stage = opened(case, off, roster(off, (17.7, 24)))
    choose(stage, case)
    assert stage.room.side.proposals.missing.texts() == ["▲ 城管此刻无人在岗，1 小时 59 分 后有班"]
