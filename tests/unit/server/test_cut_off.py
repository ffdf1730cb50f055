"""A console that dies in the middle of a sentence is no error of the platform."""

import asyncio
import logging
from pathlib import Path

import pytest

from tests.kit.console import running_platform, until
from tests.kit.district import PASSWORD
from tests.kit.loopback import serving
from tests.kit.platform import sit_down


async def test_a_body_that_breaks_off_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running_platform(tmp_path) as platform:
        async with serving(platform) as http:
            logging.getLogger("uvicorn.error").addHandler(caplog.handler)
            desk = await sit_down(http, "clerk", password=PASSWORD)
            for _ in range(3):
                _, writer = await asyncio.open_connection("127.0.0.1", http.base_url.port)
                head = "POST /v1/commands HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                head += f"Authorization: {desk.headers['Authorization']}\r\nContent-Length: 4000\r\n\r\n"
                before = asyncio.all_tasks()
                writer.write(head.encode() + b'{"epoch": 1, "comm')
                await until(lambda before=before: asyncio.all_tasks() - before)  # it is being answered
                writer.transport.abort()
                await until(lambda before=before: not asyncio.all_tasks() - before)
            await desk.take()
            logging.getLogger("uvicorn.error").removeHandler(caplog.handler)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
