"""Who may see what: two streets that know nothing of each other, units that see what they hold, one rule everywhere."""

import itertools
import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from commandcenter.domain.cases import Case, Stage, Tier
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.visibility import sees as domain_sees
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from commandcenter.server.storage.projections import place_of
from commandcenter.server.storage.scope import case_filter, sees
from tests.kit.district import DISTRICT, NOON
from tests.kit.platform import Desk

CANARY = "金丝雀"
SCOPES = [
    Scope("d1"),
    Scope("d1", street="east"),
    Scope("d1", street="west"),
    Scope("d1", street="east", unit="east-urban"),
    Scope("d1", department="housing"),
    Scope("d1", street="east", grid="east-team"),
]


def _case(street: str | None, responsible: str | None) -> Case:
    return Case("c", 1, Stage.DISPATCHED, Tier.STREET, "hotline", NOON, street=street, responsible=responsible)


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_the_platform_sees_what_the_domain_says(scope: Scope) -> None:
    person = Person("x", Role.UNIT, scope)
    for street, holder in itertools.product((None, "east", "west"), (None, "east-urban", "housing", "east-team")):
        case = _case(street, holder)
        assert sees(scope, "case", place_of(case)) == domain_sees(person, case)


async def test_the_filter_finds_what_the_rule_sees(sit: Any, platform: Platform) -> None:
    await _some_cases(sit)

    def check(connection: Any) -> None:
        everything = connection.execute(select(tables.cases)).all()
        for scope in SCOPES:
            found = connection.execute(select(tables.cases.c.id).where(case_filter(scope))).scalars().all()
            seen = [row.id for row in everything if sees(scope, "case", place_of(_case(row.street, row.responsible)))]
            assert found == seen, scope
        assert (
            connection.execute(select(tables.cases).where(case_filter(replace(SCOPES[0], district="d2")))).all() == []
        )

    platform.readers.now(check)


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
