"""What the screens hear of a fault of the world, and where the board of a seat begins."""

import pytest

from commandcenter.client.errors import PlatformFault, Unreachable
from commandcenter.sync.board_owner import BoardOwner, OwnerChanged
from commandcenter.sync.unavailable import Unavailable, as_unavailable
from tests.unit.sync.test_board_written import hello


@pytest.mark.parametrize(("about", "text"), [("", "busy"), ("600", "busy: 600")])
def test_what_is_unavailable_is_told_by_its_code_and_what_it_is_about(about: str, text: str) -> None:
    told = Unavailable("busy", about)
    assert (told.code, told.about, str(told)) == ("busy", about, text)


@pytest.mark.parametrize("fault", [Unreachable("no route"), OwnerChanged("shift"), PlatformFault("600", code="busy")])
def test_every_fault_of_the_world_is_told_in_words(fault: PlatformFault) -> None:
    with pytest.raises(Unavailable) as said, as_unavailable():
        raise fault
    assert (said.value.code, said.value.about) == (fault.code, fault.about)
    with pytest.raises(ZeroDivisionError), as_unavailable():  # one of ours stays what it is
        raise ZeroDivisionError


def test_the_board_of_a_seat_begins_before_the_first_place_of_the_log_and_is_theirs() -> None:
    seat = BoardOwner("shift", "d1", "mine")
    at = seat.begins(hello(epoch=3, scope_ver=4))
    assert (at.user, at.district, at.lineage, at.epoch, at.scope_ver, at.seq) == ("shift", "d1", "mine", 3, 4, 0)
    assert seat.owns(at)
    for other in (
        BoardOwner("li", "d1", "mine"),
        BoardOwner("shift", "d2", "mine"),
        BoardOwner("shift", "d1", "another"),
    ):
        assert not other.owns(at)
    assert seat != BoardOwner("shift", "d1", "mine")
