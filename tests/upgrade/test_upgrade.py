"""Files of earlier versions: opened, killed in the middle, opened again; nothing is lost, and the work goes on."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from commandcenter.cache.journal_schema import VERSION
from commandcenter.server.storage import migrations
from commandcenter.store.overlay import Delivery
from tests.kit.console import console, done, hall, idle, live, seated, take
from tests.kit.district import PASSWORD, seats
from tests.process.verdict import judge
from tests.upgrade.record import FILES, RELEASES, USER, made, work
from tests.upgrade.upgrade import LASTING, WHATS, Release, run, standing

RECORDED = sorted(release for release in RELEASES.iterdir() if release.is_dir())


def test_files_of_every_release_outlive_kills_in_the_middle_of_an_upgrade(tmp_path: Path) -> None:
    tally = run(tmp_path, cycles=1, seed=20261124)
    assert not tally.wrong, "\n".join(tally.wrong)
    assert tally.line == f"releases {len(RECORDED)}, cycles 1, {2 * len(RECORDED)} kills, 0 lost"


def test_there_is_a_record_of_this_version_and_each_one_before_it() -> None:
    assert [int(release.name) for release in RECORDED] == list(range(1, len(RECORDED) + 1))
    newest = {what: (RECORDED[-1] / f"{what}.sql").read_text(encoding="utf-8") for what in FILES}
    assert newest["journal"].startswith(f"PRAGMA user_version={VERSION};")
    assert _is_at_head(newest["platform"])


@pytest.mark.expects_log("cursor tokens shown that this platform did not make")  # its key is not in the recorded files
@pytest.mark.parametrize("release", RECORDED, ids=lambda release: release.name)
async def test_the_work_goes_on_with_the_files_of_a_release(tmp_path: Path, release: Path) -> None:
    made(release, tmp_path)
    left = standing(tmp_path, "journal")["commands"]
    async with hall(tmp_path / "platform") as url, console(tmp_path / "console") as desk:
        kept = [act.cmd_id for act in desk.acts.open if act.delivery is Delivery.KEPT]
        assert len(kept) == 2
        await desk.user.sign_in(url, USER, PASSWORD)
        await live(desk)
        for act in desk.acts.needing:
            await desk.decisions.drop(act.cmd_id)
        await idle(desk)
        async with seated(tmp_path / "clerk", url, "clerk") as clerk:
            await done(clerk, take(case=str(uuid4())))
    journal, platform = tmp_path / FILES["journal"], tmp_path / FILES["platform"]
    verdict = judge([row[0] for row in left], journal, platform, at_rest=True)
    assert (verdict.lost, verdict.doubled) == ({}, {})
    assert {row[0] for row in left} <= {row[0] for row in standing(tmp_path, "journal")["commands"]}


@pytest.mark.parametrize("release", RECORDED, ids=lambda release: release.name)
async def test_every_account_of_a_release_is_what_it_was(tmp_path: Path, release: Path) -> None:
    made(release, tmp_path)
    with closing(sqlite3.connect(tmp_path / FILES["platform"])) as connection:
        users = {user for (user,) in connection.execute("SELECT user FROM accounts")}
    known = [seat for seat in seats().values() if seat.user in users]
    assert len(known) == len(users)
    async with hall(tmp_path / "platform") as url:
        for seat in known:
            async with console(tmp_path / seat.user) as desk:
                await desk.user.sign_in(url, seat.user, PASSWORD)
                assert desk.person is not None
                assert (desk.person.user, desk.person.role) == (seat.user, seat.role)
                assert desk.person.scope == seat.scope


def test_a_row_that_an_upgrade_loses_is_found_out(tmp_path: Path) -> None:
    release = Release(RECORDED[0], tmp_path)
    for what, names in WHATS.items():
        for name in names:
            for table in (table for table, rows in release.holds[name].items() if rows and table != "case_words"):
                files = tmp_path / f"{name}-{table}"
                shutil.copytree(release.files, files)
                assert release.missing(files, what) == []
                with closing(sqlite3.connect(files / FILES[name])) as connection, connection:
                    columns = " AND ".join(f"{column} IS ?" for column in LASTING[name][table])
                    connection.execute(f"DELETE FROM {table} WHERE {columns}", release.holds[name][table][0])
                assert len(release.missing(files, what)) == 1, (name, table)


async def test_a_hall_of_this_version_can_be_recorded(tmp_path: Path) -> None:
    await work(tmp_path)
    held = {name: standing(tmp_path, name) for name in FILES}
    assert {row[9] for row in held["journal"]["commands"]} >= {"kept", "done", "dropped"}
    assert all(rows for table, rows in held["platform"].items() if table != "vault")


def _is_at_head(platform: str) -> bool:
    """Whether a database, given as SQL, has the schema of this version."""
    head = migrations.ScriptDirectory.from_config(migrations._config()).get_current_head()
    return f"INSERT INTO \"alembic_version\" VALUES('{head}');" in platform
