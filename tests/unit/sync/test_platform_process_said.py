"""What a process beside the console says until it is ready, and that it ends when it is told to."""

import logging
import threading
from pathlib import Path

import pytest

from commandcenter.sync import platform_process as children
from commandcenter.sync.platform_process import PlatformProcess

WAITS = "import sys; sys.stdin.read()"
DEAF = "import time; time.sleep(600)"  # to the end of its standard input


def start(folder: Path, code: str, **other) -> PlatformProcess:
    return PlatformProcess(("-c", code), folder / "logs" / "platform.log", **other)


async def test_it_is_ready_at_the_first_address_that_it_says_and_goes_on_talking(tmp_path):
    said = []
    code = (
        "import sys; print('hello'); print(' ready no'); print('ready http://a '); print('ready http://b', flush=True)"
    )
    child = start(tmp_path, f"{code}; print('one\\ntwo\\r', file=sys.stderr, flush=True); {WAITS}", said=said.append)
    assert await child.ready == "http://a"
    assert (child.why, child.ended.done()) == ("", False)
    await child.stop(60.0)
    assert await child.ended == 0
    assert said == ["one", "two"]
    assert child.last_words() == "two"
    assert (tmp_path / "logs" / "platform.log").read_text().splitlines() == ["one", "two"]


async def test_one_that_cannot_use_its_folder_says_why_and_is_never_ready(tmp_path):
    child = start(tmp_path, "print('unusable  held '); raise SystemExit(3)")
    assert await child.ended == 3
    assert (child.why, child.ready.done(), child.last_words()) == ("held", False, "")
    assert child._process.stdin.closed


async def test_bytes_that_are_no_text_and_a_log_that_cannot_be_written_stop_nothing(tmp_path):
    (tmp_path / "logs").write_text("a file where the folder would be")
    child = start(tmp_path, r"import sys; sys.stderr.buffer.write(b'\xff!\n')")
    assert await child.ended == 0
    assert child.last_words() == "\ufffd!"


@pytest.mark.parametrize(
    ("code", "sent", "calls"),
    [
        (WAITS, (), []),
        (DEAF, ("terminate", "kill"), ["terminate"]),
        (DEAF, ("kill",), ["terminate", "kill"]),  # the word to end is not heard
    ],
)
async def test_it_ends_by_itself_is_asked_to_and_is_made_to(tmp_path, code, sent, calls):
    child = start(tmp_path, f"print('ready x', flush=True); {code}")
    await child.ready
    forced = []
    for name in ("terminate", "kill"):
        force = getattr(child._process, name) if name in sent else lambda: None
        setattr(child._process, name, lambda name=name, force=force: (forced.append(name), force()))
    await child.stop(60.0 if code is WAITS else 0.2)
    assert child.ended.done()
    assert forced[: len(calls)] == calls
    assert ((await child.ended) == 0) is (code is WAITS)


async def test_it_can_be_killed_without_a_word(tmp_path):
    child = start(tmp_path, f"print('ready x', flush=True); {WAITS}")
    await child.ready
    child.kill()
    assert await child.ended != 0
    await child.stop(60.0)  # what has ended needs no more


async def test_its_end_is_told_after_the_last_line_of_its_log_however_slow_the_disk_is(tmp_path, monkeypatch):
    class Slow(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            threading.Event().wait(0.2)
            return True

    monkeypatch.setattr(children, "_log_file", lambda log: Slow())
    child = start(tmp_path, "import sys; sys.stderr.write('one\\ntwo\\n')")
    await child.ended
    assert child.last_words() == "two"


def test_a_stream_that_is_not_there_says_nothing():
    assert list(children._lines(None)) == []
