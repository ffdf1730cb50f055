"""The drill: kill, back up, restore on a platform beside the console; what is told when it does not go as ordered."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from commandcenter.bootstrap import Desk, EmbeddedPlatform, follow_restarts
from commandcenter.demonstration.drill import Drill
from commandcenter.demonstration.faulty_network import FaultyNetwork
from commandcenter.domain.commands import File
from commandcenter.server.storage import database
from tests.kit.console import case, done, idle, live, seated, take, until
from tests.kit.district import PASSWORD, small_accounts, small_district

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "platform"
    folder.mkdir()
    with database.writing(folder) as connection:
        small_district(connection)
        small_accounts(connection)
    return folder


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[Drill]:
    embedded = EmbeddedPlatform(ROOT / "main.py", data.parent / "platform.log")
    await embedded.start(data, demo=False)
    try:
        yield Drill(FaultyNetwork(), embedded)
    finally:
        await embedded.stop()


@asynccontextmanager
async def sitting(folder: Path, drill: Drill, user: str) -> AsyncIterator[Desk]:
    platform = drill.platform
    assert platform is not None
    async with seated(folder, platform.url, user) as desk:
        follow_restarts(desk, platform)
        desk.user.stored_account = lambda: (platform.url, user, PASSWORD)
        yield desk


def steps(drill: Drill) -> list[str]:
    """Each step as it comes; the list goes on growing."""
    seen: list[str] = []
    drill.changed.connect(lambda _: seen.append(drill.step) if drill.step not in seen[-1:] else None)
    return seen


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
async def test_a_killed_platform_comes_back_and_what_was_done_meanwhile_is_delivered(tmp_path, data):
    async with running(data) as drill, sitting(tmp_path / "clerk", drill, "clerk") as clerk:
        seen, wish = steps(drill), take()
        killing = clerk.tasks.run(drill.kill(), "kill")
        await until(lambda: drill.step == "killed")
        await clerk.do(wish)
        await killing
        assert drill.told is not None
        assert (drill.told.code, drill.told.is_well) == ("came_back", True)
        assert seen == ["killed", ""]
        await idle(clerk)
        assert case(clerk, wish.case).number


async def test_a_restore_begins_an_epoch_and_the_console_offers_again_what_came_after_the_backup(tmp_path, data):
    async with (
        running(data) as drill,
        sitting(tmp_path / "shift", drill, "shift") as shift,
        seated(tmp_path / "clerk", drill.platform.url, "clerk") as clerk,
    ):
        wish = take()
        await done(clerk, wish)
        await until(lambda: shift.board.find("case", wish.case))
        assert drill.newest is None
        await drill.back_up()
        assert drill.told.code == "backed_up"
        assert drill.newest == drill.told.values["at"]
        await done(shift, File(wish.case))
        seen = steps(drill)
        await drill.restore()
        assert seen == ["stopping", "restoring", "restarting", ""]
        assert (drill.told.code, drill.told.values["epoch"]) == ("restored", 2)
        await until(lambda: "restored" in [entry.code for entry in shift.connection.log])
        await live(shift)
        await idle(shift)
        assert case(shift, wish.case).stage == "filed"
        assert case(shift, wish.case).rev == 2
    assert list(data.glob("before-restore-*"))


async def test_of_what_restores_put_aside_the_newest_are_kept(data):
    for day in ("20260101", "20260102"):
        (data / f"before-restore-{day}T000000Z").mkdir()
    async with running(data) as drill:
        await drill.back_up()
        await drill.restore()
        assert drill.told.code == "restored"
    kept = sorted(folder.name for folder in data.glob("before-restore-*"))
    assert len(kept) == 2
    assert kept[0] == "before-restore-20260102T000000Z"


async def test_without_a_backup_nothing_is_restored_and_that_is_told(data):
    async with running(data) as drill:
        url = drill.platform.url
        await drill.restore()
        assert (drill.told.code, drill.told.is_well) == ("no_backup", False)
        assert drill.platform.is_up
        assert drill.platform.url == url


async def test_a_spoilt_backup_is_refused_and_the_platform_goes_on_as_it_was(tmp_path, data):
    async with running(data) as drill, sitting(tmp_path / "clerk", drill, "clerk") as clerk:
        wish = take()
        await done(clerk, wish)
        await drill.back_up()
        (file,) = (data / "backups").glob("*.backup")
        file.write_bytes(file.read_bytes()[:-200])
        await drill.restore()
        assert (drill.told.code, drill.told.is_well) == ("not_restored", False)
        assert drill.told.values["why"] in ("damaged", "foreign")
        assert drill.step == ""
        await until(lambda: drill.platform.is_up)
        await live(clerk)
        assert case(clerk, wish.case).rev == 1


async def test_a_disk_that_takes_no_backup_is_told(data):
    (data / "backups").write_text("a file where the folder should be")
    async with running(data) as drill:
        await drill.back_up()
        assert (drill.told.code, drill.told.values["why"]) == ("not_backed_up", "disk")
        assert drill.step == ""


async def test_a_platform_that_does_not_come_back_is_told_and_can_be_started(data):
    async with running(data) as drill:
        await drill.back_up()
        drill.platform._main = data / "nowhere.py"
        await drill.restore()
        assert (drill.told.code, drill.told.is_well) == ("not_started", False)
        assert "nowhere.py" in drill.told.values["about"]
        assert not drill.platform.is_up
        drill.platform._main = ROOT / "main.py"
        await drill.start()
        assert drill.told.code == "came_back"
        assert drill.platform.is_up


async def test_an_order_that_ends_in_an_error_of_ours_is_over_and_that_is_seen(tmp_path, monkeypatch):
    platform = EmbeddedPlatform(ROOT / "main.py", tmp_path / "platform.log")
    drill, seen = Drill(FaultyNetwork(), platform), []
    drill.changed.connect(lambda _: seen.append(drill.step))

    async def broken() -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(platform, "kill", broken)
    with pytest.raises(ZeroDivisionError):
        await drill.kill()
    assert (seen, drill.told) == (["killed", ""], None)


async def test_a_platform_that_cannot_be_killed_is_told(tmp_path, monkeypatch):
    platform = EmbeddedPlatform(ROOT / "main.py", tmp_path / "platform.log")
    drill = Drill(FaultyNetwork(), platform)

    async def refused() -> bool:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(platform, "kill", refused)
    await drill.kill()
    assert (drill.told.code, drill.told.values["about"], drill.step) == ("stays_away", "Operation not permitted", "")


async def test_on_another_s_platform_only_the_network_is_in_hand():
    drill = Drill(FaultyNetwork(), None)
    for order in (drill.kill, drill.back_up, drill.restore, drill.start):
        await order()
    assert (drill.step, drill.told, drill.newest) == ("", None, None)
    drill.cut()
    drill.slow(2.0)
    drill.lose_answers()
    assert drill.since is not None
    drill.cut(False)
    assert (drill.network.is_cut, drill.network.delay, drill.since) == (False, 2.0, None)
    drill.mend()
    assert drill.network.is_well
