"""The room follows the records of teams, powers and times in status, and a status that lasts too long flashes."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QRegion
from PySide6.QtWidgets import QApplication

from commandcenter.domain.people import Role
from commandcenter.domain.powers import Power
from commandcenter.domain.records import Record, kind_of
from commandcenter.domain.stays import Stay
from commandcenter.domain.teams import Crew, CrewStatus, Team
from commandcenter.store.touched import Touched
from tests.gui.teams.conftest import URBAN, Opened, held
from tests.gui.teams.test_view import item
from tests.kit import hall
from tests.kit.street_crews import crew
from tests.kit.turns import seen
from ui.kit.texts.words import terms
from ui.teams.flashes import HALF, LONGEST
from ui.teams.layout import Part
from ui.teams.view import LaneView
from ui.theme import paint
from ui.theme.glyphs import SHAPES

Open = Callable[..., Opened]
TEAM = Team("s03", 1, "望湖街道综合执法队", ("s03-housing", "s03-urban", "s03-market", "s03-police"))
LATE = CrewStatus.HANDLING


async def edit(stage: Opened, *records: Record) -> None:
    """Puts the records on the board, and waits until the room has caught up with it: of crews with the second."""
    stage.desk.board.apply(records)
    stage.follow.touched.emit(Touched(frozenset((kind_of(one), one.id) for one in records)))
    stage.follow.second.emit()
    await seen(lambda: not stage.room._pause.isActive())


def painted(view: LaneView, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns every text in the lanes, in the order in which it is painted."""
    said: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(paint, "words", lambda _painter, _box, text, **_how: said.append(text))
        view.viewport().grab()
    return said


def pass_time(stage: Opened, seconds: float) -> None:
    stage.desk.pass_time(seconds)
    stage.seat.clock.turn()
    stage.follow.second.emit()


async def test_a_lane_names_its_team_and_has_its_units_in_its_order(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = opened(TEAM, role=Role.STREET_DISPATCHER, street="s03")
    view = stage.room.view
    assert [text for text in painted(view, monkeypatch) if "执法队" in text] == ["综合执法队"]
    assert [one.units[0] for one in view.lanes[0].columns[1:]] == [*TEAM.units, "s03-traffic"]
    assert painted(view, monkeypatch).count("队外") == 1
    view.go_to(item(view, Part.LANE, "s03"))
    assert view.accessibleDescription().startswith("望湖街道，望湖街道综合执法队：")
    await edit(stage, replace(TEAM, rev=2, name="望湖大队", units=TEAM.units[1:]))
    assert "望湖大队" in painted(view, monkeypatch)
    assert [one.units[0] for one in view.lanes[0].columns[1:4]] == ["s03-urban", "s03-market", "s03-police"]
    await edit(stage, replace(TEAM, rev=3, retired=True))
    said = painted(view, monkeypatch)
    assert ("没有执法队" in said, "队外" in said) == (True, False)


async def test_a_power_that_is_renamed_is_called_so_wherever_it_is_named(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = hall.case(1, kind="e0101")
    stage = opened(case, crew(1, status=CrewStatus.OFF_DUTY))
    stage.seat.focus.choose(case.id, by="queue")
    stage.room.head.tabs.choose("powers")
    await edit(stage, Power("urban", 1, "综合执法", 1, in_every_street=True))
    lane = stage.room.view.lanes[0]
    assert stage.room.view._wording.lane(lane, by="powers") == "综合执法"
    assert "▲ 综合执法此刻无人在岗" in stage.room.side.proposals.missing.texts()
    assert stage.room.side.coverage.table.accessibleDescription() == "望湖：综合执法无人在岗"
    stage.room.head.tabs.choose("streets")
    said = painted(stage.room.view, monkeypatch)
    assert "综合执法" in said
    assert "城管" not in said
    assert "综合执法无人在岗 0:05:00" in said
    assert "一队" in said  # the crew is still called without the name of its unit


async def test_a_street_without_a_unit_that_it_must_have_is_shown_who_could_help(opened: Open) -> None:
    units = [replace(one, power="x") for one in hall.holders() if one.id == "s03-traffic"]
    traffic = Power("traffic", 1, "交警", 4, in_every_street=True)
    stage = opened(*units, traffic, crew(1, "s04-traffic"), crew(2, "s04-traffic"))
    assert "望湖：交警无人在岗" in stage.room.side.coverage.table.accessibleDescription()
    said = [row.said.text() for row in stage.room.side.coverage.moves.rows if not row.isHidden()]
    assert any("缺交警：常青·交警 一队 前移" in one for one in said)


async def test_a_longer_time_in_status_that_was_set_holds_from_the_next_moment_on(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = opened(crew(1, status=LATE, minutes=121))
    view = stage.room.view
    assert "超时" in painted(view, monkeypatch)
    view.go_to(item(view, Part.CREW, f"c-{URBAN}-1"))
    assert view.accessibleDescription().endswith("处置 2:01:00，超过 2:00:00，须过问")
    await edit(stage, Stay("handling", 1, 7200, 9000))
    assert "超时" not in painted(view, monkeypatch)
    assert view.sentence.endswith("，超过 2:00:00")


class Beat:
    """A room with a crew that passes the alarm in a second, and what its lanes paint again."""

    def __init__(self, opened: Open, patch: pytest.MonkeyPatch, *more: Crew) -> None:
        self.stage = opened(crew(1, status=LATE, minutes=119 + 59 / 60), held(1), *more)
        self.view = self.stage.room.view
        self.asked: list[QRegion] = []
        pass_time(self.stage, 1)
        QApplication.processEvents()
        patch.setattr(self.view.viewport(), "update", lambda *area: self.asked.extend(area))

    def turn(self) -> list[QRegion]:
        """Returns what half a second of flashing paints again."""
        self.asked.clear()
        self.view.flashes._beat.timeout.emit()
        return [one for one in self.asked if not one.isEmpty()]


@pytest.fixture
def beat(opened: Open, monkeypatch: pytest.MonkeyPatch) -> Beat:
    return Beat(opened, monkeypatch)


async def test_the_status_flashes_and_nothing_else_is_painted(beat: Beat) -> None:
    view, key = beat.view, f"c-{URBAN}-1"
    assert (view.flashes.crews, view.flashes._beat.isActive(), view.flashes._beat.interval()) == ({key}, True, HALF)
    (area,) = beat.turn()
    row = view.rect_of(item(view, Part.CREW, key))
    assert row.contains(area.boundingRect())
    assert area.boundingRect().width() < row.width() / 2


async def test_lit_and_unlit_look_different_and_painted_alone_as_painted_whole(beat: Beat) -> None:
    view, size = beat.view, beat.view.viewport().size()
    shots = [QImage(size, QImage.Format.Format_RGB32) for _ in range(3)]
    view.viewport().render(shots[0])
    view.viewport().render(shots[1])
    (area,) = beat.turn()
    view.viewport().render(shots[1], area.boundingRect().topLeft(), area)
    view.viewport().render(shots[2])
    assert shots[0] != shots[1]
    assert shots[1] == shots[2]


async def test_it_ends_after_a_while_and_when_the_room_is_left(beat: Beat) -> None:
    flashes = beat.view.flashes
    pass_time(beat.stage, LONGEST - 1)
    assert flashes.crews
    beat.stage.room.leave()
    assert (flashes.crews, flashes._beat.isActive()) == (frozenset(), False)
    beat.stage.room.open()
    assert flashes.crews
    pass_time(beat.stage, 1)
    assert (flashes.crews, flashes._beat.isActive()) == (frozenset(), False)


@pytest.mark.parametrize("look", ["keyboard", "pointer"])
async def test_it_ends_when_somebody_looks_and_begins_anew_with_the_next_status(beat: Beat, look: str) -> None:
    view, row = beat.view, item(beat.view, Part.CREW, f"c-{URBAN}-1")
    if look == "keyboard":
        view.go_to(row)
    else:
        spot = QPointF(view.rect_of(row).center())
        none = Qt.MouseButton.NoButton
        move = QMouseEvent(QEvent.Type.MouseMove, spot, spot, none, none, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(view.viewport(), move)
    pass_time(beat.stage, 1)
    assert view.flashes.crews == frozenset()
    again = crew(1, status=CrewStatus.DISPATCHED, minutes=10 - 1 / 60)
    await edit(beat.stage, replace(again, rev=2))
    assert view.flashes.crews == {again.id}


async def test_where_nothing_may_blink_the_status_stands_still(
    opened: Open, monkeypatch: pytest.MonkeyPatch, still: None
) -> None:
    beat = Beat(opened, monkeypatch)
    assert beat.view.flashes.crews == frozenset()
    assert "超时" in painted(beat.view, monkeypatch)


@pytest.fixture
def still() -> Iterator[None]:
    usual = QApplication.cursorFlashTime()
    QApplication.setCursorFlashTime(0)
    yield
    QApplication.setCursorFlashTime(usual)


def test_each_status_of_a_crew_has_one_word_and_one_shape() -> None:
    states = {str(one) for one in CrewStatus}
    assert {name.removeprefix("crew.") for name in SHAPES if name.startswith("crew.")} == states
    assert terms()["status"].keys() == states
