"""A machine, or a platform, whose date is wrong for a while: nothing that was done is forgotten or shown wrong."""

import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from commandcenter.operations.backup import backup
from commandcenter.protocol.retention import BACKUPS
from commandcenter.server.storage.restoring import restore
from tests.kit.console import Ticking, console, done, hall, live, running_platform, seated, take, until
from tests.kit.district import NOON, PASSWORD
from tests.kit.loopback import serving

DAY = 86400.0


def states(folder: Path) -> list[tuple[str, str]]:
    """(id, state) of every command in the journal."""
    with closing(sqlite3.connect(folder / "journal.db")) as connection:
        return connection.execute("SELECT cmd_id, state FROM commands ORDER BY cseq").fetchall()


@pytest.mark.parametrize("wrong", [40, -40, 40 * 365], ids=["40 days ahead", "40 days behind", "in 2066"])
async def test_one_start_with_a_wrong_date_forgets_nothing_that_was_done(tmp_path, wrong):
    async with hall(tmp_path / "platform") as url:
        async with seated(tmp_path / "a", url, "clerk") as desk:
            acts = [await done(desk, take()) for _ in range(2)]
        async with console(tmp_path / "a", wall=lambda: time.time() + wrong * DAY, boot="another"):
            pass
        assert states(tmp_path / "a") == [(act.cmd_id, "done") for act in acts]
        async with seated(tmp_path / "a", url, "clerk", wall=lambda: time.time() + wrong * DAY, boot="a third"):
            pass
    assert states(tmp_path / "a") == [(act.cmd_id, "done") for act in acts]


async def test_what_was_done_on_a_machine_that_believed_in_1970_is_there_at_the_next_start(tmp_path):
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "a", url, "clerk", wall=lambda: DAY) as desk:
        act = await done(desk, take())
    async with console(tmp_path / "a") as desk:
        assert [(one.cmd_id, one.delivery.name) for one in desk.acts.recent] == [(act.cmd_id, "DONE")]


async def test_a_platform_that_stood_in_2066_for_an_hour_makes_its_consoles_forget_nothing(tmp_path):
    clock = Ticking()
    with running_platform(tmp_path / "p", clock) as platform:
        async with serving(platform) as http:
            url = str(http.base_url).rstrip("/")
            async with seated(tmp_path / "a", url, "clerk") as desk:
                act = await done(desk, take())
            for ahead in (40 * 365 * DAY, 0.0, 2 * BACKUPS.total_seconds(), 0.0):
                clock.ahead = ahead
                async with console(tmp_path / "a") as desk:
                    await desk.user.sign_in(url, "clerk", PASSWORD)
                    await live(desk)
                    await desk._parts.inbound._trimming.trim()
                assert states(tmp_path / "a") == [(act.cmd_id, "done")]


async def test_what_a_restore_took_away_is_offered_again_after_a_day_with_a_wrong_date(tmp_path):
    data, file = tmp_path / "p", tmp_path / "hall.backup"
    with running_platform(data) as platform:
        async with serving(platform) as http, seated(tmp_path / "a", str(http.base_url), "clerk") as desk:
            backup(data, file)
            act = await done(desk, take())
    async with console(tmp_path / "a", wall=lambda: time.time() + 31 * DAY, boot="another"):
        pass
    restore(file, data, now=NOON, force=True)
    with running_platform(data) as platform:
        async with serving(platform) as http, console(tmp_path / "a") as desk:
            await desk.user.sign_in(str(http.base_url), "clerk", PASSWORD)
            await until(lambda: [entry.code for entry in desk.connection.log].count("restored") == 1)
            await until(lambda: not desk.acts.open)
    with closing(sqlite3.connect(data / "platform.db")) as connection:
        assert connection.execute("SELECT cmd_id FROM log WHERE cmd_id = ?", (act.cmd_id,)).fetchall()


async def test_a_console_that_runs_for_years_trims_its_journal_by_days_on_which_it_heard_the_platform(tmp_path):
    clock = Ticking()
    with running_platform(tmp_path / "p", clock) as platform:
        async with serving(platform) as http, seated(tmp_path / "a", str(http.base_url), "clerk") as desk:
            act = await done(desk, take())
            trimming = desk._parts.inbound._trimming
            left = []
            for _ in range(BACKUPS.days + 2):
                await trimming.trim()
                left.append(states(tmp_path / "a"))
                clock.ahead += DAY
                desk._clock.told(clock())
            assert left[BACKUPS.days - 1] == [(act.cmd_id, "done")]
            assert left[-1] == []


async def test_without_its_platform_a_console_that_starts_again_knows_the_time_whatever_the_machine_says(tmp_path):
    clock = Ticking()
    async with hall(tmp_path / "p") as url, seated(tmp_path / "a", url, "clerk", boot="monday"):
        pass
    async with console(tmp_path / "a", wall=lambda: time.time() - 300 * DAY, boot="monday") as desk:
        assert abs(desk.now() - clock()) < timedelta(minutes=2)
    async with console(tmp_path / "a", wall=lambda: DAY, boot="tuesday") as desk:
        assert desk.now() >= NOON
