"""A damaged journal: its readable rows are offered and taken over, and the damaged file is kept under another name."""

import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.cache import salvage as salvaging
from commandcenter.cache.salvage import Salvaged, salvage
from commandcenter.store.overlay import Delivery
from commandcenter.sync.recovery import readable, take_over
from tests.kit.console import Wire, console, done, hall, live, seated, take
from tests.kit.district import PASSWORD
from tests.process.verdict import judge

OFFSETS = 100
OPEN = range(25, 28)  # indexes of the open acts; of the others the end time, which has no checksum, may be damaged
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture
async def profile(tmp_path: Path) -> tuple[Path, list[str]]:
    """Returns (folder, ids of its acts in order); the last three are kept and not sent. The WAL was checkpointed."""
    network, ids = Wire(), []
    long = "积水没过膝盖，" * 240
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk", network) as clerk:
        ids += [(await done(clerk, take(text=long[: 40 * number + 4]))).cmd_id for number in range(25)]
        await clerk.drafts.keep("intake", {"text": "写到一半"})
        network.cut()
        ids += [(await clerk.do(take())).cmd_id for _ in range(3)]
    return tmp_path / "a", ids


def rows(file: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as journal:
        return journal.execute("SELECT * FROM commands ORDER BY cseq").fetchall()


async def opened(folder: Path) -> tuple[str, set[str]]:
    """Returns (code with which a console refuses to open the profile, or "", ids of the acts that its desk knows)."""
    try:
        async with console(folder) as desk:
            return "", {act.cmd_id for act in desk.acts.recent}
    except Unavailable as said:
        return said.code, set()


def test_whatever_is_whole_is_read_as_sqlite_reads_it(profile: tuple[Path, list[str]]) -> None:
    folder, ids = profile
    found = salvage(folder / "journal.db")
    assert [tuple(row.values()) for row in found.commands] == rows(folder / "journal.db")
    assert [row["cmd_id"] for row in found.commands] == ids
    assert (found.lost, found.open, len(found.drafts), set(found.meta)) == (0, 3, 1, {"console_id", "last_cseq"})


async def test_a_journal_spoilt_anywhere_is_opened_refused_or_recovered_and_never_empty(
    tmp_path: Path, profile: tuple[Path, list[str]], chance: random.Random
) -> None:
    folder, ids = profile
    recovered, readable_ = 0, 0
    size = (folder / "journal.db").stat().st_size
    for number in range(OFFSETS):
        spoilt = tmp_path / f"spoilt-{number}"
        shutil.copytree(folder, spoilt)
        with (spoilt / "journal.db").open("r+b") as raw:
            raw.seek(0 if number == 0 else chance.randrange(size))
            raw.write(bytes(byte ^ 0xFF for byte in chance.randbytes(chance.choice((1, 16, 600)))))
        damaged = (spoilt / "journal.db").read_bytes()
        why, known = await opened(spoilt)
        if why != "journal_damaged":
            assert why == "newer_journal" or set(OPEN) <= {ids.index(key) for key in known}
            continue
        offered = await readable(spoilt)
        assert (spoilt / "journal.db").read_bytes() == damaged
        taken = await take_over(spoilt, NOW)
        assert (taken.read, taken.lost) == (offered.read, offered.lost)
        assert taken.aside == "journal-damaged-20261124-040000.db"
        assert (spoilt / taken.aside).read_bytes() == damaged
        why, known = await opened(spoilt)
        assert (why, known <= set(ids)) == ("", True)
        assert len(known) == taken.read
        assert taken.lost is not None
        assert len(ids) - taken.read <= max(taken.lost, 0) + _at_the_ends(ids, known)
        recovered, readable_ = recovered + 1, readable_ + taken.read
    assert recovered > OFFSETS // 4
    assert readable_ > 0.9 * recovered * len(ids)


def _at_the_ends(ids: list[str], known: set[str]) -> int:
    """Returns how many acts were lost before the first readable one; `lost` cannot count them."""
    return next((at for at, key in enumerate(ids) if key in known), len(ids))


@pytest.mark.parametrize("rest", [0.95, 0.7, 0.5])
async def test_a_journal_cut_short_gives_what_is_left(profile: tuple[Path, list[str]], rest: float) -> None:
    folder, ids = profile
    raw = (folder / "journal.db").read_bytes()
    (folder / "journal.db").write_bytes(raw[: int(len(raw) * rest)])
    taken = await take_over(folder, NOW)
    assert 0 < taken.read < len(ids)
    async with console(folder) as desk:
        assert len(desk.acts.open) == taken.open


async def test_what_was_only_in_the_log_of_a_killed_console_is_read_too(tmp_path: Path) -> None:
    network = Wire()
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk", network) as clerk:
        finished = (await done(clerk, take())).cmd_id
        network.cut()
        kept = (await clerk.do(take())).cmd_id
        shutil.copytree(tmp_path / "a", tmp_path / "killed")
    journal = tmp_path / "killed" / "journal.db"
    assert journal.with_name("journal.db-wal").stat().st_size > 0
    journal.write_bytes(b"\xa5" * journal.stat().st_size)
    with journal.with_name("journal.db-wal").open("r+b") as log:
        log.seek(100)
        log.write(b"\xa5" * 50)  # SQLite ignores the WAL from a damaged page on
    assert await opened(tmp_path / "killed") == ("journal_damaged", set())
    taken = await take_over(tmp_path / "killed", NOW)
    assert (taken.read, taken.open, taken.lost) == (2, 1, 0)
    async with hall(tmp_path / "platform") as url, console(tmp_path / "killed") as desk:
        assert [(act.cmd_id, act.delivery) for act in desk.acts.open] == [(kept, Delivery.KEPT)]
        assert {act.cmd_id for act in desk.acts.recent} == {finished, kept}
        await desk.user.sign_in(url, "clerk", PASSWORD)
        await live(desk)
        await done(desk, take())
    verdict = judge([finished, kept], journal, tmp_path / "platform" / "platform.db", at_rest=True)
    assert (verdict.lost, verdict.doubled) == ({}, {})


async def test_a_recovery_that_is_cut_off_anywhere_goes_on_or_has_not_begun(
    tmp_path: Path, profile: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, ids = profile
    with (folder / "journal.db").open("r+b") as raw:
        raw.write(b"\xa5" * 90)
    for name in ("_copied", "_write", "finish", "flush_folder"):
        cut = tmp_path / f"cut-{name}"
        shutil.copytree(folder, cut)

        def killed(*given: object, **more: object) -> None:
            raise KeyboardInterrupt

        found = salvage(cut / "journal.db")
        with monkeypatch.context() as patch:
            patch.setattr(salvaging, name, killed)
            with pytest.raises(KeyboardInterrupt):
                salvaging.recover(cut / "journal.db", found, at=NOW)
        if name in ("_copied", "_write"):
            with pytest.raises(Unavailable):
                async with console(cut):
                    pass
            await take_over(cut, NOW)
        async with console(cut) as desk:
            assert {act.cmd_id for act in desk.acts.recent} == set(ids)


async def test_a_journal_of_which_nothing_is_left_says_so(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "journal.db").write_bytes(b"\xa5" * 20_000)
    offered = await readable(tmp_path / "a")
    assert (offered.read, offered.open, offered.lost) == (0, 0, None)
    taken = await take_over(tmp_path / "a", NOW)
    again = tmp_path / "a" / taken.aside
    assert again.read_bytes() == b"\xa5" * 20_000


def test_the_newest_state_of_a_command_is_the_one_that_counts(profile: tuple[Path, list[str]]) -> None:
    folder, ids = profile
    with closing(sqlite3.connect(folder / "journal.db")) as journal:
        journal.execute("PRAGMA wal_autocheckpoint=0")
        journal.execute("UPDATE commands SET state='dropped', ended_at=5 WHERE cmd_id=?", (ids[-1],))
        journal.commit()
        found: Salvaged = salvage(folder / "journal.db")
    state = {row["cmd_id"]: (row["state"], row["ended_at"]) for row in found.commands}
    assert state[ids[-1]] == ("dropped", 5.0)
    assert state[ids[-2]] == ("kept", None)


async def test_a_number_that_is_none_any_more_holds_nothing_up(profile: tuple[Path, list[str]]) -> None:
    folder, ids = profile
    with closing(sqlite3.connect(folder / "journal.db", isolation_level=None)) as journal:
        journal.execute("UPDATE meta SET value = '4\"' WHERE key = 'last_cseq'")
    taken = await take_over(folder, NOW)
    assert (taken.read, taken.open) == (len(ids), 3)
    async with console(folder) as desk:
        assert len(desk.acts.open) == 3
