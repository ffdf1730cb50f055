"""Many streams of one account: the oldest have to go, each told once, and nobody else's."""

import pytest

from commandcenter.domain.visibility import EVERYBODY, NOBODY
from commandcenter.server.storage.event_log import LogEntry, RecordChange
from commandcenter.server.streaming.frames import StreamEntry
from commandcenter.server.streaming.publisher import STREAMS_A_USER, Bell, Publisher
from tests.kit.district import NOON


def go(bells: list[Bell]) -> list[bool]:
    return [bell.must_end for bell in bells]


async def test_each_stream_too_many_ends_the_oldest_that_stays_of_its_own_account() -> None:
    publisher = Publisher()
    others = [publisher.listen("d1", 0, "li")[1] for _ in range(3)]
    mine = [publisher.listen("d1" if number % 2 else "d2", 0, "me")[1] for number in range(STREAMS_A_USER)]
    assert not any(go(mine))
    mine += [publisher.listen("d1", 0, "me")[1] for _ in range(2)]
    oldest = sorted(mine[:STREAMS_A_USER], key=lambda bell: bell.must_end, reverse=True)[:2]
    assert go(mine).count(True) == 2
    assert all(bell.rung.is_set() for bell in oldest)
    assert not any(bell.rung.is_set() for bell in mine if not bell.must_end)
    assert not any(go(others))
    assert publisher.streams_of_user("me") == STREAMS_A_USER + 2
    assert publisher.listeners() == STREAMS_A_USER + 5


async def test_those_that_have_to_go_already_make_nobody_else_go() -> None:
    publisher = Publisher()
    mine = [publisher.listen("d1", 0, "me")[1] for _ in range(STREAMS_A_USER + 3)]
    assert go(mine) == [True] * 3 + [False] * STREAMS_A_USER
    publisher.leave("d1", mine[-1])
    mine[-1:] = [publisher.listen("d1", 0, "me")[1]]
    assert go(mine) == [True] * 3 + [False] * STREAMS_A_USER


@pytest.mark.parametrize("left", [0, 1])
async def test_a_district_is_kept_at_hand_as_long_as_somebody_listens(left: int) -> None:
    publisher = Publisher()
    bells = [publisher.listen("d1", 7, "me")[1] for _ in range(2)]
    for bell in bells[left:]:
        publisher.leave("d1", bell)
    newest, _ = publisher.listen("d1", 40, "li")
    assert newest.base == (7 if left else 40)
    assert publisher.listeners() == left + 1


async def test_at_the_end_every_stream_is_rung() -> None:
    publisher = Publisher()
    bells = [publisher.listen(district, 0, "me")[1] for district in ("d1", "d2")]
    publisher.close()
    assert publisher.is_closing
    assert all(bell.rung.is_set() for bell in bells)
    assert not any(go(bells))


def told(*seqs: int) -> list[StreamEntry]:
    part = RecordChange("kind", "water", 1, "*", NOBODY, EVERYBODY, b"[]", b"{}")
    return [StreamEntry(LogEntry(seq, NOON, "a", "c", (part,))) for seq in seqs]


async def test_what_is_handed_over_twice_is_kept_once_and_what_is_for_nobody_not_at_all() -> None:
    publisher = Publisher()
    publisher._add("d1", told(5))  # whoever it was for has gone
    newest, bell = publisher.listen("d1", 4, "me")
    _, other = publisher.listen("d2", 4, "me")
    for seqs in ((3, 4), (5, 6), (5, 6, 7), (6,)):
        publisher._add("d1", told(*seqs))
    assert [one.entry.seq for one in newest.entries] == [5, 6, 7]
    assert bell.rung.is_set()
    assert not other.rung.is_set()


async def test_nobody_is_counted_before_somebody_came_and_nothing_as_said() -> None:
    publisher = Publisher()
    assert (publisher.sent, publisher.listeners(), publisher.streams_of_user("me"), publisher.is_closing) == (
        *(0, 0, 0),
        False,
    )
