"""What a platform needed for a moment, it gives back."""

import asyncio
import sys
from pathlib import Path

import httpx
import pytest

from commandcenter.server.storage import database
from tests.unit.operations.test_serve import served

PEOPLE = 12
ONE_HASH = 19.9  # MB


def _own_megabytes(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("RssAnon:"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the C library of Linux keeps freed memory")
async def test_a_shift_that_signs_in_together_leaves_the_platform_as_small_as_before(tmp_path: Path) -> None:
    with served(tmp_path) as (program, url):
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:

            async def sign_in(number: int) -> int:
                asked = {"user": f"nobody-{number}", "password": "wrong"}
                return (await http.post("/v1/sign-in", json=asked)).status_code

            before = _own_megabytes(program.pid)
            assert set(await asyncio.gather(*map(sign_in, range(PEOPLE)))) == {401}
            assert _own_megabytes(program.pid) - before < ONE_HASH / 2


def test_all_readers_of_a_platform_together_keep_less_than_a_tenth_of_a_gigabyte(tmp_path: Path) -> None:
    kept = 0
    for engine in (database.open_writer(tmp_path), database.open_readers(tmp_path)):
        with engine.connect() as connection:
            kib = -int(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())
        kept += kib * engine.pool.size()  # type: ignore[attr-defined]
        engine.dispose()
    assert 0 < kept < 100_000
