"""False answers from a platform or a proxy: the console does not crash, keeps its journal and becomes live again."""

import random
from pathlib import Path
from unittest.mock import patch

from commandcenter.client import commands
from commandcenter.client.errors import PlatformBusy, PlatformFault, Unreachable, error_of_answer
from commandcenter.server.platform import wall_clock
from tests.hostile import hostile
from tests.hostile.front import Asked
from tests.hostile.protocol_lies import a_lie

SEED = 20261124


async def test_three_hundred_lies_bring_no_crash_and_no_change_of_the_journal(tmp_path: Path) -> None:
    tally = await hostile.run(tmp_path, payloads=300, seed=SEED)
    assert not tally.wrong, "\n".join(tally.wrong)
    assert tally.line == "payloads 300, 0 crashes, 0 journal changes"


async def test_a_console_that_believes_every_result_is_found_out(tmp_path: Path) -> None:
    def trusting(batch: object, answer: object) -> tuple[object, ...]:
        return tuple(answer.results)  # type: ignore[attr-defined]

    only_commands, soon = patch.object(hostile, "PATHS", ("/v1/commands",)), patch.object(hostile, "_PATIENCE", 1.0)
    with patch.object(commands, "well_formed", trusting), only_commands, soon:
        tally = await hostile.run(tmp_path, payloads=60, seed=SEED)
    assert tally.changes


async def test_the_lies_are_of_every_kind(tmp_path: Path) -> None:
    chance, seen = random.Random(1), set()
    for path in hostile.PATHS * 60:
        asked = Asked("GET", path, b"", b'{"commands":[]}', b"HTTP/1.1 200 OK\r\n\r\n" + b'{"a":1}')
        async for chunk in a_lie(chance, path)(asked):
            seen.add(chunk[:16])
            break
    assert {b"HTTP/1.1 502 Wor", b"HTTP/1.1 307 Wor", b"HTTP/1.1 200 Wor", b"", b"SSH-2.0-OpenSSH_"} <= seen


def test_a_stranger_s_words_have_an_end_and_his_waits_too() -> None:
    said = b'{"type":"x","title":"x","status":503,"code":"%b","detail":"%b"}' % (b"c" * 9999, b"d" * 9999)
    later = {"content-type": "application/problem+json", "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}
    fault = error_of_answer(503, later, said, wall_clock())
    assert isinstance(fault, PlatformBusy)
    assert len(fault.code) < 100
    assert fault.retry_after is not None
    assert fault.retry_after <= 86400
    assert len(PlatformFault("x" * 9999).about) < 1000
    assert isinstance(error_of_answer(502, {}, b"<html>", wall_clock()), Unreachable)
