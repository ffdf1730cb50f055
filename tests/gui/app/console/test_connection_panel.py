"""What the console says of its connection and of what failed."""

import asyncio
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel

from commandcenter.bootstrap import Unavailable
from tests.kit.signed_desk import PEOPLE, SignedDesk
from tests.kit.turns import seen
from ui.app.console import Console
from ui.window import Window


async def test_the_connection_panel_knows_address_and_last_error(
    opened: Callable[..., Console], window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    console.registry.trigger("going")
    await asyncio.sleep(0)
    assert [label.text() for label in window.docks["lower"].findChildren(QLabel) if "127.0.0.1:9" in label.text()]


@pytest.mark.expects_log("E-")
async def test_what_fails_in_the_work_of_the_desk_has_a_number_and_what_the_world_prevents_a_sentence(
    opened: Callable[..., Console], desk: SignedDesk, window: Window
) -> None:
    console = opened(sits=PEOPLE["d07"])
    desk.tasks.failed.emit(Unavailable("unreachable", "http://hall"))
    await seen(lambda: any("http://hall" in label.text() for label in window.toasts.findChildren(QLabel)))
    desk.tasks.failed.emit(RuntimeError("ours"))
    console.registry.trigger("going")
    await asyncio.sleep(0)
    last = console._shell.faults.last
    assert last
    assert [label for label in window.docks["lower"].findChildren(QLabel) if last in label.text()]
