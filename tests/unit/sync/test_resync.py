"""What the end of a line says of the board, and when the platform is called too new."""

from types import SimpleNamespace

import pytest

from commandcenter.client.errors import Gone, MalformedAnswer, PlatformFault, Unreachable, UnreadableContent, WrongEpoch
from commandcenter.sync.connection import Connection, State
from commandcenter.sync.inbound import FrameGap, MirrorDoubt
from commandcenter.sync.resync import ResyncPolicy
from tests.kit.district import NOON


class Ends:
    """A board at place 10 of its log, and how often a snapshot was asked for."""

    def __init__(self) -> None:
        self.doubts = 0
        self.position = SimpleNamespace(at=SimpleNamespace(seq=10))
        self.connection = Connection(lambda: NOON)
        self.connection.to(State.CONNECTING)
        self.mending = ResyncPolicy(self, self.connection)

    def doubt(self) -> None:
        self.doubts += 1

    def after(self, *faults: PlatformFault) -> int:
        """How many snapshots are asked for when lines end so one after the other."""
        before = self.doubts
        for count, fault in enumerate(faults, start=1):
            self.mending.ended(fault, failures=count)
        return self.doubts - before


@pytest.mark.parametrize(
    ("faults", "snapshots"),
    [
        ([FrameGap()], 0),
        ([FrameGap(), FrameGap()], 1),
        ([FrameGap(), Unreachable(), FrameGap()], 0),
        ([Gone()], 1),
        ([MirrorDoubt()], 1),
        ([WrongEpoch()], 0),
        ([WrongEpoch(), WrongEpoch()], 1),
        ([Unreachable(), Unreachable()], 0),
    ],
)
def test_which_ends_of_lines_need_a_whole_new_board(faults: list[PlatformFault], snapshots: int) -> None:
    assert Ends().after(*faults) == snapshots


def test_a_gap_at_another_place_is_another_gap() -> None:
    ends = Ends()
    ends.after(FrameGap())
    ends.position.at = SimpleNamespace(seq=11)
    assert ends.after(FrameGap()) == 0
    assert ends.after(FrameGap()) == 1


def test_without_a_board_a_first_gap_is_not_one_that_came_again() -> None:
    ends = Ends()
    ends.position.at = SimpleNamespace(seq=0)
    assert ends.after(FrameGap()) == 0
    ends.after(Unreachable())
    assert ends.after(FrameGap()) == 0
    anew = Ends()
    anew.position.at = None
    anew.after(FrameGap())
    anew.position.at = SimpleNamespace(seq=0)
    assert anew.after(FrameGap()) == 0


def test_what_is_lost_of_the_log_is_said_and_what_is_lost_of_the_network_is_not_said_here() -> None:
    ends = Ends()
    ends.after(
        FrameGap("13 instead of 11"), Gone("scope", code="scope"), MirrorDoubt("digest"), Unreachable(), WrongEpoch()
    )
    assert [(line.code, line.about) for line in ends.connection.log][1:] == [
        ("gap", "13 instead of 11"),
        ("scope", "scope"),
        ("doubt", "digest"),
    ]


def test_what_cannot_be_read_three_times_in_a_row_is_of_a_newer_platform() -> None:
    ends = Ends()
    ends.after(UnreadableContent(), Unreachable(), UnreadableContent(), MalformedAnswer())
    assert not ends.mending.is_too_new
    ends.after(UnreadableContent())
    assert ends.mending.is_too_new
    ends.mending.was_steady()
    assert not ends.mending.is_too_new
    ends.after(UnreadableContent(), UnreadableContent())
    assert not ends.mending.is_too_new
    ends.after(UnreadableContent())
    assert ends.mending.is_too_new
