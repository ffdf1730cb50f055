"""Roles as spans of time: what somebody is now decides at every door, and what they were stays written."""

import asyncio
import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.auth import accounts, roles
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from commandcenter.server.storage.readers import Readers
from commandcenter.server.streaming import event_stream
from tests.kit.district import NOON, PASSWORD, hashed, seats
from tests.kit.loopback import listening, serving
from tests.kit.platform import Clock, sit_down
from tests.kit.role_spans import end_role, moves_at

WEST_DESK = Person("east-desk", Role.STREET_DISPATCHER, Scope("d1", street="west"))
HOUR = timedelta(hours=1)
READS = ("/v1/hello", "/v1/snapshot", "/v1/cases", "/v1/events?after=1:1&limit=5", "/v1/places/outline",
         "/v1/figures/summary?since=2026-11-24T00:00:00Z&until=2026-11-25T00:00:00Z",
         "/v1/figures/day?since=2026-11-24T00:00:00Z&until=2026-11-25T00:00:00Z")  # fmt: skip


@pytest.fixture
def write(platform: Platform) -> Callable[[Callable[[Connection], Any]], Any]:
    return lambda work: platform.writer.submit(work).result()


def _spans(connection: Connection, user: str) -> list[tuple[Any, ...]]:
    found = select(tables.spans).where(tables.spans.c.user == user).order_by(tables.spans.c.id)
    return [(row.role, row.street, row.since, row.until) for row in connection.execute(found)]


def test_a_change_ends_the_span_that_holds_and_begins_another(write: Any) -> None:
    was = write(lambda connection: _spans(connection, "east-desk"))
    write(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON))
    (former, new) = write(lambda connection: _spans(connection, "east-desk"))
    assert was == [("street_dispatcher", "east", 0.0, None)]
    assert former == ("street_dispatcher", "east", 0.0, NOON.timestamp())
    assert new == ("street_dispatcher", "west", NOON.timestamp(), None)


def test_each_begin_and_each_end_is_another_version(write: Any) -> None:
    write(
        lambda connection: roles.change_role(connection, WEST_DESK, now=NOON, since=NOON + HOUR, until=NOON + 2 * HOUR)
    )
    known = write(lambda connection: roles.role_history(connection, "east-desk"))
    at = [NOON, NOON + HOUR, NOON + 2 * HOUR, NOON + 3 * HOUR]
    streets = [span and span.person.scope.street for span in map(known.at, at)]
    assert streets == ["east", "west", None, None]
    assert [known.version(moment) for moment in at] == [1, 3, 4, 4]
    assert [moves_at(known, moment) for moment in at] == [NOON + HOUR, NOON + 2 * HOUR, None, None]


def test_what_has_ended_is_counted_without_being_read(write: Any) -> None:
    write(
        lambda connection: roles.change_role(connection, WEST_DESK, now=NOON, since=NOON + HOUR, until=NOON + 2 * HOUR)
    )
    write(lambda connection: roles.begin(connection, WEST_DESK, since=NOON + 3 * HOUR))
    whole = write(lambda connection: roles.role_history(connection, "east-desk"))
    for moment in (NOON + half * HOUR / 2 for half in range(8)):
        known = write(lambda connection, moment=moment: roles.role_history(connection, "east-desk", moment))
        assert known.spans == tuple(span for span in whole.spans if span.until is None or span.until > moment)
        assert known.at(moment) == whole.at(moment)
        assert known.version(moment) == whole.version(moment)
        assert moves_at(known, moment) == moves_at(whole, moment)


def test_two_roles_at_one_time_are_refused(write: Any) -> None:
    write(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON, since=NOON + HOUR))
    with pytest.raises(ValueError, match="east-desk is street_dispatcher in that time already"):
        write(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON))
    with pytest.raises(ValueError, match="end before it begins"):
        write(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON + HOUR, until=NOON))
    write(lambda connection: roles.begin(connection, Person("new", Role.LEADER, Scope("d1")), since=NOON))
    with pytest.raises(ValueError, match="in that time already"):
        write(lambda connection: roles.begin(connection, Person("new", Role.UNIT, Scope("d1")), since=NOON + HOUR))


def test_what_somebody_was_cannot_be_changed_afterwards(write: Any) -> None:
    with pytest.raises(ValueError, match="changes now or later"):
        write(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON, since=NOON - HOUR))
    with pytest.raises(ValueError, match="changes now or later"):
        write(lambda connection: end_role(connection, "east-desk", now=NOON, at=NOON - HOUR))


def test_twice_in_one_moment_is_the_latter(write: Any) -> None:
    write(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON))
    write(lambda connection: roles.change_role(connection, seats()["east-desk"].person, now=NOON))
    known = write(lambda connection: roles.role_history(connection, "east-desk"))
    assert known.at(NOON).person.scope.street == "east"
    assert known.version(NOON) == 5


def test_who_is_entered_again_stays_what_they_are(write: Any) -> None:
    clerk = seats()["clerk"].person
    write(lambda connection: accounts.put(connection, clerk, hashed()))
    assert len(write(lambda connection: _spans(connection, "clerk"))) == 1
    demoted = Person("clerk", Role.LEADER, Scope("d1"))
    write(lambda connection: accounts.put(connection, demoted, hashed(), since=NOON, until=NOON + HOUR))
    found = write(lambda connection: _spans(connection, "clerk"))
    assert [row[0] for row in found] == ["intake_clerk", "leader"]
    assert found[1][2:] == (NOON.timestamp(), (NOON + HOUR).timestamp())


def test_a_new_password_changes_nothing_of_what_somebody_is_and_will_be(write: Any) -> None:
    write(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON, since=NOON + HOUR))
    planned = write(lambda connection: _spans(connection, "east-desk"))
    write(lambda connection: accounts.put_all(connection, [(seats()["east-desk"].person, hashed())]))
    write(lambda connection: accounts.put(connection, seats()["east-desk"].person, hashed(), since=NOON))
    assert write(lambda connection: _spans(connection, "east-desk")) == planned


def test_a_change_is_in_the_audit(write: Any) -> None:
    by = Person("boss", Role.SYSTEM, Scope("d1"))
    write(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON, by=by))
    rows = write(lambda connection: connection.execute(select(tables.audit)).all())
    told = [(row.user, row.action, row.record) for row in rows]
    assert told == [("boss", "becomes", "account:east-desk")]


async def test_every_read_is_of_the_scope_of_now(sit: Any, write: Any) -> None:
    clerk, desk = await sit("clerk"), await sit("east-desk")
    east, west = await clerk.take("east"), await clerk.take("west")
    before = (await desk.get("/v1/hello")).json()
    write(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON))
    hello = (await desk.get("/v1/hello")).json()
    assert (before["scope"]["street"], hello["scope"]["street"]) == ("east", "west")
    assert hello["scope_ver"] > before["scope_ver"]
    assert (hello["role"], hello["since"], hello["until"]) == ("street_dispatcher", "2026-11-24T04:00:00Z", None)
    head, *_ = (await desk.get("/v1/snapshot")).text.splitlines()
    assert f'"scope_ver":{hello["scope_ver"]}' in head
    assert (await desk.get(f"/v1/cases/{west}")).headers["scope-version"] == str(hello["scope_ver"])
    texts = [(await desk.get(path)).text for path in ("/v1/snapshot", "/v1/cases", "/v1/events?after=1:1&limit=500")]
    assert [(east in text, west in text) for text in texts] == [(False, True)] * 3
    assert [(await desk.get(f"/v1/cases/{case}/history")).status_code for case in (east, west)] == [404, 200]
    assert (await desk.get("/v1/hello", district="d2")).status_code == 404


async def test_without_a_role_every_door_says_so_and_opens_again(sit: Any, write: Any, clock: Clock) -> None:
    desk = await sit("east-desk")
    again = Person("east-desk", Role.STREET_DISPATCHER, Scope("d1", street="east"))
    write(lambda connection: end_role(connection, "east-desk", now=NOON))
    write(lambda connection: roles.begin(connection, again, since=NOON + timedelta(minutes=5)))
    batch = {"epoch": 1, "console_id": "c", "commands": [_urgent()]}
    answers = [await desk.get(path) for path in READS]
    answers += [await desk.post("/v1/commands", batch), await desk.post("/v1/imports", {"district": "d1"})]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "no_role")}
    clock.forward(minutes=5)
    assert {(await desk.get(path)).status_code for path in READS} == {200}


def _urgent() -> dict[str, Any]:
    made = {"cmd_id": "018f0000-0000-7000-8000-00000000aaaa", "cseq": 1, "type": "file", "args": {"case": "c"}}
    return made | {"made_at": "2026-11-24T04:00:00Z", "bases": {}}


async def test_signing_in_without_a_role_is_no_wrong_password(http: Any, write: Any, clock: Clock) -> None:
    first = (await http.post("/v1/sign-in", json={"user": "clerk", "password": PASSWORD})).json()
    write(lambda connection: end_role(connection, "clerk", now=NOON))
    wrong = await http.post("/v1/sign-in", json={"user": "clerk", "password": "x"})
    right = await http.post("/v1/sign-in", json={"user": "clerk", "password": PASSWORD})
    refreshed = await http.post("/v1/refresh", json={"refresh": first["refresh"]})
    assert [(one.status_code, one.json()["code"]) for one in (wrong, right, refreshed)] == [
        (401, "wrong_password"),
        (403, "no_role"),
        (403, "no_role"),
    ]
    write(lambda connection: roles.change_role(connection, seats()["clerk"].person, now=clock()))
    assert (await http.post("/v1/refresh", json={"refresh": first["refresh"]})).status_code == 200
    rows = write(lambda connection: connection.execute(select(tables.audit)).all())
    told = [(row.role, row.outcome) for row in rows if row.action == "sign_in"]
    assert told == [("intake_clerk", "ok"), ("", "wrong_password"), ("", "no_role")]


async def test_a_command_is_judged_by_the_role_of_now(sit: Any, write: Any) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    case = await clerk.take()
    write(lambda connection: roles.change_role(connection, Person("shift", Role.LEADER, Scope("d1")), now=NOON))
    assert (await shift.do("file", case=case))["code"] == "role"


async def test_a_stopped_account_reads_no_more(sit: Any, write: Any) -> None:
    desk = await sit("east-desk")
    write(lambda connection: accounts.stop(connection, "east-desk"))
    assert {(await desk.get(path)).status_code for path in READS} == {401}


async def test_the_stream_says_scope_when_somebody_changes_it_and_ends(platform: Platform) -> None:
    async with serving(platform) as http:
        clerk, desk = await sit_down(http, "clerk"), await sit_down(http, "east-desk")
        async with listening(desk) as heard:
            assert (await anext(heard)).data["scope_ver"] == 1

            def move_and_take(connection: Connection) -> None:
                roles.change_role(connection, WEST_DESK, now=NOON)

            await platform.writer.do(move_and_take)
            await clerk.take("east")
            async with asyncio.timeout(60):
                rest = [(one.event, one.data) async for one in heard]
    assert rest == [("scope", {"scope_ver": 3})]


async def test_the_stream_says_scope_when_the_span_ends_by_time(platform: Platform, clock: Clock) -> None:
    soon = NOON + timedelta(seconds=0.3)
    await platform.writer.do(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON, since=soon))
    async with serving(platform) as http:
        desk = await sit_down(http, "east-desk")
        async with listening(desk) as heard:
            await anext(heard)
            clock.forward(seconds=0.3)  # no bell rings: the wait has to end by itself
            async with asyncio.timeout(60):
                rest = [(one.event, one.data) async for one in heard]
    assert rest == [("scope", {"scope_ver": 3})]


async def test_what_changes_while_a_stream_begins_is_told_at_once(platform: Platform, monkeypatch: Any) -> None:
    async with serving(platform) as http:
        desk = await sit_down(http, "east-desk")
        listen = platform.publisher.listen

        def changed_just_before(*how: Any) -> Any:
            platform.writer.submit(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON)).result()
            return listen(*how)

        monkeypatch.setattr(platform.publisher, "listen", changed_just_before)
        async with listening(desk) as heard, asyncio.timeout(60):
            assert [one.event async for one in heard] == ["hb", "scope"]


async def test_who_keeps_the_role_hears_nothing_of_it(platform: Platform, monkeypatch: Any) -> None:
    async with serving(platform) as http:
        clerk, desk = await sit_down(http, "clerk"), await sit_down(http, "west-desk")
        async with listening(desk) as heard:
            await anext(heard)
            await platform.writer.do(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON))
            ends = NOON + HOUR
            await platform.writer.do(lambda connection: end_role(connection, "west-desk", now=NOON, at=ends))
            case = await clerk.take("west")
            async with asyncio.timeout(60):
                put = await anext(heard)
    assert (put.event, put.data["records"][0]["record"]["id"]) == ("put", case)


@pytest.mark.parametrize("cursor", [None, "1:1"], ids=["digest", "log"])
async def test_what_changes_as_a_stream_reads_is_not_told_to_who_they_were(
    platform: Platform, monkeypatch: Any, cursor: str | None
) -> None:
    monkeypatch.setattr(event_stream, "HEARTBEAT", 0.1)
    monkeypatch.setattr(event_stream, "DIGEST", 0.0)
    do, reads = platform.readers.do, itertools.count(1)
    async with serving(platform) as http:
        clerk, desk = await sit_down(http, "clerk"), await sit_down(http, "east-desk")

        async def late(readers: Readers, look: Callable[[Connection], Any]) -> Any:
            if next(reads) == 3:  # after the cursor, and who they are: what is to be told
                await platform.writer.do(lambda connection: roles.change_role(connection, WEST_DESK, now=NOON))
                taken.append(await clerk.take("east"))
            return await do(look)

        taken: list[str] = []
        monkeypatch.setattr(Readers, "do", late)
        async with listening(desk, cursor) as heard, asyncio.timeout(60):
            rest = [(one.event, str(one.data)) async for one in heard]
    assert taken
    assert rest[-1] == ("scope", "{'scope_ver': 3}")
    assert not [data for _, data in rest if taken[0] in data]
