"""What another system tells: row by row, the same again without effect, and only by who may."""

from typing import Any

import pytest

ROW = {
    "case": "ext-1",
    "channel": "hotline",
    "external": "1",
    "source_hash": "a",
    "stage": "filed",
    "tier": "street",
    "received_at": "2026-11-24T01:00:00Z",
    "kind": "lid",
    "text": "井盖缺失",
    "street": "east",
    "spot_gap": "rounded",
}
HOLDER = {
    "kind": "holder",
    "record": {"id": "parks", "rev": 1, "kind": "department", "name": "园林局", "short": "园林"},
}


async def _import(desk: Any, *rows: dict[str, Any], reference: tuple[dict[str, Any], ...] = ()) -> Any:
    answer = await desk.post("/v1/imports", {"district": "d1", "reference": reference, "commands": rows})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_rows_are_new_then_unchanged_then_changed(sit: Any) -> None:
    system = await sit("system")
    other = ROW | {"case": "ext-2", "external": "2", "responsible": "parks"}
    first = await _import(system, ROW, other, reference=(HOLDER,))
    assert first["reference"] == {"new": 1, "changed": 0, "unchanged": 0}
    assert [one["status"] for one in first["results"]] == ["new", "new"]
    again = await _import(system, ROW, other | {"source_hash": "b", "stage": "closed"}, reference=(HOLDER,))
    assert again["reference"]["unchanged"] == 1
    assert [one["status"] for one in again["results"]] == ["unchanged", "changed"]
    shown = (await system.get("/v1/cases/ext-1")).json()
    assert (shown["due"], shown["rev"]) == ("2026-11-24T02:00:00Z", 1)


async def test_a_bad_row_is_refused_alone(sit: Any) -> None:
    system = await sit("system")
    told = await _import(system, ROW | {"kind": "x"}, ROW | {"boss": 1}, ROW | {"case": "a b"}, ROW)
    assert [(one["status"], one.get("code")) for one in told["results"]] == [
        ("refused", "unknown_kind"),
        ("refused", "unreadable"),
        ("refused", "bad_id"),
        ("new", None),
    ]


async def test_what_the_hall_works_on_stays(sit: Any) -> None:
    system, dispatcher = await sit("system"), await sit("dispatcher")
    await _import(system, ROW)
    await dispatcher.do("dispatch", case="ext-1", to="east-urban")
    assert (await _import(system, ROW | {"source_hash": "b"}))["results"][0]["status"] == "unchanged"


@pytest.mark.parametrize(("user", "district", "status"), [("clerk", "d1", 403), ("system", "d2", 404)])
async def test_who_may_not_import(sit: Any, user: str, district: str, status: int) -> None:
    answer = await (await sit(user)).post("/v1/imports", {"district": district, "commands": [ROW]})
    assert answer.status_code == status


async def test_cases_are_no_reference(sit: Any) -> None:
    system = await sit("system")
    for kind, record in (("case", {}), ("district", {}), ("nothing", {}), ("holder", {"id": 1})):
        body = {"district": "d1", "reference": [{"kind": kind, "record": record}]}
        assert (await system.post("/v1/imports", body)).status_code == 422
    too_many = {"district": "d1", "commands": [ROW] * 501}
    assert (await system.post("/v1/imports", too_many)).status_code == 422


async def test_new_reference_records_reach_the_stream(sit: Any) -> None:
    system, desk = await sit("system"), await sit("east-desk")
    head = (await desk.get("/v1/hello")).json()["head"]
    await _import(system, reference=(HOLDER,))
    (put,) = (await desk.get("/v1/events", after=f"1:{head}", limit=5)).json()["events"]
    assert put["data"]["records"] == [HOLDER | {"record": put["data"]["records"][0]["record"]}]
    assert put["data"]["records"][0]["record"]["name"] == "园林局"


async def test_the_map_is_sent_once(sit: Any) -> None:
    desk = await sit("clerk")
    answer = await desk.get("/v1/places/outline")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/geo+json")
    desk.headers["If-None-Match"] = answer.headers["etag"]
    again = await desk.get("/v1/places/outline")
    assert (again.status_code, again.content) == (304, b"")
    assert (await desk.get("/v1/places/grids")).status_code == 404
