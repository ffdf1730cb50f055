"""The platform of a console: whoever asks for the embedded one gets the same, however many ask at once."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from commandcenter.bootstrap import EmbeddedPlatform, Unavailable
from commandcenter.settings.file import open_settings
from ui.app.host import Host
from ui.app.process.arguments import read

URL = "http://127.0.0.1:4711"


class Slow(EmbeddedPlatform):
    """A platform that is ready, or fails, when the test says so."""

    def __init__(self, *_about: object) -> None:
        super().__init__(Path("main.py"), Path("log"))
        self.starts: list[asyncio.Future[None]] = []

    async def start(self, *_about: Any, **_more: Any) -> str:
        self.starts.append(asyncio.get_running_loop().create_future())
        await self.starts[-1]
        self.url = URL
        return URL


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    monkeypatch.setattr("ui.app.host.EmbeddedPlatform", Slow)
    return Host(read(["--data", str(tmp_path)]), open_settings(folder=tmp_path / "profile"))


async def asked(host: Host, times: int) -> list["asyncio.Task[str]"]:
    asking = [asyncio.ensure_future(host.reach(lambda _line: None)) for _ in range(times)]
    await asyncio.sleep(0)
    return asking


async def test_who_signs_in_while_it_starts_waits_for_the_same_platform(host: Host) -> None:
    first, second = await asked(host, 2)
    (start,) = host.embedded.starts  # type: ignore[union-attr]
    start.set_result(None)
    assert [await first, await second, await (await asked(host, 1))[0]] == [URL] * 3
    assert len(host.embedded.starts) == 1  # type: ignore[union-attr]


async def test_one_that_failed_is_started_again_for_who_asks_next(host: Host) -> None:
    (first,) = await asked(host, 1)
    host.embedded.starts[0].set_exception(Unavailable("platform_ended", "no more"))  # type: ignore[union-attr]
    with pytest.raises(Unavailable, match="platform_ended"):
        await first
    (second,) = await asked(host, 1)
    host.embedded.starts[1].set_result(None)  # type: ignore[union-attr]
    assert await second == URL
