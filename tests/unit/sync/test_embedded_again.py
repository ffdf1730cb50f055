"""The platform beside the console, with a stand-in for its process: how it is started, watched, and left alone."""

import asyncio
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from commandcenter.sync import embedded_platform as module
from commandcenter.sync.demo_accounts import demo_account
from commandcenter.sync.embedded_platform import PORT, STOP, EmbeddedPlatform
from commandcenter.sync.unavailable import Unavailable
from tests.kit.console import until


class Process:
    """A platform that is ready at once, or does what it was told to; it ends when a test says so."""

    all: ClassVar[list["Process"]] = []
    broken: str | None = None  # why it ends before it is ready
    mute = False  # neither ready nor at its end
    url = "http://127.0.0.1:{port}"

    def __init__(self, arguments: tuple[str, ...], log: Path, *, said: Callable[[str], None] | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[str] = loop.create_future()
        self.ended: asyncio.Future[int] = loop.create_future()
        self.arguments, self.log, self.said, self.why = arguments, log, said, self.broken or ""
        self.stopped: list[float] = []
        self.all.append(self)
        port = arguments[arguments.index("--port") + 1]
        if self.broken is not None:
            self.die()
        elif not self.mute:
            self.ready.set_result(self.url.format(port=port if port != "0" else 4711))

    def die(self) -> None:
        if not self.ended.done():
            self.ended.set_result(1)

    kill = die

    async def stop(self, patience: float) -> None:
        self.stopped.append(patience)
        self.die()

    def last_words(self) -> str:
        return "bye"


class Beside(EmbeddedPlatform):
    """What it says, and when."""

    def __init__(self, folder: Path) -> None:
        self.time = 0.0
        super().__init__(folder / "main.py", folder / "log", mono=lambda: self.time)
        self.addresses, self.ends = list[str](), list[str]()

    def listened(self) -> None:
        self.moved.connect(lambda addresses: self.addresses.append(addresses[1]))
        self.ended.connect(self.ends.append)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> type[Process]:
    class Own(Process):
        all: ClassVar[list[Process]] = []  # of this test

    monkeypatch.setattr(module, "PlatformProcess", Own)
    return Own


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was paused, with no time lost."""
    real, found = asyncio.sleep, list[float]()

    async def sleep(seconds: float) -> None:
        found.append(seconds)
        await real(0)

    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    return found


async def test_before_its_first_start_there_is_nothing_to_kill_or_to_stop(tmp_path, process):
    beside = Beside(tmp_path)
    assert (beside.url, beside.data, beside.is_up) == ("", None, False)
    assert not await beside.kill()
    await beside.stop()
    with pytest.raises(Unavailable, match="platform_ended"):
        async with beside.stopped():
            raise AssertionError("there is no folder")
    assert process.all == []


@pytest.mark.parametrize("demo", [True, False])
async def test_it_is_started_in_its_folder_and_ended_in_good_order(tmp_path, process, demo):
    beside, said = Beside(tmp_path), []
    assert await beside.start(tmp_path, demo=demo, progress=said.append) == beside.url == "http://127.0.0.1:4711"
    (one,) = process.all
    options = ("--data", str(tmp_path), *(["--demo"] if demo else []))
    assert one.arguments == (str(tmp_path / "main.py"), "serve", "--port", "0", "--with-console", *options)
    assert (one.log, one.said, beside.data, beside.is_up) == (tmp_path / "log", said.append, tmp_path, True)
    assert (tmp_path / PORT).read_text() == "4711"
    await beside.stop()
    assert (one.stopped, beside.is_up) == ([STOP], False)
    await beside.stop()
    assert len(process.all) == 1


async def test_an_address_without_a_port_is_kept_as_none(tmp_path, process):
    process.url, beside = "http://localhost", Beside(tmp_path)
    await beside.start(tmp_path)
    assert (tmp_path / PORT).read_text() == "0"
    await beside.stop()


@pytest.mark.parametrize(("is_taken", "kept"), [(False, "{port}"), (True, "{port}"), (False, "no number")])
async def test_it_is_where_it_was_last_unless_that_is_taken(tmp_path, process, is_taken, kept):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        if is_taken:
            other.listen()
        else:
            other.close()
        (tmp_path / PORT).write_text(kept.format(port=port))
        beside = Beside(tmp_path)
        await beside.start(tmp_path)
        arguments = process.all[0].arguments
        wanted = str(port) if not is_taken and kept == "{port}" else "0"
        assert arguments[arguments.index("--port") + 1] == wanted
        await beside.stop()


def test_an_address_that_was_just_let_go_of_is_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            server.accept()[0].close()  # the server's end first: the system remembers it for a while
            assert client.recv(1) == b""
        assert not module._is_free(port)
    assert module._is_free(port)
    assert not module._is_free(1 << 20)


@pytest.mark.parametrize(
    ("deaths", "is_left_alone"),
    [
        ([0, 1, 2, 3], False),
        ([0, 1, 2, 3, 4], True),
        ([0, 1, 2, 3, 59.5], True),
        ([0, 15, 30, 45, 60], False),
        ([0, 100, 101, 102, 103, 104], True),
        ([0, 100, 101, 102, 103, 160, 161], False),
    ],
)
@pytest.mark.parametrize("is_heard", [True, False])
async def test_one_that_dies_too_often_in_a_minute_is_left_alone(
    tmp_path, process, pauses, deaths, is_left_alone, is_heard
):
    beside = Beside(tmp_path)
    if is_heard:
        beside.listened()
    beside.time = -1000.0
    await beside.start(tmp_path)
    await asyncio.sleep(0)  # it is watched from now on
    for number, at in enumerate(deaths, 1):
        beside.time = at
        process.all[-1].die()
        await until(lambda number=number: len(process.all) > number or beside._watching.done())
    assert beside._watching.done() is is_left_alone
    starts = len(deaths) - is_left_alone
    await until(lambda: not is_heard or len(beside.addresses) == starts)
    assert beside.ends == (["bye"] if is_heard and is_left_alone else [])
    assert [pause for pause in pauses if pause >= 0.1] == pytest.approx([0.2 * min(n, 5) for n in range(1, starts + 1)])
    assert beside.is_up is not is_left_alone
    await beside.stop()


async def test_one_that_does_not_come_up_again_is_told_nowhere_before_it_is(tmp_path, process, pauses):
    beside = Beside(tmp_path)
    beside.listened()
    await beside.start(tmp_path)
    process.broken = ""
    process.all[-1].die()
    await until(lambda: len(process.all) == 3)
    process.broken = None
    await until(lambda: beside.addresses)
    assert beside.addresses == [beside.url]
    assert beside.is_up
    await beside.stop()


@pytest.mark.parametrize(
    ("why", "code", "about"), [("", "platform_ended", "bye"), ("newer", "newer_database", "{data}")]
)
async def test_one_that_ends_at_once_says_why(tmp_path, process, pauses, why, code, about):
    process.broken = why
    beside = Beside(tmp_path)
    with pytest.raises(Unavailable) as said:
        await beside.start(tmp_path)
    assert (said.value.code, said.value.about) == (code, about.format(data=tmp_path))
    for _ in range(8):
        await asyncio.sleep(0)
    assert [one.stopped for one in process.all] == [[STOP]]  # and is not tried again


async def test_one_that_is_ready_in_no_time_at_all_is_too_slow_and_stopped(tmp_path, process, monkeypatch):
    monkeypatch.setattr(module, "START", 0.01)
    process.mute = True
    beside = Beside(tmp_path)
    with pytest.raises(Unavailable) as said:
        await beside.start(tmp_path)
    assert (said.value.code, process.all[0].stopped) == ("platform_slow", [STOP])


async def test_a_console_that_ends_while_it_stands_still_starts_nothing(tmp_path, process):
    beside = Beside(tmp_path)
    await beside.start(tmp_path)

    async def stand_still() -> None:
        async with beside.stopped():
            await asyncio.Event().wait()

    standing = asyncio.ensure_future(stand_still())
    await until(lambda: not beside.is_up)
    standing.cancel()
    await asyncio.wait({standing})
    assert standing.cancelled()
    assert len(process.all) == 1
    await beside.stop()


async def test_one_that_is_killed_is_up_again_before_that_is_said(tmp_path, process, pauses):
    beside = Beside(tmp_path)
    beside.listened()
    await beside.start(tmp_path)
    for times in range(1, 8):  # more often than it would be let die by itself
        assert await beside.kill()
        assert (len(process.all), len(beside.addresses)) == (times + 1, times)
    assert beside.ends == []
    await beside.stop()
    for _ in range(8):
        await asyncio.sleep(0)
    assert (await beside.kill(), len(process.all)) == (False, 8)  # nor is it started any more


async def test_who_kills_it_as_the_console_ends_is_told_that_it_is_not_up(tmp_path, process):
    beside = Beside(tmp_path)
    await beside.start(tmp_path)
    killing = asyncio.ensure_future(beside.kill())
    await asyncio.sleep(0)
    await beside.stop()
    assert not await killing


async def test_while_it_stands_still_nothing_is_started_and_afterwards_it_is_watched_anew(tmp_path, process, pauses):
    beside = Beside(tmp_path)
    beside.listened()
    await beside.start(tmp_path)
    for _ in range(2):
        for _ in range(4):  # one death more would be too many
            told = len(beside.addresses)
            process.all[-1].die()
            await until(lambda told=told: len(beside.addresses) > told)
        one, starts = process.all[-1], len(process.all)
        async with beside.stopped() as data:
            assert (data, one.stopped, beside.is_up, await beside.kill()) == (tmp_path, [STOP], False, False)
            for _ in range(8):
                await asyncio.sleep(0)
            assert len(process.all) == starts
        assert (len(process.all), beside.is_up, beside.addresses[-1]) == (starts + 1, True, beside.url)
    assert await beside.kill()
    assert beside.ends == []
    await beside.stop()


def test_the_first_account_of_a_role_is_taken_where_no_name_is_given(tmp_path):
    accounts = [{"user": f"d{number}", "password": f"p{number}", "role": "dispatcher"} for number in range(3)]
    (tmp_path / "demo_accounts.json").write_text(json.dumps(accounts))
    assert demo_account(tmp_path) == ("d0", "p0")
    assert demo_account(tmp_path, "d1") == ("d1", "p1")


@pytest.mark.parametrize(("names", "more"), [(4, ""), (5, ", … 6 in demo_accounts.json")])
def test_a_name_that_nobody_has_is_answered_with_four_that_there_are(tmp_path, names, more):
    accounts = [{"user": f"k{number}", "password": "p", "role": "unit"} for number in range(names)]
    accounts.append({"user": "unit", "password": "q", "role": "unit"})
    (tmp_path / "demo_accounts.json").write_text(json.dumps(accounts))
    with pytest.raises(Unavailable) as said:
        demo_account(tmp_path, "zzz")
    told = said.value.about
    assert told.startswith("zzz (unit, k")
    assert told.count("k") == 4
    assert told.endswith(f"{more})")
    assert ("…" in told) is bool(more)
    assert demo_account(tmp_path, "unit") == ("unit", "q")
