"""What a person did about what needs attention, and what is therefore told to them, and when it is heard."""

import wave
from dataclasses import replace
from datetime import time, timedelta
from io import BytesIO

import pytest

from commandcenter.attention.book import AttentionBook, ranked
from commandcenter.attention.causes import Concern, Level
from commandcenter.attention.heed import Heed, Heeding, read_heeding
from commandcenter.attention.sounding import SoundLimiter, is_audible
from commandcenter.domain.cases import Stage, Tier
from commandcenter.store.board import Board
from commandcenter.store.touched import Touched
from resources import path
from tests.kit import hall, sounds
from tests.unit.attention.reading import at_once
from tests.unit.attention.seats import DISPATCHER

NOW = hall.NOW
MINUTE = timedelta(minutes=1)
CASE = hall.case(tier=Tier.STREET)


@pytest.fixture
def board() -> Board:
    made = Board()
    made.replace([CASE])
    return made


@pytest.fixture
def book(board: Board) -> AttentionBook:
    made = AttentionBook(board, DISPATCHER)
    board.changed.connect(made.hear)
    return made


def _all(book: AttentionBook, at: object = NOW) -> list[Concern]:
    return at_once(book, at)


def test_what_stood_before_is_told_as_such_and_announced_to_nobody(book: AttentionBook) -> None:
    heeding = Heeding(NOW)
    assert [heeding.heed(one, NOW) for one in _all(book)] == [Heed.BEFORE]
    assert heeding.announce(_all(book), NOW, arrived=False) == ()


def test_one_thing_is_announced_once_and_again_only_when_it_grows(board: Board, book: AttentionBook) -> None:
    heeding = Heeding(NOW)
    board.apply([replace(hall.case(500, tier=Tier.STREET), filed_at=NOW - MINUTE)])
    came = heeding.announce(_all(book), NOW, arrived=True)
    assert {one.ref[1] for one in came} == {CASE.id, hall.case(500).id}
    board.apply([hall.case(500, tier=Tier.STREET, filed_at=NOW - MINUTE, rev=2, place="别处")])
    assert heeding.announce(_all(book), NOW, arrived=True) == ()
    later = CASE.green_until + MINUTE
    grown = heeding.announce(_all(book, later), later, arrived=False)
    assert {one.cause for one in grown} == {"soon"}
    assert heeding.announce(_all(book, later), later, arrived=False) == ()


def test_it_ends_when_somebody_acts(board: Board, book: AttentionBook) -> None:
    board.apply([replace(CASE, rev=2, stage=Stage.DISPATCHED, responsible="s03-urban", dispatched_at=NOW)])
    assert _all(book) == []
    board.apply([replace(CASE, rev=3, waits_since=NOW)])
    assert [one.since for one in _all(book)] == [NOW]
    board.apply([], [("case", CASE.id)])
    assert _all(book) == []
    board.replace([CASE])
    assert len(_all(book)) == 1


def test_what_is_seen_or_put_off_is_so_after_a_restart(book: AttentionBook) -> None:
    (one,) = _all(book)
    heeding = Heeding(NOW - MINUTE)
    heeding.snooze([one], NOW + 10 * MINUTE)
    again = read_heeding(heeding.text(NOW), NOW)
    assert again.heed(one, NOW) is Heed.SNOOZED
    assert not again.wakes(NOW)
    assert again.wakes(NOW + 10 * MINUTE)
    assert again.announce([one], NOW + 10 * MINUTE, arrived=False) == (one,)
    assert not again.wakes(NOW + 10 * MINUTE)
    again.see([one])
    assert read_heeding(again.text(NOW), NOW).heed(one, NOW) is Heed.SEEN


def test_what_came_while_the_person_was_away_is_new_to_them(book: AttentionBook) -> None:
    (one,) = _all(book)
    left = Heeding(one.since - MINUTE).text(one.since - MINUTE)
    assert read_heeding(left, NOW).announce([one], NOW, arrived=False) == (one,)
    assert read_heeding(left, NOW).heed(one, NOW) is Heed.FRESH


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"here": 3}', '{"here": "2026-11-24T10:00:00", "seen": [], "snoozed": {}}']
)
def test_a_spoilt_note_is_none(text: str, book: AttentionBook) -> None:
    assert [read_heeding(text, NOW).heed(one, NOW) for one in _all(book)] == [Heed.BEFORE]


def test_a_book_of_everything_anew_is_as_one_that_was_followed(board: Board, book: AttentionBook) -> None:
    board.apply(hall.cases(300))
    for at in (NOW, NOW + 90 * MINUTE, NOW + 900 * MINUTE):
        assert ranked(_all(book, at)) == ranked(_all(AttentionBook(board, DISPATCHER), at))
    book.hear(Touched(everything=True))
    assert not book.turn(NOW + 900 * MINUTE).is_other
    board.replace([])
    assert _all(book, NOW + 900 * MINUTE) == []


def test_of_what_comes_together_the_highest_is_heard_and_then_three_seconds_nothing() -> None:
    limiter = SoundLimiter()
    limiter.ask(Level.NOTICE)
    limiter.ask(Level.URGENT)
    limiter.ask(Level.IMPORTANT)
    assert limiter.due(100.0) is Level.URGENT
    assert limiter.due(100.0) is None
    limiter.ask(Level.NOTICE)
    assert limiter.due(102.9) is None
    assert limiter.due(103.0) is Level.NOTICE


@pytest.mark.parametrize(
    ("level", "least", "quiet", "at", "heard"),
    [
        (Level.NOTICE, "notice", "", time(3), True),
        (Level.NOTICE, "important", "", time(3), False),
        (Level.URGENT, "none", "", time(3), False),
        (Level.URGENT, "notice", "22:00-07:00", time(23), False),
        (Level.URGENT, "notice", "22:00-07:00", time(12), True),
        (Level.URGENT, "notice", "12:00-13:00", time(12, 30), False),
    ],
)
def test_sounds_are_muted_by_level_and_by_hours(level: Level, least: str, quiet: str, at: time, heard: bool) -> None:
    assert is_audible(level, least=least, quiet=quiet, at=at) is heard


@pytest.mark.parametrize("level", Level)
def test_each_level_has_a_short_sound_made_as_its_source_says(level: Level) -> None:
    name = level.name.lower()
    kept = path("sounds", f"{name}.wav").read_bytes()
    assert kept == sounds.sound(name)
    with wave.open(BytesIO(kept)) as file:
        assert file.getnframes() / file.getframerate() <= 1.0
