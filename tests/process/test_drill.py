"""A backup of a running platform, more work, a restore: every act is done once or needs a decision of its person."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from commandcenter.bootstrap import Desk
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Dispatch, File
from commandcenter.server.storage import database
from tests.kit.console import case, done, idle, live, seated, take, until
from tests.kit.district import PASSWORD, small_accounts, small_district
from tests.process.program import PlatformProgram, ending
from tests.process.verdict import judge

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[str]:
    """Runs the platform as a process, yields its address, and kills it after the block."""
    platform = PlatformProgram(data)
    async with ending(platform):
        yield f"http://127.0.0.1:{await platform.up()}"


async def command(name: str, *arguments: object) -> str:
    """Runs the module of `main.py NAME`, which must succeed; returns what it printed."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"commandcenter.operations.{name}",
        *map(str, arguments),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await program.communicate()
    assert program.returncode == 0
    return said.decode()


async def back(desk: Desk, url: str, user: str) -> None:
    """Signs the user in again after the platform has come back, and waits until the desk is live."""
    await desk.user.sign_in(url, user, PASSWORD)
    await live(desk)


def nothing_lost(data: Path, *profiles: Path) -> None:
    for profile in profiles:
        verdict = judge([], profile / "journal.db", database.file_in(data), at_rest=True)
        assert (verdict.lost, verdict.doubled) == ({}, {})


def shown_once(desk: Desk) -> bool:
    ids = [act.cmd_id for act in desk.acts.recent]
    return len(ids) == len(set(ids))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "platform"
    folder.mkdir()
    with database.writing(folder) as connection:
        small_district(connection)
        small_accounts(connection)
    return folder


async def test_what_was_acknowledged_after_the_backup_is_offered_again_and_done_once(tmp_path, data):
    file, early, late = tmp_path / "hall.backup", take(), [take(), take("west")]
    async with (
        running(data) as url,
        seated(tmp_path / "clerk", url, "clerk") as clerk,
        seated(tmp_path / "shift", url, "shift") as shift,
    ):
        await done(clerk, early)
        assert "backup in" in await command("backup", "--data", data, "--to", file)
        for wish in late:
            await done(clerk, wish)
            await until(lambda wish=wish: shift.board.find("case", wish.case))
            await done(shift, File(wish.case))
        await done(shift, File(early.case))
    assert "epoch 2 begins" in await command("restore", file, "--data", data, "--force")
    async with running(data) as url, seated(tmp_path / "clerk", url, "clerk") as clerk:
        assert "restored" in [entry.code for entry in clerk.connection.log]
        await idle(clerk)
        assert shown_once(clerk)
        async with seated(tmp_path / "shift", url, "shift") as shift:
            await until(lambda: len(shift.acts.needing) == len(shift.acts.open))
            assert shown_once(shift)
            assert early.case not in {act.ref[1] for act in shift.acts.needing}
            for act in shift.acts.needing:  # on cases that the restored platform did not know: their person decides
                assert act.code == "changed"
                await shift.decisions.again(act.cmd_id)
            await idle(shift)
            for wish in (early, *late):
                await until(lambda wish=wish: case(clerk, wish.case).stage is Stage.FILED)
                assert case(shift, wish.case) == case(clerk, wish.case)
                assert case(shift, wish.case).rev == 2
    nothing_lost(data, tmp_path / "clerk", tmp_path / "shift")


async def test_consoles_that_stay_open_through_the_restore_go_on_after_the_next_sign_in(tmp_path, data):
    file, late = tmp_path / "hall.backup", [take() for _ in range(4)]
    async with seated_through(tmp_path / "clerk", data) as (clerk, platform):
        await command("backup", "--data", data, "--to", file)
        for wish in late[:2]:
            await done(clerk, wish)
        await platform.kill()
        await until(lambda: clerk.connection.state == "waiting")
        kept = await clerk.do(late[2])
        await command("restore", file, "--data", data, "--force")
        url = f"http://127.0.0.1:{await platform.up()}"
        clerk.user.moved(url)
        await until(lambda: clerk.connection.state == "signed_out")
        assert clerk.acts.find(kept.cmd_id)
        last = await clerk.do(late[3])
        await back(clerk, url, "clerk")
        await idle(clerk)
        assert clerk.acts.find(last.cmd_id) is None
        assert shown_once(clerk)
        assert all(case(clerk, wish.case).number and case(clerk, wish.case).rev == 1 for wish in late)
    nothing_lost(data, tmp_path / "clerk")


async def test_what_somebody_else_did_differently_meanwhile_asks_the_person(tmp_path, data):
    file, wish = tmp_path / "hall.backup", take()
    async with (
        running(data) as url,
        seated(tmp_path / "clerk", url, "clerk") as clerk,
        seated(tmp_path / "shift", url, "shift") as shift,
        seated(tmp_path / "dispatcher", url, "dispatcher") as dispatcher,
    ):
        await done(clerk, wish)
        await until(lambda: shift.board.find("case", wish.case))
        await done(shift, File(wish.case))
        await command("backup", "--data", data, "--to", file)
        await until(lambda: case(dispatcher, wish.case).stage is Stage.FILED)
        mine = await done(dispatcher, Dispatch(wish.case, "east-urban"))
    await command("restore", file, "--data", data, "--force")
    async with running(data) as url:
        async with seated(tmp_path / "desk", url, "east-desk") as other:
            await done(other, Dispatch(wish.case, "east-police"))
        async with seated(tmp_path / "dispatcher", url, "dispatcher") as dispatcher:
            await until(lambda: dispatcher.acts.needing)
            assert [(act.cmd_id, act.code) for act in dispatcher.acts.open] == [(mine.cmd_id, "changed")]
            assert case(dispatcher, wish.case).responsible == "east-police"
            assert shown_once(dispatcher)
    nothing_lost(data, tmp_path / "desk", tmp_path / "dispatcher")


@asynccontextmanager
async def seated_through(profile: Path, data: Path) -> AsyncIterator[tuple[Desk, PlatformProgram]]:
    """Yields a clerk's console and its platform, which the test may kill and start again."""
    platform = PlatformProgram(data)
    async with ending(platform), seated(profile, f"http://127.0.0.1:{await platform.up()}", "clerk") as clerk:
        yield clerk, platform
