"""Logs that end somewhere: they begin anew while they are written, and the same is not said for ever."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandcenter.settings.logs import LOGS_KEPT, SAME_MOST, LogFile, RateLimit


class Mono:
    """Seconds that pass when they are told to."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def mono() -> Mono:
    return Mono()


@pytest.fixture
def log(tmp_path: Path, mono: Mono) -> Iterator[logging.Logger]:
    handler = LogFile(tmp_path / "hall.log", bytes_most=20_000)
    handler.addFilter(RateLimit(mono=mono))
    logger = logging.Logger("hall")
    logger.addHandler(handler)
    yield logger
    handler.close()


def _written(folder: Path) -> str:
    return "".join(file.read_text("utf-8") for file in sorted(folder.glob("hall.log*"), reverse=True))


def test_a_message_a_thousand_times_is_twenty_lines_and_a_number(
    log: logging.Logger, tmp_path: Path, mono: Mono
) -> None:
    for n in range(1_000):
        log.warning("no room for %s", n)
    assert len(_written(tmp_path).splitlines()) == SAME_MOST
    mono.at = 61.0
    log.warning("no room for %s", 1_000)
    assert (
        _written(tmp_path)
        .splitlines()[-1]
        .endswith(f"no room for 1000 [{1_000 - SAME_MOST} more like this were left out]")
    )


def test_another_message_is_said_all_the_same(log: logging.Logger, tmp_path: Path) -> None:
    for _ in range(1_000):
        log.warning("no room")
    log.error("the disk is full")
    assert "the disk is full" in _written(tmp_path)


def test_messages_that_all_differ_have_an_end_too(log: logging.Logger, tmp_path: Path, mono: Mono) -> None:
    for n in range(10_000):
        log.warning(f"no room for {n}")
    assert len(_written(tmp_path).splitlines()) <= 200
    (limit,) = log.handlers[0].filters
    assert len(limit._windows) <= 500


def test_a_log_begins_anew_while_it_is_written(log: logging.Logger, tmp_path: Path, mono: Mono) -> None:
    for _ in range(3_000):
        mono.at += 61.0
        log.info("a quiet hour in the hall")
    files = list(tmp_path.iterdir())
    assert len(files) == 1 + LOGS_KEPT
    assert all(file.stat().st_size <= 20_000 for file in files)


def test_a_disk_that_takes_nothing_stops_nobody(
    log: logging.Logger, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: object) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log.handlers[0], "shouldRollover", full)
    log.error("all goes on")
    assert capsys.readouterr().err == ""
