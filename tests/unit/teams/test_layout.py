"""Where the lanes stand: nothing overlaps, nothing is left out without a word, and the keyboard reaches everything."""

from dataclasses import replace
from itertools import combinations

import pytest

from tests.kit import hall
from tests.kit.street_crews import everywhere
from ui.teams.lanes import Column, Lane, lanes
from ui.teams.layout import CHOSEN, LANE, QUEUE_LINES, Item, Layout, Part, Shape, laid_out, opened_key
from ui.teams.reading import NONE, read
from ui.teams.steps import step


def district(count: int = 700) -> tuple[Lane, ...]:
    board = hall.board(count)
    board.apply(everywhere())
    return lanes(read(board, hall.NOW))


def column(power: str = "urban", cases: int = 0, crews: int = 0) -> Column:
    queue = tuple(f"{power}{at}" for at in range(cases))
    return Column(power, "s01", (f"s01-{power}",), queue, NONE, tuple(f"{power}-crew{at}" for at in range(crews)))


def lane(*columns: Column) -> Lane:
    return Lane("s01", columns, NONE, 0, ())


def overlap(one: Item, other: Item) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.bottom
        and other.top < one.bottom
    )


@pytest.mark.parametrize("width", [1428, 1030, 640, 200])
def test_no_two_parts_overlap_and_all_lie_within_the_ground(width: int) -> None:
    layout = laid_out(district(200)[:4], width)
    items = list(layout.items())
    assert not [pair for pair in combinations(items, 2) if overlap(*pair)]
    assert all(item.left >= 0 and item.left + item.width <= width and item.bottom <= layout.height for item in items)


def test_columns_that_would_be_too_narrow_stand_in_several_lines_of_about_the_same_length() -> None:
    found = lane(*(column(str(at)) for at in range(9)))
    heads = [item for item in laid_out([found], 900).items() if item.part is Part.HEAD]
    assert [sum(one.top == top for one in heads) for top in sorted({one.top for one in heads})] == [3, 3, 3]


def test_a_long_queue_says_how_many_more_there_are_and_opens() -> None:
    found = lane(column(cases=QUEUE_LINES + 3))
    shown = [item for item in laid_out([found], 400).items() if item.part in (Part.CASE, Part.MORE)]
    assert [item.place for item in shown] == [*range(1, QUEUE_LINES), 4]
    key = next(item.key for item in shown if item.part is Part.MORE)
    assert key == opened_key(found, found.columns[0])
    opened = laid_out([found], 400, Shape(opened=frozenset({key})))
    assert [item.place for item in opened.items() if item.part is Part.CASE] == [*range(1, QUEUE_LINES + 4)]
    assert not [item for item in opened.items() if item.part is Part.MORE]


def test_a_queue_that_just_fits_needs_no_further_line() -> None:
    items = list(laid_out([lane(column(cases=QUEUE_LINES))], 400).items())
    assert sum(item.part is Part.CASE for item in items) == QUEUE_LINES
    assert not [item for item in items if item.part is Part.MORE]


def test_a_lane_that_stands_alone_shows_as_many_cases_as_there_is_room_for() -> None:
    found = lane(column(cases=40, crews=2))
    alone = laid_out([found], 400, height=900)
    assert QUEUE_LINES < sum(item.part is Part.CASE for item in alone.items()) < 40
    assert alone.height <= 900
    two = laid_out([found, replace(found, id="s02")], 400, height=900)
    assert sum(item.part is Part.CASE for item in two.items()) == 2 * (QUEUE_LINES - 1)


def test_those_that_wait_use_the_room_beside_the_crews() -> None:
    found = lane(column("waiting", cases=9), column(cases=9, crews=3))
    items = list(laid_out([found], 800).items())
    assert sum(item.part is Part.CASE and item.column == 0 for item in items) == 9
    assert not [item for item in items if item.part in (Part.TEAM, Part.CREW) and item.column == 0]


def test_a_folded_lane_is_one_line() -> None:
    layout = laid_out([lane(column(cases=3)), lane(column())], 400, Shape(folded=frozenset({"s01"})))
    assert [item.part for item in layout.items()] == [Part.LANE, Part.LANE]


def test_a_point_belongs_to_the_item_that_is_painted_there() -> None:
    layout = laid_out(district(), 1428)
    for item in layout.items():
        assert layout.at(item.left, item.top) == item
        assert layout.at(item.left + item.width - 1, item.bottom - 1) == item
    assert layout.at(10, layout.height + 5) is None
    assert layout.at(-1, -1) is None


@pytest.mark.parametrize("width", [1428, 1030])
def test_from_wherever_the_ground_is_shown_its_upper_edge_tells_the_street_and_its_units(width: int) -> None:
    """The heads lie over the rows without a gap, within what they head, and a point there is theirs."""
    layout = laid_out(district(200)[:4], width, Shape(folded=frozenset({"s02"})))
    starts = [item.top for item in layout.items() if item.part is Part.LANE]
    for top in range(0, layout.height - 10, 7):
        street = layout.at(5, top, top)
        assert street is not None
        assert (street.part, street.lane) == (Part.LANE, sum(start <= top for start in starts) - 1)
        for item in layout.pinned(top):
            assert top - item.height < item.top <= top + LANE
            assert layout.at(item.left, max(item.top, top), top) in layout.pinned(top)
            below = layout.at(item.left, item.until - 1)
            assert below is None or below.lane == item.lane


def test_a_strip_of_the_ground_has_all_that_is_seen_of_it() -> None:
    layout = laid_out(district(), 1428)
    for top, bottom in ((0, 900), (333, 334), (layout.height - 10, layout.height + 100)):
        seen = [item for item in layout.items() if item.top < bottom and item.bottom > top]
        assert list(layout.within(top, bottom)) == seen


def walked(layout: Layout, direction: str, start: Item) -> list[str]:
    """Returns the keys of the items that one direction leads through, as far as it leads."""
    found, here = [start.key], start
    while (after := step(layout, here.ref, direction)) is not None:
        assert after.key not in found
        found.append(after.key)
        here = after
    return found


def street(number: int, *columns: Column) -> Lane:
    """A lane whose ids are all its own."""
    own = [
        replace(
            one,
            queue=tuple(f"{number}-{key}" for key in one.queue),
            crews=tuple(f"{number}-{key}" for key in one.crews),
        )
        for one in columns
    ]
    return replace(lane(*own), id=f"s0{number}")


def test_down_and_up_stay_in_the_column_from_lane_to_lane() -> None:
    two = (column(cases=2), column("police", cases=1, crews=1))
    layout = laid_out([street(number, *two) for number in (1, 2)], 800)
    first = layout.find((Part.CASE, "1-police0"))
    assert first is not None
    assert walked(layout, "down", first) == ["1-police0", "1-police-crew0", "2-police0", "2-police-crew0"]
    last = layout.find((Part.CREW, "2-police-crew0"))
    assert last is not None
    assert walked(layout, "up", last) == ["2-police-crew0", "2-police0", "1-police-crew0", "1-police0", "s01"]


def test_where_nothing_stands_in_the_column_the_head_of_the_lane_is_next() -> None:
    lanes_ = [street(1, column(cases=1)), street(2, column(), column("police", cases=1)), street(3, column(cases=1))]
    layout = laid_out(lanes_, 800)
    first = layout.find((Part.LANE, "s01"))
    assert first is not None
    assert walked(layout, "down", first) == ["s01", "1-urban0", "s02", "2-police0", "s03", "3-urban0"]
    assert walked(layout, "page_down", first) == ["s01", "s02", "s03"]


def test_left_of_the_first_column_is_the_head_of_the_lane() -> None:
    layout = laid_out([street(1, column(cases=3), column("police", cases=1))], 800)
    row = layout.find((Part.CASE, "1-police0"))
    assert row is not None
    assert walked(layout, "left", row) == ["1-police0", "1-urban0", "s01"]


def test_right_and_left_go_to_the_nearest_row_of_the_next_column() -> None:
    layout = laid_out([lane(column(cases=3), column("market"), column("police", cases=3))], 800)
    second = layout.find((Part.CASE, "urban1"))
    assert second is not None
    aside = step(layout, second.ref, "right")
    assert aside is not None
    assert aside.key == "police1"
    assert step(layout, aside.ref, "left") == second
    assert step(layout, aside.ref, "right") is None


def test_from_the_first_item_every_other_one_is_reached_by_arrows() -> None:
    layout = laid_out(district(), 1030)
    wanted = {item.ref for item in layout.items() if item.part in CHOSEN}
    start = step(layout, None, "first")
    assert start is not None
    reached, open_ = {start.ref}, [start]
    while open_:
        here = open_.pop()
        for direction in ("up", "down", "left", "right"):
            after = step(layout, here.ref, direction)
            if after is not None and after.ref not in reached:
                reached.add(after.ref)
                open_.append(after)
    assert reached == wanted
