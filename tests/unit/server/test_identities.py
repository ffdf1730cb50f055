"""Ids that can be guessed: nobody takes one beforehand, learns of another's by it, or reaches who called there."""

import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands import Import
from commandcenter.domain.ids import IMPORTED_AT, uuid7
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.auth import accounts
from commandcenter.server.command_pipeline.pipeline import perform
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from tests.kit import imported
from tests.kit.district import NOON, hashed
from tests.kit.platform import Desk, new_id

Sit = Callable[[str], Awaitable[Desk]]
GUESSED = uuid7(IMPORTED_AT, sha256(b"baltimore\x0023-00000007").digest()[:10])
ROW = imported.ROW | {"case": GUESSED, "external": "23-00000007"}
TAKE = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口", "street": "east"}
SEALED = base64.b64encode(b"s" * 80).decode()


async def _told(desk: Desk, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await desk.post("/v1/imports", {"district": "d1", "commands": rows})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def _of_street(platform: Platform, sit: Sit, street: str) -> Desk:
    person = Person(f"{street}-hotline", Role.CHANNEL, Scope("d1", street=street))
    platform.writer.submit(lambda connection: accounts.put(connection, person, hashed())).result()
    return await sit(person.user)


async def test_who_guesses_the_id_of_a_row_does_not_hinder_its_import(sit: Sit) -> None:
    team, system = await sit("west-team"), await sit("system")
    squat = await team.do("take", **(TAKE | {"case": GUESSED, "street": "west"}))
    plain = await team.do("take", **(TAKE | {"case": new_id(), "street": "west", "external": "23-00000007"}))
    (told,) = await _told(system, ROW)
    assert (told["status"], squat["code"], plain["status"]) == ("new", "bad_id", "applied")
    assert told["case"] != GUESSED


async def test_what_an_earlier_version_imported_keeps_its_id(sit: Sit, platform: Platform) -> None:
    system = Person("system", Role.SYSTEM, Scope("d1"))
    moment = datetime(2026, 11, 24, 1, tzinfo=UTC)
    row = Import(GUESSED, "hotline", "23-00000007", "a", Stage.FILED, Tier.STREET, moment, kind="lid", street="east")
    platform.writer.submit(lambda con: perform(con, row, system, NOON, cmd_id=new_id(), bases={})).result()
    desk = await sit("system")
    other_way = ROW | {"case": "otherwise-called", "source_hash": "c"}
    told = await _told(desk, ROW, ROW | {"source_hash": "b", "channel": "grid"}, other_way | {"channel": "grid"})
    assert [(one["status"], one["case"]) for one in told] == [
        ("unchanged", GUESSED),
        ("changed", GUESSED),
        ("changed", GUESSED),
    ]


async def test_a_row_stays_the_same_case_when_its_channel_changes(sit: Sit) -> None:
    told = await _told(await sit("system"), ROW, ROW, ROW | {"channel": "grid", "source_hash": "b"})
    assert [one["status"] for one in told] == ["new", "unchanged", "changed"]
    assert len({one["case"] for one in told}) == 1


async def test_a_row_that_names_a_known_case_and_another_number_is_another_case(sit: Sit) -> None:
    system = await sit("system")
    (known,) = await _told(system, ROW)
    (other,) = await _told(system, ROW | {"case": known["case"], "external": "23-00000008", "source_hash": "b"})
    assert other["status"] == "new"
    assert other["case"] != known["case"]
    assert (await system.get(f"/v1/cases/{known['case']}")).json()["external"] == ROW["external"]


async def test_a_row_that_names_a_foreign_case_and_its_very_number_is_the_streets_own(
    sit: Sit, platform: Platform
) -> None:
    east, west = await _of_street(platform, sit, "east"), await _of_street(platform, sit, "west")
    foreign = (await _told(east, ROW))[0]["case"]
    (told,) = await _told(west, ROW | {"street": "west", "case": foreign, "source_hash": "b"})
    assert told["status"] == "new"
    assert told["case"] != foreign
    assert (await east.get(f"/v1/cases/{foreign}")).json()["source_hash"] == "a"


async def test_whatever_names_the_case_no_import_goes_over_one_that_is_not_the_importers(
    sit: Sit, platform: Platform
) -> None:
    """Also where no id of the site's stands between: the rule is the decision's own."""
    own = await (await sit("clerk")).take()
    foreign = (await _told(await _of_street(platform, sit, "east"), ROW))[0]["case"]
    moment = datetime(2026, 11, 24, 1, tzinfo=UTC)
    system, west = (Person("x", Role.SYSTEM, Scope("d1", street=street)) for street in (None, "west"))
    said = []
    for person, case, street in ((system, own, "east"), (west, foreign, "west")):
        row = Import(case, "hotline", "1", "z", Stage.FILED, Tier.STREET, moment, kind="lid", street=street)
        work = partial(perform, command=row, person=person, now=NOON, cmd_id=new_id(), bases={})
        result = platform.writer.submit(work).result()
        said.append((result.status, result.code))
    assert said == [("refused", "id_taken")] * 2


async def test_a_street_that_imports_learns_nothing_of_the_cases_of_another(sit: Sit, platform: Platform) -> None:
    east, west = await _of_street(platform, sit, "east"), await _of_street(platform, sit, "west")
    foreign = (await _told(east, ROW))[0]["case"]
    there = [GUESSED, foreign, await (await sit("clerk")).take()]
    known, unknown = [], []
    for number, key in enumerate(there):
        row = ROW | {"street": "west", "external": f"x-{number}" if number else ROW["external"]}
        known += await _told(west, row | {"case": key}, row | {"case": key, "kind": "none"})
        unknown += await _told(west, row | {"case": f"new-{number}"} | {"external": f"y-{number}"})
        unknown += await _told(west, row | {"case": f"new-{number}", "kind": "none"} | {"external": f"y-{number}"})
    said = [[(one["status"], one.get("code"), one.get("about")) for one in told] for told in (known, unknown)]
    assert said[0] == said[1] == [("new", None, None), ("refused", "unknown_kind", "none")] * 3
    assert not {one["case"] for one in known} & set(there)


@pytest.mark.parametrize("change", [{"text": " "}, {"kind": "none"}, {"channel": "none"}, {"street": "east"}])
async def test_a_take_that_cannot_be_is_refused_alike_for_a_foreign_id_and_for_none(
    sit: Sit, change: dict[str, str]
) -> None:
    foreign, team = await (await sit("clerk")).take(), await sit("west-team")
    answers = [
        await team.do("take", **(TAKE | {"street": "west"} | change | {"case": key})) for key in (foreign, new_id())
    ]
    assert len({(one["status"], one["code"], one.get("about")) for one in answers}) == 1
    assert answers[0]["code"] != "id_taken"


async def test_an_imported_case_is_not_found_by_trying_to_take_its_id(sit: Sit) -> None:
    key = (await _told(await sit("system"), ROW))[0]["case"]
    team = await sit("west-team")
    absent = uuid7(IMPORTED_AT, b"0123456789")
    answers = [await team.do("take", **(TAKE | {"street": "west", "case": one})) for one in (key, absent, GUESSED)]
    assert {(one["code"], one["about"]) for one in answers} == {("bad_id", "case")}


async def test_who_called_there_cannot_be_named_by_anybody_else(sit: Sit, platform: Platform) -> None:
    clerk, team = await sit("clerk"), await sit("west-team")
    petitioner = new_id()
    own = await clerk.take(petitioner=petitioner, sealed=SEALED)
    shown = (await clerk.get(f"/v1/cases/{own}")).json()["petitioner"]
    theirs = [
        await team.do("take", **(TAKE | {"street": "west", "case": new_id(), "petitioner": key} | sealed))
        for key in (petitioner, shown)
        for sealed in ({"sealed": base64.b64encode(b"x" * 80).decode()}, {})
    ]
    rows = platform.readers.now(lambda connection: connection.execute(select(tables.vault)).all())
    assert [row.sealed for row in rows if row.petitioner == shown] == [b"s" * 80]
    assert [(one["status"], one.get("code")) for one in theirs] == [("applied", None)] * 4
    cases = [
        (await clerk.get(f"/v1/cases/{ref.removeprefix('case:')}")).json() for one in theirs for ref in one["revs"]
    ]
    assert not {petitioner, shown} & {case["petitioner"] for case in cases}
