"""The list of what people did here: what is open, the last that ended, and in which order somebody looks at them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.act_list import RECENT, ActList, in_order
from tests.kit.district import NOON


def act(number: int, *, user: str = "a", delivery: Delivery = Delivery.KEPT, **other: Any) -> Act:
    """The `number`th act."""
    return Act(f"cmd{number}", number, user, "file", ("case", "c1"), (), delivery, **other)


class Listened(ActList):
    """What its listeners saw, each time that they were told."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[list[int], list[int]]] = []
        self.changed.connect(lambda _: self.seen.append((numbers(self.open), numbers(self.recent))))


def numbers(acts: tuple[Act, ...]) -> list[int]:
    return [one.cseq for one in acts]


def test_an_act_is_open_until_it_has_ended_and_every_change_is_told_when_it_is_there() -> None:
    acts = Listened()
    acts.put(act(1))
    acts.put(act(2, delivery=Delivery.NEEDS_YOU))
    acts.put(act(1, delivery=Delivery.SENT))
    assert [(one.cseq, one.delivery) for one in acts.open] == [(1, Delivery.SENT), (2, Delivery.NEEDS_YOU)]
    assert numbers(acts.needing) == [2]
    acts.end([act(1, delivery=Delivery.DONE)])
    assert acts.find("cmd1") is None
    assert acts.find("cmd2") == act(2, delivery=Delivery.NEEDS_YOU)
    assert acts.seen == [([1], [1]), ([1, 2], [1, 2]), ([1, 2], [1, 2]), ([2], [1, 2])]


def test_what_is_told_anew_is_told_once_for_all_and_not_at_all_where_nothing_is_new() -> None:
    acts = Listened()
    acts.put(act(1))
    acts.put(act(2))
    acts.retell({"cmd1": ("busy", "5"), "cmd2": (None, None)})
    assert [(one.code, one.about) for one in acts.open] == [("busy", "5"), (None, None)]
    acts.retell({})
    assert len(acts.seen) == 3


def test_what_ended_twice_or_is_open_again_is_in_the_list_once() -> None:
    acts = Listened()
    acts.fill([act(1, delivery=Delivery.DONE, state="dropped"), act(2, delivery=Delivery.DONE, state="done")])
    assert acts.seen == []
    acts.end([act(1, delivery=Delivery.DONE, state="done")])
    assert [(one.cseq, one.state) for one in acts.recent] == [(1, "done"), (2, "done")]
    acts.put(act(2))
    assert [(one.cseq, one.delivery) for one in acts.recent] == [(1, Delivery.DONE), (2, Delivery.KEPT)]
    acts.end([act(2, delivery=Delivery.DONE)])
    assert numbers(acts.recent) == [1, 2]
    assert [len(seen[1]) for seen in acts.seen] == [2, 2, 2]


def test_the_list_keeps_the_last_two_hundred_whatever_is_open() -> None:
    acts = ActList()
    acts.fill(act(number, delivery=Delivery.DONE) for number in range(1, RECENT + 10))
    assert numbers(acts.recent) == list(range(10, RECENT + 10))
    assert len(acts._ended) == RECENT
    acts.put(act(RECENT + 10))
    assert numbers(acts.recent) == list(range(11, RECENT + 11))
    acts.end([act(RECENT + 10, delivery=Delivery.DONE)])
    acts.put(act(50))  # a restore
    acts.put(act(RECENT + 11))
    assert numbers(acts.recent) == list(range(12, RECENT + 12))
    acts.end([act(50, delivery=Delivery.DONE), act(50, delivery=Delivery.DONE)])
    acts.end([act(number, delivery=Delivery.DONE) for number in range(RECENT + 12, RECENT + 22)])
    assert len(acts._ended) == RECENT


def test_what_somebody_must_look_at_comes_in_the_order_of_its_news_with_what_hangs_on_it_behind_it() -> None:
    def needs(number: int, minutes: int, **other: Any) -> Act:
        return act(number, delivery=Delivery.NEEDS_YOU, moved_at=NOON + timedelta(minutes=minutes), **other)

    heads = [needs(1, 5), needs(2, 9), needs(3, 9), replace(needs(4, 0), moved_at=None)]
    held = [needs(number, 60, code="held", about=about) for number, about in ((8, "cmd1"), (6, "cmd2"), (7, "cmd2"))]
    lost = [needs(10, 60, code="held", about="gone"), needs(9, 60, code="held", about="gone")]
    parked = act(5, code="parked", moved_at=NOON + timedelta(minutes=7))
    others = [act(13, user="b"), needs(12, 1, user="c"), act(14, user="b", delivery=Delivery.SENT)]
    waiting = [act(20), act(21, delivery=Delivery.SENT), act(22, delivery=Delivery.SENT, code="parked")]
    found = in_order([*lost, *others, *waiting, *held, parked, *heads], "a")
    assert numbers(found) == [3, 2, 6, 7, 5, 1, 8, 4, 9, 10, 12, 13]
