"""What another system tells: row by row, the same again without effect, and only by who may."""

from typing import Any

import pytest

from tests.kit import imported

ROW = imported.ROW | {"external": "1", "spot_gap": "rounded"}
HOLDER = {
    "kind": "holder",
    "record": {"id": "parks", "rev": 1, "kind": "department", "name": "园林局", "short": "园林"},
}


async def _import(desk: Any, *rows: dict[str, Any], reference: tuple[dict[str, Any], ...] = ()) -> Any:
    answer = await desk.post("/v1/imports", {"district": "d1", "reference": reference, "commands": rows})
    assert answer.status_code == 200, answer.text
    return answer.json()


def _cases(told: Any) -> list[str]:
    return [one["case"] for one in told["results"]]


async def test_rows_are_new_then_unchanged_then_changed(sit: Any) -> None:
    system = await sit("system")
    other = ROW | {"case": "ext-2", "external": "2", "responsible": "parks"}
    first = await _import(system, ROW, other, reference=(HOLDER,))
    assert first["reference"] == {"new": 1, "changed": 0, "unchanged": 0, "not_taken": 0}
    assert [one["status"] for one in first["results"]] == ["new", "new"]
    again = await _import(system, ROW, other | {"source_hash": "b", "stage": "closed"}, reference=(HOLDER,))
    assert again["reference"]["unchanged"] == 1
    assert [one["status"] for one in again["results"]] == ["unchanged", "changed"]
    shown = (await system.get(f"/v1/cases/{again['results'][0]['case']}")).json()
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
    (key,) = _cases(await _import(system, ROW))
    await dispatcher.do("dispatch", case=key, to="east-urban")
    assert (await _import(system, ROW))["results"][0]["status"] == "unchanged"
    for _ in range(2):  # it is told at each import, until somebody has seen to it
        (told,) = (await _import(system, ROW | {"source_hash": "b"}))["results"]
        assert (told["status"], told["code"], told["about"]) == ("refused", "worked_here", "dispatched")


async def test_whatever_the_hall_did_with_a_case_stays(sit: Any) -> None:
    system, shift, unit = await sit("system"), await sit("shift"), await sit("east-urban")
    received, handled = (
        ROW | {"stage": "received"},
        ROW | {"case": "ext-2", "external": "2", "stage": "handling", "responsible": unit.user},
    )
    first, second = _cases(await _import(system, received, handled))
    await shift.do("file", case=first)
    await unit.do("report", case=second, finding="好了")
    again = await _import(system, received | {"source_hash": "b"}, handled | {"source_hash": "b"})
    assert [one["code"] for one in again["results"]] == ["worked_here", "worked_here"]
    assert (await system.get(f"/v1/cases/{second}")).json()["stage"] == "reported"


async def test_a_case_that_came_in_reported_and_was_closed_here_stays_closed(sit: Any) -> None:
    system, shift = await sit("system"), await sit("shift")
    row = ROW | {"stage": "reported", "responsible": "east-urban", "kind": "stall"}
    (key,) = _cases(await _import(system, row))
    await _import(system, row | {"source_hash": "b", "text": "一次改正"})
    assert (await shift.do("close", case=key))["status"] == "applied"
    (told,) = (await _import(system, row | {"source_hash": "c", "stage": "handling"}))["results"]
    shown = (await system.get(f"/v1/cases/{key}")).json()
    assert (told["code"], shown["stage"], shown["text"]) == ("worked_here", "closed", "一次改正")


async def test_what_the_hall_changed_in_its_reference_stays_and_crews_move(sit: Any) -> None:
    system = await sit("system")
    ours = {"kind": "kind", "record": {"id": "lid", "rev": 1, "name": "别名", "group": "event", "class_name": "x"}}
    ours["record"]["limit"] = {"amount": 9, "measure": "urgent_hours"}
    crew = {"id": "east-crew", "rev": 1, "name": "二组", "unit": "east-urban", "street": "east", "status": "off_duty"}
    crew["status_since"] = "2026-11-24T04:00:00Z"
    told = await _import(system, ROW, reference=(ours, {"kind": "crew", "record": crew}))
    assert told["reference"] == {"new": 0, "changed": 1, "unchanged": 1, "not_taken": 1}
    assert (await system.get(f"/v1/cases/{_cases(told)[0]}")).json()["due"] == "2026-11-24T02:00:00Z"


async def test_a_case_of_the_hall_is_not_taken_over(sit: Any) -> None:
    system, clerk = await sit("system"), await sit("clerk")
    case = await clerk.take()
    told = await _import(system, ROW | {"case": case, "stage": "void"})
    assert told["results"][0]["status"] == "new"
    assert _cases(told) != [case]
    assert (await clerk.get(f"/v1/cases/{case}")).json()["stage"] == "received"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"received_at": "2026-11-24T01:00:00"}, "bad_time"),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, "bad_time"),
        ({"stage": "closed", "ended_at": "9999-12-31T23:59:59-10:00"}, "bad_time"),
        ({"superior": {"channel": "c", "number": "1", "due": "2026-11-25T01:00:00"}}, "bad_time"),
        ({"channel": "nowhere"}, "unknown_channel"),
        ({"community": "nowhere"}, "unknown_community"),
        ({"spot": {"lon": 1e300, "lat": 0}}, "off_the_map"),
        ({"place": "长" * 5_000}, "too_long"),
    ],
)
async def test_a_careless_row_is_refused_alone(sit: Any, change: dict[str, Any], code: str) -> None:
    told = await _import(await sit("system"), ROW | change, ROW | {"case": "ext-2"})
    assert [(one["status"], one.get("code")) for one in told["results"]] == [("refused", code), ("new", None)]


async def test_times_are_told_in_utc_and_only_what_has_ended_has_an_end(sit: Any) -> None:
    system, late = await sit("system"), "2026-11-24T01:00:00+08:00"
    due = {"superior": {"channel": "c", "number": "1", "due": late}}
    closed = ROW | {"received_at": late, "stage": "closed", "ended_at": "2026-01-01T00:00:00Z"} | due
    ajar = ROW | {"case": "ext-2", "external": "2", "stage": "filed", "ended_at": late}
    told = await _import(system, closed, ajar, ROW | {"case": "ext-3", "external": "3", "stage": "handling"})
    shown = [(await system.get(f"/v1/cases/{key}")).json() for key in _cases(told)]
    assert {shown[0][name] for name in ("received_at", "ended_at", "due")} == {"2026-11-23T17:00:00Z"}
    assert shown[0]["superior"]["due"] == "2026-11-23T17:00:00Z"
    assert shown[1]["ended_at"] is None
    assert shown[2]["stage"] == "filed"  # nobody holds it: somebody has to be given it


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("kind", {"limit": {"amount": 1e300, "measure": "working_days"}}),
        ("kind", {"limit": {"amount": 0, "measure": "working_days"}}),
        ("calendar", {"hours": []}),
        ("calendar", {"zone": "Mars/Olympus"}),
        ("calendar", {"hours": [{"weekday": 0, "start": 600, "end": 500}]}),
    ],
)
async def test_no_limit_comes_in_that_nobody_could_count(sit: Any, kind: str, change: dict[str, Any]) -> None:
    whole = {
        "kind": {"name": "a", "group": "events", "class_name": "b", "limit": {"amount": 1, "measure": "urgent_hours"}},
        "calendar": {"zone": "Asia/Shanghai", "hours": [{"weekday": 0, "start": 500, "end": 600}]},
    }[kind]
    system = await sit("system")
    body = {"district": "d1", "reference": [{"kind": kind, "record": {"id": "x", "rev": 1} | whole | change}]}
    assert (await system.post("/v1/imports", body)).status_code == 422
    await _import(system, reference=({"kind": kind, "record": {"id": "x", "rev": 1} | whole},))


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
