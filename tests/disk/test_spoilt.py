"""Damaged, newer and read-only files: the cache is rebuilt; a journal is left untouched, and the error is reported."""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.cache.journal_schema import VERSION
from commandcenter.store.overlay import Delivery
from tests.disk.small_disk import small_disk
from tests.kit.console import Wire, console, done, hall, live, seated, take
from tests.kit.district import PASSWORD
from tests.kit.rights import an_ordinary_user

OFFSETS = 100


@pytest.fixture
async def profile(tmp_path: Path) -> tuple[Path, str, set[str]]:
    """Returns (folder, id of the act kept in it, ids of the cases on its board); its platform has stopped."""
    network, wishes = Wire(), [take() for _ in range(12)]
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk", network) as clerk:
        for wish in wishes:
            await done(clerk, wish)
        network.cut()
        act = await clerk.do(last := take())
    return tmp_path / "a", act.cmd_id, {wish.case for wish in (*wishes, last)}


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.iterdir() if file.name != "lock" and not file.name.endswith("-shm"))
    return {file.name: file.read_bytes() for file in files}


async def refused(folder: Path) -> str:
    """Returns the code with which a console refuses to open the profile, of which no byte may change."""
    before = contents(folder)
    with pytest.raises(Unavailable) as said:
        async with console(folder):
            pass
    assert contents(folder) == before
    return said.value.code


async def test_a_cache_spoilt_anywhere_is_made_anew_and_what_is_kept_stays(tmp_path, profile, chance):
    folder, kept, cases = profile
    anew = 0
    size = (folder / "cache.db").stat().st_size
    for number in range(OFFSETS):
        spoilt = tmp_path / f"spoilt-{number}"
        shutil.copytree(folder, spoilt)
        with (spoilt / "cache.db").open("r+b") as raw:
            raw.seek(chance.randrange(size))
            raw.write(chance.randbytes(chance.choice((1, 16, 600))))
        async with console(spoilt) as desk:
            assert [(act.cmd_id, act.delivery) for act in desk.acts.open] == [(kept, Delivery.KEPT)]
            found = {case.id for case in desk.board.all("case")}
            if found != cases:
                anew += 1
                assert "cache_rebuilt" in [entry.code for entry in desk.connection.log]
                assert not found - cases
    assert anew > OFFSETS // 10


async def test_after_a_spoilt_cache_the_board_comes_back_from_the_platform(tmp_path, profile):
    folder, _, cases = profile
    (folder / "cache.db").write_bytes(b"spoilt" * 3000)
    async with hall(tmp_path / "platform") as url, console(folder) as desk:
        await desk.user.sign_in(url, "clerk", PASSWORD)
        await live(desk)
        assert {case.id for case in desk.board.all("case")} == cases


async def test_a_journal_from_a_newer_version_is_refused_and_nothing_is_touched(profile):
    folder, _, _ = profile
    with closing(sqlite3.connect(folder / "journal.db")) as journal:
        journal.execute(f"PRAGMA user_version = {VERSION + 1}")
    assert await refused(folder) == "newer_journal"


async def test_a_damaged_journal_is_said_and_nothing_is_touched(profile):
    folder, kept, _ = profile
    good = (folder / "journal.db").read_bytes()
    for at in (0, 60, 4096, good.index(kept.encode()), good.rindex(kept.encode())):
        spoilt = bytearray(good)
        spoilt[at : at + 300] = b"\xa5" * 300
        (folder / "journal.db").write_bytes(spoilt)
        assert await refused(folder) == "journal_damaged"
    (folder / "journal.db").write_bytes(good)
    async with console(folder) as desk:
        assert len(desk.acts.open) == 1


async def test_a_damaged_journal_of_a_console_that_was_killed_keeps_its_log_too(tmp_path, profile):
    folder, _, _ = profile
    async with hall(tmp_path / "platform") as url, seated(folder, url, "clerk") as desk:
        kept = (await done(desk, take())).cmd_id
        shutil.copytree(folder, tmp_path / "killed")  # as kill -9 leaves it: the newest rows are in the WAL
    journal = tmp_path / "killed" / "journal.db"
    good = journal.read_bytes()
    assert journal.with_name("journal.db-wal").stat().st_size > 0
    journal.write_bytes(good[:4096] + b"\xa5" * (len(good) - 4096))
    assert await refused(tmp_path / "killed") == "journal_damaged"
    journal.write_bytes(good)
    async with console(tmp_path / "killed") as desk:
        assert desk.acts.recent[-1].cmd_id == kept


@pytest.mark.small_disk
async def test_a_read_only_disk_is_said_and_nothing_is_touched(tmp_path, profile):
    folder, kept, _ = profile
    with small_disk(tmp_path / "disk", kilobytes=4000) as disk:
        shutil.copytree(folder, disk.folder / "a")
        disk.read_only(True)
        assert await refused(disk.folder / "a") == "read_only"
        disk.read_only(False)
        async with console(disk.folder / "a") as desk:
            assert [act.cmd_id for act in desk.acts.open] == [kept]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
async def test_a_read_only_folder_is_said_and_nothing_is_touched(profile):
    folder, kept, _ = profile
    with an_ordinary_user(folder):
        for file in folder.iterdir():
            file.chmod(0o400)
        folder.chmod(0o500)
        assert await refused(folder) == "read_only"
        folder.chmod(0o700)
        for file in folder.iterdir():
            file.chmod(0o600)
        async with console(folder) as desk:
            assert [act.cmd_id for act in desk.acts.open] == [kept]
