"""What other systems bring meets what administrators edited: what a person edited stays, and all of that is told."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from commandcenter.domain.channels import Channel
from commandcenter.domain.people import Holder, HolderKind
from commandcenter.domain.places import Community, Grid, Spot
from commandcenter.domain.records import Record
from commandcenter.domain.teams import Crew, CrewStatus, Loan
from commandcenter.protocol.codec import encode, record_envelope
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.platform import Platform
from commandcenter.server.storage.projections import find
from commandcenter.server.storage.tables import audit
from tests.kit.administrator import Editor
from tests.kit.crews import assigned
from tests.kit.district import NOON, reference
from tests.kit.platform import Desk

CREW = next(one for one in reference() if isinstance(one, Crew) and one.id == "east-crew")
HOTLINE = next(one for one in reference() if isinstance(one, Channel) and one.id == "hotline")
DRIVEN = replace(CREW, spot=Spot(117.4, 31.7), status=CrewStatus.ON_SCENE, seen_at=NOON)
Sit = Callable[[str], Awaitable[Desk]]
Feed = Callable[..., Awaitable[tuple[dict[str, int], list[tuple[str, str, str]]]]]


@pytest.fixture
def feed(sit: Sit) -> Feed:
    """Brings records as another system; the counts of what became of them, and what was not taken with why."""

    async def brought(*records: Record, by: str = "system") -> tuple[dict[str, int], list[tuple[str, str, str]]]:
        batch = {"district": "d1", "reference": [record_envelope(one) for one in records]}
        answer = await (await sit(by)).post("/v1/imports", encode(batch))
        assert answer.status_code == 200, answer.text
        told = answer.json()
        return told["reference"], [(one["record"], one["code"], one["about"]) for one in told["not_taken"]]

    return brought


def counts(**given: int) -> dict[str, int]:
    return {"new": 0, "changed": 0, "unchanged": 0, "not_taken": 0} | given


def stored(platform: Platform, kind: str, key: str) -> Any:
    return platform.readers.now(lambda connection: find(connection, "d1", kind, key))


async def test_a_feed_leaves_what_an_administrator_edited_and_brings_the_rest(
    editor: Editor, feed: Feed, platform: Platform
) -> None:
    assert (await editor.change("crew:east-crew", name="二队"))["status"] == "applied"
    told = await feed(replace(DRIVEN, unit="east-police"))
    assert told == (counts(changed=1, not_taken=1), [("crew:east-crew", "kept_here", "name")])
    now = stored(platform, "crew", "east-crew")
    assert now == replace(DRIVEN, rev=3, name="二队", unit="east-police", pinned=("name",))
    assert (await feed(replace(DRIVEN, unit="east-police", rev=99)))[0] == counts(unchanged=1, not_taken=1)
    assert (await feed(replace(now, rev=1)))[0] == counts(unchanged=1)  # the other system says the same at last


async def test_neither_a_feed_nor_an_administrator_says_what_a_crew_was_sent_to(
    editor: Editor, feed: Feed, platform: Platform, sit: Sit
) -> None:
    sent = {"assignments": [{"case": "c", "holder": "housing", "street": "west", "state": "current"}]}
    bogus = {**assigned("c", holder="housing", street="west"), "loan": Loan("west", ("east", "west"))}
    await feed(replace(CREW, id="c", name="三队", **bogus))
    content = {"id": "d", "rev": 1, "name": "四队", "unit": "east-urban", "street": "east", **sent}
    assert (await editor.edit("create_reference", "crew:d", 0, content=content))["status"] == "applied"
    for key in ("c", "d"):
        made = stored(platform, "crew", key)
        assert (made.assignments, made.loan) == ((), None)
    clerk, shift, dispatcher = [await sit(who) for who in ("clerk", "shift", "dispatcher")]
    case = await clerk.take()
    await shift.do("file", case=case)
    seen = {f"case:{case}": 2, "crew:east-crew": 1}
    done = await dispatcher.do("dispatch", bases=seen, case=case, to="east-urban", crew="east-crew")
    assert done["status"] == "applied"
    assert (await feed(DRIVEN))[0] == counts(changed=1)
    assert stored(platform, "crew", "east-crew").order == case


async def test_what_one_edit_changed_stays_through_the_next_edit_of_another_field(
    editor: Editor, feed: Feed, platform: Platform
) -> None:
    assert (await editor.change("crew:east-crew", name="二队"))["status"] == "applied"
    assert (await editor.change("crew:east-crew", unit="east-police"))["status"] == "applied"
    assert (await feed(DRIVEN))[1] == [("crew:east-crew", "kept_here", "name unit")]
    now = stored(platform, "crew", "east-crew")
    assert (now.name, now.unit, now.spot) == ("二队", "east-police", DRIVEN.spot)


async def test_what_is_reverted_to_the_other_systems_value_is_the_other_systems_again(
    editor: Editor, feed: Feed, platform: Platform
) -> None:
    assert (await editor.change("crew:east-crew", name="二队"))["status"] == "applied"
    assert (await editor.edit("revert_reference", "crew:east-crew", 2, to=1))["status"] == "applied"
    assert await feed(replace(CREW, name="三队")) == (counts(changed=1), [])
    assert stored(platform, "crew", "east-crew").name == "三队"


async def test_what_a_feed_changed_and_an_administrator_takes_back_stays_taken_back(
    editor: Editor, feed: Feed, platform: Platform
) -> None:
    assert (await feed(replace(DRIVEN, name="三队")))[0] == counts(changed=1)
    assert (await editor.edit("revert_reference", "crew:east-crew", 2, to=1))["status"] == "applied"
    assert (await feed(replace(DRIVEN, name="三队")))[1] == [("crew:east-crew", "kept_here", "name")]
    assert (await feed(replace(DRIVEN, name="三队", unit="east-police")))[0] == counts(changed=1, not_taken=1)
    now = stored(platform, "crew", "east-crew")
    assert (now.name, now.unit, now.pinned) == (CREW.name, "east-police", ("name",))


async def test_a_crew_is_on_the_board_of_its_units_street_whoever_moves_it(
    editor: Editor, feed: Feed, platform: Platform
) -> None:
    assert (await editor.change("crew:east-crew", unit="east-police"))["status"] == "applied"
    moved = replace(CREW, unit="west-urban", street="west")
    assert await feed(moved) == (counts(unchanged=1, not_taken=1), [("crew:east-crew", "other_unit", "east-police")])
    for half in ({"street": "west"}, {"unit": "west-urban"}):
        result = await editor.change("crew:east-crew", **half)
        assert (result["status"], result["code"]) == ("refused", "other_unit")
    assert stored(platform, "crew", "east-crew") == replace(CREW, rev=2, unit="east-police", pinned=("unit",))
    assert (await editor.change("crew:east-crew", unit="west-urban", street="west"))["status"] == "applied"


async def test_a_feed_revives_no_crew_that_an_administrator_retired_and_retires_none_that_one_brought_back(
    editor: Editor, feed: Feed, platform: Platform
) -> None:
    assert (await editor.edit("retire_reference", "crew:east-crew", 1))["status"] == "applied"
    assert await feed(DRIVEN) == (
        counts(unchanged=1, not_taken=1),
        [("crew:east-crew", "kept_here", "retired")],
    )
    assert stored(platform, "crew", "east-crew") == replace(CREW, rev=2, retired=True, pinned=("retired",))
    assert (await editor.change("crew:east-crew", retired=False))["status"] == "applied"
    assert (await feed(replace(CREW, retired=True)))[1] == [("crew:east-crew", "kept_here", "retired")]
    assert not stored(platform, "crew", "east-crew").retired
    assert (await feed(replace(CREW, id="c", name="三队")))[0] == counts(new=1)
    assert (await feed(replace(CREW, id="c", name="三队", retired=True)))[0] == counts(changed=1)
    assert (await feed(replace(CREW, id="c", name="三队")))[0] == counts(changed=1)  # what a feed retired is its own


async def test_a_crew_that_an_administrator_created_is_theirs_and_its_device_reports(
    editor: Editor, feed: Feed, platform: Platform
) -> None:
    content = {"id": "c", "rev": 1, "name": "夜班", "unit": "east-urban", "street": "east"}
    assert (await editor.edit("create_reference", "crew:c", 0, content=content))["status"] == "applied"
    told = await feed(replace(DRIVEN, id="c", name="x", unit="east-police"))
    assert told == (counts(changed=1, not_taken=1), [("crew:c", "kept_here", "name unit")])
    now = stored(platform, "crew", "c")
    assert (now.name, now.unit, now.spot, now.status) == ("夜班", "east-urban", DRIVEN.spot, CrewStatus.ON_SCENE)


async def test_of_all_other_records_the_hall_keeps_its_own_and_says_which_fields(editor: Editor, feed: Feed) -> None:
    assert (await editor.change("channel:hotline", name="热线二"))["status"] == "applied"
    assert await feed(HOTLINE, replace(HOTLINE, id="letter", name="来信", rev=5)) == (
        counts(new=1, unchanged=1, not_taken=1),
        [("channel:hotline", "kept_here", "name")],
    )
    assert (await editor.read("channel:hotline"))["name"] == "热线二"
    assert (await feed(replace(HOTLINE, id="letter", name="信件", by_hand=False)))[1] == [
        ("channel:letter", "kept_here", "by_hand name")
    ]
    assert (await editor.read("channel:letter"))["rev"] == 1


async def test_what_another_system_counts_as_the_thousandth_revision_is_the_first_of_this_hall(
    editor: Editor, feed: Feed
) -> None:
    letter = Channel("letter", 1_000_000_000, "来信")
    assert (await feed(letter, replace(CREW, id="c", rev=1_000_000_000)))[0] == counts(new=2)
    for name in ("channel:letter", "crew:c"):
        assert (await editor.read(name))["rev"] == 1
        assert (await editor.change(name, name="另名"))["revs"] == {name: 2}
    assert (await feed(replace(CREW, id="c", rev=1_000_000_000, spot=DRIVEN.spot)))[0] == counts(changed=1, not_taken=1)
    assert (await editor.read("crew:c"))["rev"] == 3


async def test_a_record_that_came_at_the_last_revision_is_edited_all_the_same(
    editor: Editor, platform: Platform
) -> None:
    """As an earlier version put it in."""
    letter = Channel("letter", 1_000_000_000, "来信")
    platform.writer.submit(lambda connection: put_reference(connection, "d1", [letter], now=NOON)).result()
    for name, rev in (("信件", 1_000_000_001), ("书信", 1_000_000_002)):
        assert (await editor.change("channel:letter", name=name))["revs"] == {"channel:letter": rev}


async def test_no_team_comes_in_that_would_see_another_streets_grid(feed: Feed, platform: Platform) -> None:
    team = Holder("spy", 1, HolderKind.GRID_TEAM, "网格队", "网格", street="east", grid="west-1")
    honest = replace(team, id="honest", grid="east-2")
    assert await feed(team, honest, by="sensors") == (
        counts(new=1, not_taken=1),
        [("holder:spy", "other_grid", "west-1")],
    )
    assert (stored(platform, "holder", "spy"), stored(platform, "holder", "honest")) == (None, honest)
    hoping = replace(team, grid="west-9")  # which the west may name so some day
    grid = Grid("east-9", 1, "九", "east", "west-c", date(2026, 1, 1))
    assert (await feed(hoping, grid))[1] == [
        ("grid:east-9", "other_community", "west-c"),
        ("holder:spy", "unknown_grid", "west-9"),
    ]


async def test_a_grid_keeps_to_its_street_and_to_a_community_of_it(editor: Editor) -> None:
    """Or the team that has it would see another street's cases."""
    for other, code, about in (
        ({"street": "west", "community": "west-c"}, "fixed", "street"),
        ({"community": "west-c"}, "other_community", "west-c"),
    ):
        result = await editor.change("grid:east-1", **other)
        assert (result["status"], result["code"], result["about"]) == ("refused", code, about)


async def test_records_may_come_before_those_that_they_name_and_not_without_them(
    editor: Editor, feed: Feed, platform: Platform
) -> None:
    unit = Holder("east-new", 1, HolderKind.UNIT, "新队", "新", "east")
    crew, place = replace(CREW, id="new-crew", unit="east-new"), Community("east-c9", 1, "社区", "east")
    assert await feed(crew, unit, place) == (counts(new=3), [])
    assert (await feed(replace(CREW, id="lost", unit="nobody")))[1] == [("crew:lost", "unknown_holder", "nobody")]
    assert (await editor.edit("retire_reference", "holder:east-police", 1))["status"] == "applied"
    assert await feed(replace(DRIVEN, unit="east-police"), replace(CREW, id="crew-3", name="三组")) == (
        counts(new=1, unchanged=1, not_taken=1),
        [("crew:east-crew", "retired", "east-police")],
    )
    assert stored(platform, "crew", "east-crew") == CREW


async def test_a_batch_of_another_system_leaves_one_row_of_the_audit_with_its_counts_and_no_names(
    editor: Editor, feed: Feed, platform: Platform
) -> None:
    def rows() -> list[tuple[str, ...]]:
        found = select(audit.c.user, audit.c.role, audit.c.record, audit.c.outcome).where(audit.c.action == "supply")
        return [tuple(row) for row in platform.readers.now(lambda connection: connection.execute(found).all())]

    await feed(Channel("visit", 1, "来访"), replace(HOTLINE, name="张三热线"), DRIVEN)
    await feed(Channel("visit", 1, "来访"))
    by = ("system", "system", "district:d1")
    assert rows() == [
        (*by, "1 new, 1 changed, 1 unchanged, 1 not_taken"),
        (*by, "0 new, 0 changed, 1 unchanged, 0 not_taken"),
    ]
    await feed()
    assert len(rows()) == 2
