"""Who may see what: two streets that know nothing of each other, units that see what they hold, one rule everywhere."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from commandcenter.domain.people import NOWHERE, Holder, Person, Role, Scope
from commandcenter.domain.teams import Crew, CrewStatus
from commandcenter.server.auth import accounts, roles
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from commandcenter.server.storage.projections import find
from tests.kit.district import DISTRICT, NOON, hashed
from tests.kit.loopback import frames, listening, serving
from tests.kit.platform import Clock, Desk, sit_down

CANARY = "金丝雀"


@pytest.mark.parametrize("user", ["west-desk", "west-urban", "east-police", "west-team", "housing"])
async def test_who_is_outside_sees_nothing_of_a_case_anywhere(sit: Any, user: str) -> None:
    desk, hidden = await sit(user), await _some_cases(sit)
    unknown = await desk.get("/v1/cases/018f0000-0000-7000-8000-00000000ffff")
    for path in (f"/v1/cases/{hidden}", f"/v1/cases/{hidden}/history"):
        answer = await desk.get(path)
        assert (answer.status_code, answer.content) == (404, unknown.content)
    everything = [
        await desk.get("/v1/cases", q=CANARY),
        await desk.get("/v1/cases"),
        await desk.get("/v1/snapshot"),
        await desk.get("/v1/events", after="1:0", limit=500),
        await desk.get("/v1/figures/summary", since="2026-01-01T00:00:00Z", until="2027-01-01T00:00:00Z"),
    ]
    assert all(answer.status_code == 200 for answer in everything)
    assert not [answer.url for answer in everything if CANARY in answer.text or hidden in answer.text]
    for name, args in (("file", {}), ("dispatch", {"to": "west-urban"}), ("accept", {}), ("report", {"finding": "x"})):
        result = await desk.do(name, case=hidden, bases={f"case:{hidden}": 1}, **args)
        assert result["code"] in ("unknown_case", "role"), (name, result)
        assert "current" not in result


async def test_a_foreign_case_changes_no_count(sit: Any) -> None:
    desk, clerk = await sit("west-desk"), await sit("clerk")
    await clerk.take("west")
    before = await _counts(desk)
    await clerk.take("east")
    assert await _counts(desk) == before


async def test_looking_at_a_foreign_case_leaves_a_trace(sit: Any, platform: Platform) -> None:
    desk, hidden = await sit("west-desk"), await _some_cases(sit)
    await desk.get(f"/v1/cases/{hidden}")
    await platform.writer.do(lambda connection: None)
    rows = platform.readers.now(lambda connection: connection.execute(select(tables.audit)).all())
    assert [(row.user, row.record) for row in rows if row.outcome == "out_of_scope"] == [
        ("west-desk", f"case:{hidden}")
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/hello",
        "/v1/snapshot",
        "/v1/cases",
        "/v1/events?limit=1",
        "/v1/places/outline",
        "/v1/figures/summary?since=2026-01-01&until=2027-01-01",
        "/v1/figures/day?since=2026-01-01&until=2027-01-01",
        "/v1/figures/carried?since=2026-01-01&until=2027-01-01",
    ],
)
async def test_another_district_is_not_there(sit: Any, path: str) -> None:
    desk = await sit("dispatcher")
    mark = "&" if "?" in path else "?"
    assert (await desk.get(f"{path}{mark}district={DISTRICT.id}")).status_code == 200
    assert (await desk.get(f"{path}{mark}district=d2")).status_code == 404


async def test_crews_are_seen_in_their_own_street(sit: Any) -> None:
    for user, crews in (("dispatcher", 2), ("west-desk", 1), ("west-urban", 1), ("housing", 0)):
        lines = (await (await sit(user)).get("/v1/snapshot")).text.splitlines()[1:-1]
        found = [json.loads(line)["record"]["street"] for line in lines if json.loads(line)["kind"] == "crew"]
        assert len(found) == crews
        assert user == "dispatcher" or set(found) <= {"west"}


async def test_a_grid_leader_sees_what_lies_in_the_own_grid_whoever_has_it(sit: Any) -> None:
    clerk, shift, dispatcher, team = [await sit(user) for user in ("clerk", "shift", "dispatcher", "east-team")]
    head = (await team.get("/v1/hello")).json()["head"]
    here = await clerk.take("east", grid="east-1", text=f"{CANARY}在此")
    await clerk.take("east", grid="east-2", text=f"{CANARY}在彼")
    await clerk.take("west", grid="west-1", text=f"{CANARY}在西")
    await shift.do("file", case=here)
    await dispatcher.do("dispatch", case=here, to="east-urban")
    assert await _seen_by(team) == {here}
    told = (await team.get("/v1/events", after=f"1:{head}", limit=500)).json()
    assert [one["data"]["records"][0]["record"]["rev"] for one in told["events"]] == [1, 2, 3]
    assert told["head"] == told["events"][-1]["data"]["seq"] == (await team.get("/v1/hello")).json()["head"]
    assert len((await team.get(f"/v1/cases/{here}/history")).json()["facts"]) == 3
    assert (await team.do("accept", case=here, bases={f"case:{here}": 3}))["code"] == "not_yours"


async def test_a_grid_leader_keeps_in_sight_what_they_took_in_elsewhere(sit: Any) -> None:
    shift, dispatcher, team = [await sit(user) for user in ("shift", "dispatcher", "east-team")]
    taken = await team.take("east", grid="east-2", text=f"{CANARY}在彼")
    await shift.do("file", case=taken)
    await dispatcher.do("dispatch", case=taken, to="east-police")
    assert await _seen_by(team) == {taken}
    assert await _seen_by(await sit("west-team")) == set()


@pytest.mark.parametrize(
    ("role", "scope", "sees"),
    [
        (Role.UNIT, Scope("d1", street="west", unit="west-urban"), False),
        (Role.DEPARTMENT, Scope("d1", department="housing"), False),
        (Role.GRID_LEADER, Scope("d1", street="west", grid="west-team"), True),
        (Role.DISPATCHER, Scope("d1"), True),
        (Role.STREET_DISPATCHER, Scope("d1", street="west"), False),
    ],
    ids=lambda one: str(one),
)
async def test_what_a_clerk_took_in_is_seen_and_read_by_what_they_are_now(
    sit: Any, platform: Platform, clock: Clock, role: Role, scope: Scope, sees: bool
) -> None:
    clerk = await sit("clerk")
    taken = [await clerk.take("east", text=CANARY, secret=secret) for secret in (True, False)]
    head = (await clerk.get("/v1/hello")).json()["head"]
    assert CANARY in (await clerk.get(f"/v1/cases/{taken[0]}")).json()["text"]
    clock.forward(seconds=1)
    person = Person("clerk", role, scope)
    await platform.writer.do(lambda connection: roles.change_role(connection, person, now=clock()))
    listed = {one["id"] for one in (await clerk.get("/v1/cases")).json()["items"]}
    assert listed == (set(taken) if sees else set())
    reads = role is Role.GRID_LEADER
    found = {one["id"] for one in (await clerk.get("/v1/cases", q=CANARY)).json()["items"]}
    assert found == (set(taken[not reads :]) if sees else set())
    told = (await clerk.get("/v1/events", after=f"1:{head - 2}", limit=500)).json()
    frames = [one["data"]["records"][0]["record"]["text"] for one in told["events"]]
    assert frames == ([CANARY if reads else "", CANARY] if sees else [])
    assert told["head"] == (head if sees else (await clerk.get("/v1/hello")).json()["head"])


async def test_an_administrator_sees_no_crew_and_no_case_whatever_its_street_is_called(
    sit: Any, platform: Platform
) -> None:
    nowhere = [Crew("lost", 1, "走失的小组", "west-urban", NOWHERE, CrewStatus.AVAILABLE, NOON)]
    admin = Person("ops", Role.SYSTEM_ADMIN, Scope("d1", street=NOWHERE))
    await platform.writer.do(lambda connection: put_reference(connection, "d1", nowhere))
    await platform.writer.do(lambda connection: accounts.put(connection, admin, hashed()))
    for user, kinds in (("ops", set()), ("dispatcher", {"crew"})):
        lines = (await (await sit(user)).get("/v1/snapshot")).text.splitlines()[1:-1]
        found = [json.loads(line) for line in lines]
        assert {one["kind"] for one in found if one["record"]["id"] == "lost"} == kinds, user
        assert user != "ops" or not any(one["kind"] in ("crew", "case") for one in found)


async def test_what_a_petitioner_said_in_secret_is_not_read_in_the_whole_grid(sit: Any) -> None:
    clerk, shift, dispatcher, team = [await sit(user) for user in ("clerk", "shift", "dispatcher", "east-team")]
    secret = await clerk.take("east", grid="east-1", text=f"{CANARY}在此", secret=True)
    assert (await team.get(f"/v1/cases/{secret}")).json()["text"] == ""
    assert (await team.get("/v1/cases", q=CANARY)).json()["items"] == []
    await shift.do("file", case=secret)
    await dispatcher.do("dispatch", case=secret, to="east-team")
    assert await _seen_by(team) == {secret}
    assert CANARY in (await team.get(f"/v1/cases/{secret}")).json()["text"]


async def test_a_team_that_gets_another_grid_is_told_so_and_sees_that_one(platform: Platform) -> None:
    async with serving(platform) as http:
        clerk, team = await sit_down(http, "clerk"), await sit_down(http, "east-team")
        first, second = [await clerk.take("east", grid=f"east-{n}", text=CANARY) for n in (1, 2)]
        before = (await team.get("/v1/hello")).json()
        async with listening(team) as heard:
            assert await _seen_by(team) == {first}
            await platform.writer.do(lambda connection: _move_team(connection, phone="66668888"))
            await platform.writer.do(lambda connection: _move_team(connection, grid="east-2"))
            moved = await frames(heard, 1, events=("scope",))
        after = (await team.get("/v1/hello")).json()
        assert await _seen_by(team) == {second}
    assert (before["own_grid"], after["own_grid"]) == ("east-1", "east-2")
    assert moved[0].data["scope_ver"] == after["scope_ver"] != before["scope_ver"]


async def _seen_by(desk: Desk) -> set[str]:
    """The cases that the seat finds, which are the same on every way out."""
    listed = {item["id"] for item in (await desk.get("/v1/cases")).json()["items"]}
    found = {item["id"] for item in (await desk.get("/v1/cases", q=CANARY)).json()["items"]}
    lines = [json.loads(line) for line in (await desk.get("/v1/snapshot")).text.splitlines()[1:-1]]
    counted = await desk.get("/v1/figures/summary", since="2026-01-01T00:00:00Z", until="2027-01-01T00:00:00Z")
    assert listed == found == {line["record"]["id"] for line in lines if line["kind"] == "case"}
    assert counted.json()["total"] == len(listed)
    return listed


def _move_team(connection: Any, **other: str) -> None:
    team = find(connection, DISTRICT.id, "holder", "east-team")
    assert isinstance(team, Holder)
    put_reference(connection, DISTRICT.id, [replace(team, **other)])


async def _some_cases(sit: Any) -> str:
    """A case of the east that its urban unit holds, with a canary in it, and one of the west."""
    clerk, shift, dispatcher = await sit("clerk"), await sit("shift"), await sit("dispatcher")
    hidden = await clerk.take("east", text=f"{CANARY}在此", external="E-7")
    await shift.do("file", case=hidden)
    await dispatcher.do("dispatch", case=hidden, to="east-urban")
    await clerk.take("west")
    return hidden


async def _counts(desk: Desk) -> Any:
    page = (await desk.get("/v1/cases")).json()
    figures = await desk.get("/v1/figures/summary", since="2026-01-01T00:00:00Z", until="2027-01-01T00:00:00Z")
    hello = (await desk.get("/v1/hello")).json()
    return page["total"], figures.json(), hello["head"], (await desk.get("/v1/events", after="1:0", limit=500)).json()
