"""Where the cards stand: one below the other, each column by itself, and where the keys lead."""

from itertools import pairwise

import pytest

from commandcenter.domain.cases import Stage
from tests.kit import coordinated, hall
from tests.kit.coordinated import led, waiting
from ui.leads.columns import columns
from ui.leads.layout import GAP, LEAST_COLUMN, PAD, Layout, card_height, laid_out
from ui.leads.reading import read
from ui.leads.steps import step

WIDTH = 1440


def layout(*records: object, width: int = WIDTH) -> Layout:
    board = hall.board(0)
    board.apply(records)
    return laid_out(columns(read(board, hall.NOW)), width)


def key(number: int) -> str:
    return hall.case(number).id


def test_the_columns_share_the_width_and_none_is_too_narrow() -> None:
    for width in (WIDTH, 1001):
        made = layout(waiting(1), width=width)
        assert made.strips[0].left == 0
        assert all(a.left + a.width == b.left for a, b in pairwise(made.strips))
        assert min(one.width for one in made.strips) >= LEAST_COLUMN
        assert made.width == max(width, 6 * LEAST_COLUMN)


def test_no_card_lies_on_another_and_each_is_found_where_it_stands() -> None:
    made = layout(*coordinated.everywhere(200))
    for strip in made.strips:
        assert all(b.top - a.bottom == GAP for a, b in pairwise(strip.slots))
        assert strip.slots[0].top == PAD
        assert strip.height == strip.slots[-1].bottom + PAD
        for slot in strip.slots:
            assert slot.height == card_height(slot.card.lines)
            assert strip.at(slot.top) == strip.at(slot.bottom - 1) == slot
            assert strip.at(slot.bottom) is None
    assert sum(len(strip.slots) for strip in made.strips) == len(made.places) == 200


def test_only_cards_in_view_are_painted() -> None:
    strip = layout(*(waiting(at) for at in range(1, 60))).strips[0]
    top, bottom = strip.slots[10].bottom - 1, strip.slots[14].top + 1
    assert list(strip.within(top, bottom)) == list(strip.slots[10:15])
    assert list(strip.within(0, 1)) == []


def test_a_point_is_in_one_column_or_beside_all() -> None:
    made = layout(waiting(1))
    assert [made.strip_at(x) for x in (0, 239, 240, WIDTH - 1, WIDTH, -1)] == [0, 0, 1, 5, None, None]


def test_a_card_that_is_not_shown_stands_nowhere() -> None:
    made = layout(waiting(1))
    assert made.slot(key(2)) is None
    assert made.slot(key(1)) is not None


@pytest.mark.parametrize(
    ("start", "way", "end"),
    [
        (1, "down", 2), (2, "up", 1), (1, "up", 1), (9, "down", 9), (1, "page_down", 6), (8, "page_up", 3),
        (4, "first", 1), (4, "last", 9), (2, "right", 12), (12, "left", 2), (1, "left", 1), (9, "right", 13),
        (13, "right", 13),
    ],
)  # fmt: skip
def test_keys_go_from_card_to_card_and_over_empty_columns(start: int, way: str, end: int) -> None:
    records = [waiting(at) for at in range(1, 10)] + [led(at, stage=Stage.HANDLING) for at in (11, 12, 13)]
    made = layout(*records)
    assert step(made, key(start), way, [0] * 6) == key(end)


def test_aside_is_what_stands_beside_it_as_the_columns_are_scrolled() -> None:
    made = layout(*(waiting(at) for at in range(1, 10)), *(led(at) for at in range(11, 20)))
    high = card_height(0) + GAP
    assert step(made, key(7), "right", [6 * high, 0, 0, 0, 0, 0]) == key(11)
    assert step(made, key(7), "right", [6 * high, 0, 4 * high, 0, 0, 0]) == key(15)


def test_without_a_current_card_the_first_one_is_next() -> None:
    made = layout(led(4), led(5))
    assert step(made, None, "down", [0] * 6) == step(made, key(99), "left", [0] * 6) == key(4)
    assert step(laid_out((), WIDTH), None, "down", []) is None
