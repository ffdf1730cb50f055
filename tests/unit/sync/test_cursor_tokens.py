"""The platform's word for how far its log went: the newest of each district, and of no other platform."""

import pytest

from commandcenter.cache.log_position import KnownLogPosition
from commandcenter.cache.mirror import MirrorPosition
from commandcenter.protocol.messages import Result
from commandcenter.sync.cursor_tokens import KnownCursorTokens

KEPT = KnownLogPosition("d1", "mine", 2, 5, "two-five")
OTHER = KnownLogPosition("d2", "theirs", 1, 1, "one-one")


def tokens() -> KnownCursorTokens:
    return KnownCursorTokens([KEPT, OTHER])


@pytest.mark.parametrize(
    ("epoch", "seq", "newest"),
    [(2, 4, "two-five"), (2, 5, "two-five"), (2, 6, "new"), (3, 1, "new"), (1, 9, "two-five")],
)
def test_the_newest_is_shown_to_the_platform_of_its_district(epoch: int, seq: int, newest: str) -> None:
    known = tokens()
    known.learn("d1", epoch, seq, "new")
    assert (known.newest("d1"), known.newest("d2"), known.newest("d3")) == (newest, "one-one", None)


@pytest.mark.parametrize("token", [None, "", "两", "a\nb", "a\x7f"])
def test_what_does_not_fit_into_a_header_is_not_kept(token: str | None) -> None:
    known = tokens()
    known.learn("d1", 9, 9, token)
    assert known.newest("d1") == "two-five"
    assert known.unwritten() == ()


def test_another_platform_for_the_district_is_shown_nothing_of_the_former_one() -> None:
    known = tokens()
    known.heard("d1", "mine")
    assert known.newest("d1") == "two-five"
    known.heard("d1", "another")
    assert (known.newest("d1"), known.newest("d2")) == (None, "one-one")
    known.learn("d1", 1, 1, "first")
    assert known.unwritten() == (KnownLogPosition("d1", "another", 1, 1, "first"),)
    known.heard("d1", "another")
    assert known.newest("d1") == "first"
    known.heard("d3", "third")
    known.learn("d3", 1, 0, "of d3")
    assert known.newest("d3") == "of d3"


def test_a_token_of_a_platform_that_never_said_who_it_is_has_no_mark() -> None:
    known = KnownCursorTokens([])
    known.learn("d1", 1, 0, "first")
    assert known.unwritten() == (KnownLogPosition("d1", "", 1, 0, "first"),)


def test_a_board_and_the_answers_to_commands_tell_of_places() -> None:
    known = tokens()
    known.reached(MirrorPosition("u", "d1", "mine", 2, 1, 6, "board"))
    assert known.newest("d1") == "board"
    answers = [Result(cmd_id="a", status="applied", seq=8, cursor_token="eight"), Result(cmd_id="b", status="refused")]
    known.learn_from(answers, "d1", 2)
    assert known.newest("d1") == "eight"
    known.learn_from([Result(cmd_id="c", status="refused", cursor_token="no place")], "d3", 1)
    assert known.unwritten() == (
        KnownLogPosition("d1", "mine", 2, 8, "eight"),
        KnownLogPosition("d3", "", 1, 0, "no place"),
    )


def test_what_the_journal_has_is_not_written_again() -> None:
    known = tokens()
    assert known.unwritten() == ()
    known.learn("d1", 2, 6, "new")
    written = known.unwritten()
    assert written == (KnownLogPosition("d1", "mine", 2, 6, "new"),)
    known.wrote(written)
    assert known.unwritten() == ()
