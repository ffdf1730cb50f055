"""A district begins in a running platform, is worked in at once, and takes in nothing new once it was retired."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from commandcenter.domain.people import NOWHERE, Person, Role, Scope
from commandcenter.server.auth import accounts
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from tests.kit.administrator import ADMIN, Editor, sit_to_edit
from tests.kit.district import hashed
from tests.kit.platform import Desk, new_id, sit_down, wish

WHOLE = Person("ops-all", Role.SYSTEM_ADMIN, Scope("", street=NOWHERE))
NEW = {"id": "d2", "name": "二区", "zone": "Asia/Shanghai", "prefix": "EQ"}
ROW = {"channel": "hotline", "external": "7", "source_hash": "a" * 32, "stage": "received", "tier": "grid"}
ROW |= {"received_at": "2026-11-24T03:00:00Z", "kind": "water", "street": "east"}


@pytest.fixture
async def founder(platform: Platform, http: httpx.AsyncClient) -> Editor:
    return replace(await sit_to_edit(platform, http, WHOLE), district="d2")


async def _sat(platform: Platform, http: httpx.AsyncClient, person: Person) -> Desk:
    platform.writer.submit(lambda connection: accounts.put(connection, person, hashed())).result()
    return await sit_down(http, person.user)


def _audited(platform: Platform, *actions: str) -> list[tuple[str, ...]]:
    row = tables.audit.c
    found = select(row.user, row.district, row.action, row.record, row.outcome).where(row.action.in_(actions))
    return platform.readers.now(lambda connection: [tuple(one) for one in connection.execute(found.order_by(row.id))])


async def test_a_new_district_gets_its_records_and_takes_in_a_case_while_the_other_one_works(
    founder: Editor, platform: Platform, http: httpx.AsyncClient, filed: str
) -> None:
    answer = await founder.desk.post("/v1/districts", NEW)
    assert (answer.status_code, answer.json()["kind"]) == (200, "district")
    assert (await founder.read("district:d2"))["name"] == "二区"
    assert (await founder.read("calendar:week"))["zone"] == "Asia/Shanghai"
    epoch = (await founder.desk.get("/v1/hello", district="d2")).json()["epoch"]
    assert epoch == 1
    limit = {"amount": 4, "measure": "working_hours", "source": "", "version": 1}
    for name, content in (
        ("street:north", {"name": "北"}),
        ("channel:hotline", {"name": "热线", "by_hand": True}),
        ("kind:water", {"name": "积水", "group": "event", "class_name": "市容", "limit": limit}),
    ):
        new = wish("create_reference", record=name, content={"id": name.partition(":")[2], "rev": 1} | content)
        batch = {"epoch": epoch, "console_id": "editor", "commands": [new]}
        (result,) = (await founder.desk.post("/v1/commands?district=d2", batch)).json()["results"]
        assert (result["status"], result["revs"]) == ("applied", {name: 1})
    clerk = await _sat(platform, http, Person("clerk-2", Role.INTAKE_CLERK, Scope("d2")))
    case = await clerk.take(kind="water", street="north", community=None, grid=None)
    assert (await clerk.get(f"/v1/cases/{case}")).json()["number"].startswith("EQ-")
    assert (await clerk.get(f"/v1/cases/{filed}")).status_code == 404
    told = (await founder.history("district:d2"))["revisions"]
    assert [(one["rev"], one["actor"], one["fact"]) for one in told] == [(1, "ops-all", "reference_created")]
    assert _audited(platform, "create_reference")[0] == (
        *("ops-all", "d2", "create_reference"),
        *("district:d2", "applied"),
    )


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"id": "d1"}, "id_taken"),
        ({"id": "二"}, "bad_id"),
        ({"id": ""}, "bad_id"),
        ({"zone": "Mars/Olympus"}, "bad_district"),
        ({"prefix": ""}, "bad_district"),
        ({"prefix": "E/Q"}, "bad_district"),
        ({"name": " "}, "bad_district"),
        ({"name": "区" * 401}, "too_long"),
    ],
)
async def test_what_no_district_can_be_is_refused_and_audited_and_nothing_is_written(
    founder: Editor, platform: Platform, other: dict[str, str], code: str
) -> None:
    answer = await founder.desk.post("/v1/districts", NEW | other)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    ids = platform.readers.now(lambda connection: connection.execute(select(tables.districts.c.id)).scalars().all())
    assert list(ids) == ["d1"]
    assert [row[-1] for row in _audited(platform, "create_reference")] == [code]


async def test_the_administrator_of_one_district_creates_no_other(platform: Platform, http: httpx.AsyncClient) -> None:
    answer = await (await sit_to_edit(platform, http, ADMIN)).desk.post("/v1/districts", NEW)
    assert (answer.status_code, answer.json()["code"]) == (403, "role")


async def test_a_retired_district_settles_what_it_has_and_takes_in_nothing_until_it_is_back(
    platform: Platform, http: httpx.AsyncClient, sit: Any, filed: str
) -> None:
    editor, clerk, system = await sit_to_edit(platform, http), await sit("clerk"), await sit("system")

    async def imported(**other: Any) -> tuple[str, str | None]:
        answer = await system.post("/v1/imports", {"district": "d1", "commands": [ROW | other]})
        return answer.json()["results"][0]["status"], answer.json()["results"][0].get("code")

    async def taken() -> tuple[str, str | None]:
        place = {"text": "路面积水", "place": "东街 1 号", "street": "east"}
        told = await clerk.do("take", case=new_id(), channel="hotline", kind="water", **place)
        return told["status"], told.get("code")

    known = new_id()
    assert await imported(case=known) == ("new", None)
    assert (await editor.edit("retire_reference", "district:d1", 1))["status"] == "applied"
    assert await taken() == ("refused", "district_retired")
    assert await imported(case=known, source_hash="b" * 32) == ("changed", None)
    assert await imported(case=new_id(), external="8") == ("refused", "district_retired")
    assert (await (await sit("dispatcher")).do("dispatch", case=filed, to="east-urban"))["status"] == "applied"
    assert (await editor.change("district:d1", retired=False))["status"] == "applied"
    assert await taken() == ("applied", None)
