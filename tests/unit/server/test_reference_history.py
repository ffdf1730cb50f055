"""What administrators are shown of reference records, and what the log keeps of each edit."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import select

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.facts import NAMES
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.codec import FactEnvelope, decode, encode, fact_envelope, read_facts
from commandcenter.server.platform import Platform
from commandcenter.server.storage import event_log, tables
from tests.kit.administrator import Editor, sit_to_edit
from tests.kit.district import CALENDAR
from tests.kit.platform import Desk

AT_WORK = {"spot", "seen_at", "status", "status_since", "job"}
Sit = Callable[[str], Awaitable[Desk]]


async def test_no_administrator_is_shown_where_a_crew_is_and_what_it_does(
    editor: Editor, sit: Sit, platform: Platform, http: httpx.AsyncClient
) -> None:
    spot, unit = {"lon": 117.4, "lat": 31.7}, await sit("east-urban")
    said = {"crew": "east-crew", "spot": spot, "status": "on_scene", "job": "job-7"}
    assert (await unit.do("locate_crew", **said))["status"] == "applied"
    assert (await editor.change("crew:east-crew", name="二队"))["status"] == "applied"
    late = await editor.change("crew:east-crew", 1, name="三队")
    shown = [late["current"]["record"], *(one["fact"]["content"] for one in late["since"])]
    assert (late["status"], len(shown)) == ("conflict", 2)
    audit = await sit_to_edit(platform, http, Person("audit", Role.AUDIT_ADMIN, Scope("d1")))
    for one in (editor, audit):
        listed = (await one.desk.get("/v1/references/crew")).json()["items"]
        told = await one.history("crew:east-crew")
        shown += [row["record"] for row in (*listed, told["record"], *(rev["record"] for rev in told["revisions"]))]
    assert len(shown) == 2 + 2 * (2 + 1 + 2)
    assert [record for record in shown if AT_WORK & record.keys()] == []
    assert {"id", "rev", "name", "unit", "street", "retired"} <= set.intersection(*(set(one) for one in shown))


async def test_the_log_says_of_a_calendar_only_the_week_that_each_edit_gave_it(
    editor: Editor, platform: Platform
) -> None:
    """Its former weeks follow from that: the tenth edit takes no more room than the first."""
    weeks = [[{"weekday": 0, "start": 60 * hour, "end": 60 * hour + 59}] for hour in range(1, 11)]
    for hours in weeks:
        former = [{"rev": 9, "zone": "x", "hours": hours}]
        assert (await editor.change("calendar:week", hours=hours, former=former))["revs"]
    assert (await editor.edit("revert_reference", "calendar:week", 11, to=2))["revs"]
    column = tables.log.c
    rows = select(column.facts).where(column.kind == "calendar", column.rev > 1).order_by(column.seq)
    facts = platform.readers.now(lambda connection: connection.execute(rows).scalars().all())
    contents = [decode(bytes(one.fact), dict[str, Any])["content"] for one in event_log.decode_facts(facts)]
    assert [one["hours"] for one in contents] == [*weeks, weeks[0]]
    assert [one["former"] for one in contents] == [[]] * 11
    now = await editor.read("calendar:week")
    assert [one["rev"] for one in now["former"]] == [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert [one["hours"] for one in now["former"][:-1]] == weeks[::-1]
    content = {"id": "night", "rev": 1, "zone": "Asia/Shanghai", "hours": weeks[0], "former": now["former"]}
    assert (await editor.edit("create_reference", "calendar:night", 0, content=content))["status"] == "applied"
    assert (await editor.read("calendar:night"))["former"] == []


@pytest.mark.parametrize("name", ["reference_created", "reference_changed", "reference_reverted"])
def test_facts_are_read_as_they_were_written_before_and_written_under_the_same_names(name: str) -> None:
    week = replace(CALENDAR, zone="Asia/Urumqi")
    content = {field: value for field, value in decode(encode(week), dict[str, Any]).items() if field != "pinned"}
    content["former"] = [{"rev": 7, "zone": "x", "hours": []}]  # as facts had them
    said = {"record": "calendar:week", "by": "ops", "at": "2026-11-24T04:00:00Z", "content": content}
    said |= ({"to": 1} if name == "reference_reverted" else {}) | {"hand": None}
    (fact,) = read_facts([FactEnvelope(name, msgspec.Raw(encode(said)))])
    assert type(fact) is NAMES[name]
    made: Any = fact.evolve(CALENDAR)
    assert isinstance(made, Calendar)
    assert (made.rev, made.zone, [one.rev for one in made.former]) == (2, "Asia/Urumqi", [1])
    again = decode(bytes(fact_envelope(fact).fact), dict[str, Any])
    assert again.keys() == said.keys()
    assert {**again, "content": None} == {**said, "content": None}


async def test_of_many_edits_since_a_look_the_newest_fifty_are_told(editor: Editor) -> None:
    for number in range(55):
        assert (await editor.change("crew:east-crew", name=f"{number}队"))["revs"]
    late = await editor.change("crew:east-crew", 1, name="三队")
    assert [one["fact"]["content"]["name"] for one in late["since"]] == [f"{number}队" for number in range(5, 55)]
