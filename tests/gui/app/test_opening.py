"""A console opens state by state, and can be closed in any of them."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from commandcenter.bootstrap import Desk, Unavailable
from commandcenter.cache.profile_lock import ProfileLock
from commandcenter.settings.file import open_settings
from tests.kit.turns import seen
from ui.app import opening
from ui.app.console import Console
from ui.app.console_application import ConsoleApplication
from ui.app.host import Host
from ui.app.process.arguments import StartOptions
from ui.app.process.faults import Faults
from ui.app.process.marks import Marks
from ui.app.profile_error import ProfileErrorCard
from ui.kit.seat import tasks
from ui.map.panel import MapPanel
from ui.signin.panel import SignInCard
from ui.window import Window
from ui.window.room_window import RoomWindow


@pytest.fixture
def application(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ConsoleApplication:
    monkeypatch.setattr(MapPanel, "start", lambda _map: None)  # no web engine: no story here looks at the map
    window.show()
    start, settings = StartOptions(url="http://127.0.0.1:9"), open_settings(folder=tmp_path)
    return ConsoleApplication(window, start, settings, Faults(), Marks(on=False))


async def close(application: ConsoleApplication) -> None:
    application.window.close()
    assert application.ended.is_set()
    await asyncio.wait_for(application.close(), 60)
    assert not application.window.isVisible()
    assert tasks.running() == ()


def rooms_outside() -> list[QWidget]:
    return [top for top in QApplication.topLevelWidgets() if isinstance(top, RoomWindow) and top.isVisible()]


def refusing_once(monkeypatch: pytest.MonkeyPatch) -> list[Desk]:
    """Makes the profile refuse to open once; returns the desks that are opened after that."""
    opened: list[Desk] = []
    tries = iter([Unavailable("profile_in_use", "")])
    real: Callable = opening.open_desk

    async def open_desk(*about: object, **more: object) -> Desk:
        for refusal in tries:
            raise refusal
        opened.append(await real(*about, **more))
        return opened[-1]

    monkeypatch.setattr(opening, "open_desk", open_desk)
    return opened


async def test_closed_before_anything_is_open(application: ConsoleApplication) -> None:
    with pytest.raises(AssertionError):
        application.console  # noqa: B018 (there is none)
    await close(application)


async def test_closed_while_the_platform_still_starts(
    application: ConsoleApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = asyncio.Event()

    async def never(*_about: object) -> str:
        reached.set()
        await asyncio.Event().wait()
        return ""

    monkeypatch.setattr(Host, "reach", never)
    await asyncio.wait_for(application.open(), 60)
    await asyncio.wait_for(reached.wait(), 60)
    assert application.console.workspace.person is None  # what is kept here can be read already
    await close(application)


async def test_closed_while_it_asks_who_signs_in(
    application: ConsoleApplication, window: Window, tmp_path: Path
) -> None:
    await application.open()
    await seen(lambda: window.findChildren(SignInCard))
    assert window.findChildren(SignInCard)[0].isVisible()
    await close(application)
    assert not window.findChildren(SignInCard)[0].isVisible()
    ProfileLock(tmp_path).release()  # Unavailable, were the desk still open


async def test_a_profile_that_cannot_be_opened_is_shown_and_opened_when_asked_again(
    application: ConsoleApplication, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = refusing_once(monkeypatch)
    await application.open()
    assert application.failed
    assert isinstance(window.centralWidget(), ProfileErrorCard)
    assert not window.topbar.isEnabled()
    window.centralWidget()._again()
    await seen(lambda: opened)
    await seen(lambda: not application.failed)
    assert window.topbar.isEnabled()
    assert application.console.seat.desk is opened[0]
    await close(application)


async def test_closed_while_it_shows_why_not(
    application: ConsoleApplication, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing_once(monkeypatch)
    await application.open()
    (leave,) = window.centralWidget().findChildren(QPushButton)
    leave.click()
    assert application.ended.is_set()
    await close(application)
    assert application.failed


async def test_an_error_of_ours_while_the_screens_are_built_leaves_no_desk_open(
    application: ConsoleApplication, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_about: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(Console, "_settle", broken)
        with pytest.raises(ZeroDivisionError):
            await application.open()
    await application.open()  # the profile is free again
    assert isinstance(application.console, Console)
    await close(application)


async def test_quitting_closes_the_windows_of_rooms_at_once_however_long_the_rest_takes(
    application: ConsoleApplication, window: Window
) -> None:
    await application.open()
    await seen(lambda: window.findChildren(SignInCard))
    for name in ("queue", "case"):
        window.docks[name].toggle()
    assert len(rooms_outside()) == 2
    left: list[list[QWidget]] = []

    async def slow_to_end() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            left.append(rooms_outside())

    tasks.spawn(slow_to_end(), name="slow to end")
    await asyncio.sleep(0)
    await close(application)
    assert left == [[]]
    assert window.kept.text("case/out")  # there again at the next start


async def test_quitting_after_an_error_of_ours_leaves_no_window_of_a_room(
    application: ConsoleApplication, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_about: object) -> None:
        raise ZeroDivisionError

    window.kept.keep("case/out", "yes")
    monkeypatch.setattr(Console, "_settle", broken)
    with pytest.raises(ZeroDivisionError):
        await application.open()
    assert len(rooms_outside()) == 1
    await close(application)
    assert rooms_outside() == []
