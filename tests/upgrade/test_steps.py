"""The steps of cases are made from the log of every release, and made anew from it they are the same.

Releases before 5 dropped the after-images of calendars too.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from commandcenter.domain.calendar import weekly
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.platform import open_platform
from commandcenter.server.storage import steps
from commandcenter.server.storage.districts import district_ids
from tests.kit.district import NOON
from tests.upgrade.record import FILES, RELEASES, made

RECORDED = sorted(release for release in RELEASES.iterdir() if release.is_dir())
_UNKNOWN = "SELECT COUNT(*) FROM log WHERE on_behalf_of IS NOT NULL AND role IS NULL"
_COUNT = "SELECT COUNT(*) FROM log, json_each(log.facts) WHERE log.kind = 'case'"


@pytest.mark.parametrize("release", RECORDED, ids=lambda release: release.name)
@pytest.mark.parametrize("is_trimmed", [False, True], ids=["fresh", "old"])
def test_the_steps_of_a_release_are_what_its_log_says(tmp_path: Path, release: Path, is_trimmed: bool) -> None:
    made(release, tmp_path)
    file = tmp_path / FILES["platform"]
    with closing(sqlite3.connect(file)) as before, before:
        (expected,) = before.execute(_COUNT).fetchone()
        if is_trimmed:
            before.execute("UPDATE log SET after = NULL WHERE kind <> 'calendar' OR ?", (int(release.name) < 5,))

    def look(connection: Connection) -> list[bool]:
        districts = district_ids(connection)
        for district in districts:
            put_reference(connection, district, [weekly("Asia/Shanghai", spans=((60, 70),))], now=NOON)
        return [steps.are_as_logged(connection, district) for district in districts]

    with open_platform(file.parent) as platform:
        assert platform.writer.submit(look).result() == [True]
    with closing(sqlite3.connect(file)) as after:
        assert after.execute("SELECT COUNT(*), COUNT(role), SUM(worked) > 0 FROM steps").fetchone() == (
            expected,
            expected - after.execute(_UNKNOWN).fetchone()[0],
            1,
        )
