"""The console of an open desk, in a window of its own."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from commandcenter.domain.people import Person
from commandcenter.settings.file import open_settings
from tests.kit.signed_desk import URL, SignedDesk
from ui.app.console import Console
from ui.app.host import Host
from ui.app.process.arguments import StartOptions
from ui.app.process.faults import Faults
from ui.app.process.marks import Marks
from ui.app.shell import Network, Shell
from ui.kit.seat import tasks
from ui.map.panel import MapPanel
from ui.window import Window

HALL = Network()


@pytest.fixture
def desk() -> SignedDesk:
    return SignedDesk()


@pytest.fixture
async def opened(
    window: Window, desk: SignedDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Console]]:
    monkeypatch.setattr(MapPanel, "start", lambda _map: None)  # no web engine: no story here looks at the map
    window.show()
    made: list[Console] = []

    def build(user: str = "", password: str = "right", sits: Person | None = None, network: Network = HALL) -> Console:
        desk.person = sits
        start, settings = StartOptions(url=URL, user=user, password=password), open_settings(folder=tmp_path)
        shell = Shell(
            window=window,
            start=start,
            settings=settings,
            host=Host(start, settings),
            faults=Faults(),
            marks=Marks(on=False),
            network=network,
            leave=lambda: None,
        )
        console = Console(shell, desk)  # type: ignore[arg-type]
        made.append(console)
        return console

    yield build
    await tasks.close()
    for console in made:
        await console.close_rooms()
