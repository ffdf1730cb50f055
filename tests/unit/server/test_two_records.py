"""A command on two records: both are guarded, seen, decided, logged, audited and told in one message."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from unittest.mock import patch

import pytest
from sqlalchemy import select

from commandcenter.domain import commands
from commandcenter.domain.commands import Accept, Dispatch, File
from commandcenter.domain.decisions import Command, Decision, Refused, View
from commandcenter.domain.facts import Taken
from commandcenter.domain.fields import Id, Names, NamesNew
from commandcenter.domain.people import Person, Role
from commandcenter.server.storage.tables import audit, log
from tests.kit.ear import Ear, Hall, Said, Story
from tests.kit.platform import new_id
from tests.kit.swapping import Swap, Swapped, swapping


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    with swapping():
        yield


def _dispatched(hall: Hall, to: str) -> str:
    case = hall.takes(to.partition("-")[0])
    for rev, (command, user) in enumerate(((File(case), "shift"), (Dispatch(case, to), "dispatcher")), 1):
        assert hall.does(command, user, bases={f"case:{case}": rev}).status == "applied"
    return case


def _bases(*cases: str) -> dict[str, int]:
    return {f"case:{case}": 3 for case in cases}


def _last(ear: Ear) -> Said:
    return ear.of("put", "evict")[-1]


def _told(said: Said) -> tuple[str, list[str], list[str]]:
    put = [one["record"]["id"] for one in said.data["records"]] if said.event == "put" else []
    gone = said.data.get("evicted", []) if said.event == "put" else said.data["records"]
    return said.event, put, [one["id"] for one in gone]


def test_who_gets_one_case_and_loses_the_other_hears_of_both_in_one_message(story: Story) -> None:
    async def told(hall: Hall) -> None:
        mine, theirs = _dispatched(hall, "east-urban"), _dispatched(hall, "west-urban")
        ears = {user: hall.listens(user) for user in ("east-urban", "west-urban", "dispatcher", "east-desk", "housing")}
        await asyncio.sleep(1)
        result = hall.does(Swap(mine, theirs), "dispatcher", bases=_bases(mine, theirs))
        assert (result.status, result.revs) == ("applied", {f"case:{mine}": 4, f"case:{theirs}": 4})
        await asyncio.sleep(1)
        assert _told(_last(ears["east-urban"])) == ("put", [theirs], [mine])
        assert _told(_last(ears["west-urban"])) == ("put", [mine], [theirs])
        assert _told(_last(ears["dispatcher"])) == ("put", [mine, theirs], [])
        assert _told(_last(ears["east-desk"])) == ("put", [mine], [])
        assert ears["housing"].of("put", "evict") == []
        (fact,) = _last(ears["dispatcher"]).data["facts"]  # it is about both, and told once
        assert (fact["type"], fact["fact"]["case"], fact["fact"]["other"]) == ("swapped", mine, theirs)
        assert {_last(ears[user]).data["seq"] for user in ("east-urban", "west-urban")} == {result.seq}

    story(told)


def test_what_somebody_did_to_the_second_record_is_a_conflict_too(story: Story) -> None:
    async def told(hall: Hall) -> None:
        mine, theirs = _dispatched(hall, "east-urban"), _dispatched(hall, "west-urban")
        assert hall.does(Accept(theirs), "west-urban", bases={f"case:{theirs}": 3}).status == "applied"
        result = hall.does(Swap(mine, theirs), "dispatcher", bases=_bases(mine, theirs))
        assert result.status == "conflict"
        assert result.current is not None
        assert theirs.encode() in bytes(result.current.record)

    story(told)


def test_who_sees_one_of_them_alone_changes_neither(story: Story) -> None:
    async def told(hall: Hall) -> None:
        mine, theirs = _dispatched(hall, "east-urban"), _dispatched(hall, "west-urban")
        for pair in ((mine, theirs), (theirs, mine)):
            result = hall.does(Swap(*pair), "east-desk", bases=_bases(*pair))
            assert (result.status, result.code, result.about) == ("refused", "unknown_case", theirs)

    story(told)


def test_both_stand_in_the_log_under_one_number_and_in_one_entry_of_the_audit(story: Story) -> None:
    async def told(hall: Hall) -> None:
        mine, theirs = _dispatched(hall, "east-urban"), _dispatched(hall, "west-urban")
        result = hall.does(Swap(mine, theirs), "dispatcher", bases=_bases(mine, theirs))
        rows: list[Any] = hall.writes(lambda con: con.execute(select(log).where(log.c.seq == result.seq)).all())
        ours, others = "h:east-urban", "h:west-urban"
        assert [(row.record, row.part) for row in rows] == [(mine, 0), (theirs, 1)]
        assert [({ours, others} & set(row.was.split()), {ours, others} & set(row.now.split())) for row in rows] == [
            ({ours}, {others}),
            ({others}, {ours}),
        ]
        noted = hall.writes(lambda con: con.execute(select(audit).where(audit.c.action == "swap")).all())
        assert [(row.record, row.outcome) for row in noted] == [(f"case:{mine} case:{theirs}", "applied")]

    story(told)


@dataclass(frozen=True, slots=True)
class Exchange(Command):
    """A unit gives its own case for one that it does not see."""

    case: Annotated[str, Names("case", frozenset({"stage", "responsible"}))]
    wanted: Annotated[str, Id()]

    rule = replace(Swap.rule, roles=frozenset({Role.UNIT}))

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        return (Swapped(self.case, self.wanted, by.user, at, to="west-urban", other_to="east-urban"),)


def test_a_fact_about_a_record_that_its_author_does_not_see_changes_that_record(story: Story) -> None:
    async def told(hall: Hall) -> None:
        mine, theirs = _dispatched(hall, "east-urban"), _dispatched(hall, "west-urban")
        ear = hall.listens("east-urban")
        await asyncio.sleep(1)
        with patch.dict(commands.NAMES, exchange=Exchange):
            result = hall.does(Exchange(mine, theirs), "east-urban", bases=_bases(mine))
        assert (result.status, result.revs) == ("applied", {f"case:{mine}": 4, f"case:{theirs}": 4})
        await asyncio.sleep(1)
        assert _told(_last(ear)) == ("put", [theirs], [mine])

    story(told)


@dataclass(frozen=True, slots=True)
class Copy(Command):
    """Takes in a case that repeats another one."""

    copy: Annotated[str, NamesNew("case", street="street")]
    of: Annotated[str, Names("case", frozenset({"stage"}))]
    street: str = "east"

    rule = replace(Swap.rule, roles=frozenset({Role.STREET_DISPATCHER}), stages=frozenset())

    def decide(self, view: View, by: Person, at: datetime) -> Decision:
        if view.find("case", self.of) is None:
            return Refused("unknown_case", self.of)
        return (Taken(self.copy, by.user, at, None, "hotline", "water", "again", "there", self.street),)


def test_who_creates_a_case_sees_no_more_of_the_others_that_the_command_names(story: Story) -> None:
    async def told(hall: Hall) -> None:
        mine, theirs = _dispatched(hall, "east-urban"), _dispatched(hall, "west-urban")
        with patch.dict(commands.NAMES, copy=Copy):
            unseen = hall.does(Copy(new_id(), theirs), "east-desk", bases={f"case:{theirs}": 1})
            assert (unseen.status, unseen.code, unseen.current) == ("refused", "unknown_case", None)
            assert hall.does(Copy(new_id(), mine), "east-desk", bases=_bases(mine)).status == "applied"
            assert hall.does(Copy(new_id(), mine), "east-desk", bases={f"case:{mine}": 1}).status == "conflict"

    story(told)
