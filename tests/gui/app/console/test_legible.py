"""No text of the desk is cut or laid over another: at each size of window, in both languages."""

from collections.abc import AsyncIterator, Callable

import pytest
from PySide6.QtWidgets import QApplication

from commandcenter.domain.cases import Case
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder
from commandcenter.store.board import Board
from commandcenter.sync.connection import State
from tests.kit import coordinated, hall
from tests.kit.legible import Drawing
from tests.kit.signed_desk import PEOPLE, SignedDesk
from ui.actions.keysheet import KeyRows
from ui.app.console import Console
from ui.kit.texts.words import speak
from ui.window import Window

SCREENS = ((1366, 768), (1920, 1080), (2560, 1440))
SCALES = (1.0, 1.25, 1.5, 2.0)
LEAST = (960, 540)  # logical pixels; 1366 x 768 at 150 or 200 % is smaller than a window can be
SIZES = {(round(wide / scale), round(high / scale)) for wide, high in SCREENS for scale in SCALES}
ROOMS = ("", "teams", "leads", "inbox", "handover")


@pytest.fixture
def desk() -> SignedDesk:
    desk = SignedDesk()
    desk.connection.to(State.CONNECTING)
    desk.connection.to(State.LIVE)
    desk.connection.age(stale=False)
    coordination = [*coordinated.departments(), *coordinated.everywhere(40)]
    desk.board.apply([*hall.reference(), *coordination, *hall.cases(60, first=1_000), hall.case(421)])
    return desk


@pytest.fixture
async def console(opened: Callable[..., Console]) -> AsyncIterator[Console]:
    console = opened(sits=PEOPLE["d07"])
    console.seat.focus.choose(hall.case(421).id, by="test")
    yield console
    speak("zh")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("room", ROOMS)
async def test_no_text_is_cut_or_laid_over_another(
    console: Console, window: Window, desk: SignedDesk, language: str, room: str
) -> None:
    speak(language)
    enter(console, room)
    may_give_way = giving_way(desk.board)
    for size in sorted(size for size in SIZES if size >= LEAST):
        drawing = drawn(window, size)
        assert not set(drawing.cut()) - may_give_way, size
        assert drawing.laid_over() == [], size


def enter(console: Console, room: str) -> None:
    if room:
        console.workspace.rooms.open(room)


def drawn(window: Window, size: tuple[int, int]) -> Drawing:
    window.resize(*size)
    for _ in range(3):
        QApplication.processEvents()
    return Drawing(window)


def giving_way(board: Board) -> set[str]:
    """Returns the texts that give way where room is short, which tooltips tell in full: places, bodies, long kinds."""
    places = {case.place for case in board.all("case") if isinstance(case, Case)}
    bodies = {name for one in board.all("holder") if isinstance(one, Holder) for name in (one.name, one.short)}
    bodies |= {name.rpartition("·")[2] for name in bodies}
    return places | bodies | {kind.name for kind in board.all("kind") if isinstance(kind, Kind) and len(kind.name) > 5}


@pytest.mark.parametrize("room", ROOMS)
async def test_neither_is_a_time_cut_while_the_clocks_stand(
    console: Console, window: Window, desk: SignedDesk, room: str
) -> None:
    desk.pass_time(4 * 3600)
    console.seat.follow.second.emit()
    enter(console, room)
    for size in ((1366, 768), (1920, 1080)):
        assert not set(drawn(window, size).cut()) - giving_way(desk.board), size


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_neither_is_a_row_of_the_key_sheet(console: Console, window: Window, language: str) -> None:
    speak(language)
    drawn(window, (1366, 768))
    console.registry.trigger("keys")
    rows = [text for text in drawn(window, (1366, 768)).texts if isinstance(text.widget, KeyRows)]
    assert rows
    assert [text.words for text in rows if text.is_cut] == []
