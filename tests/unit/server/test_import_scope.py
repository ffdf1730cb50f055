"""A street's channel writes what is its street's, and no more of it than anybody reads."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.auth import accounts
from commandcenter.server.platform import Platform
from tests.kit.district import hashed
from tests.kit.platform import Desk

Sit = Callable[[str], Awaitable[Desk]]
CREW = {"name": "二组", "status": "available", "status_since": "2026-11-24T04:00:00Z"}
LIMIT = {"amount": 1, "measure": "working_days"}
RECORDS: dict[str, dict[str, Any]] = {
    "holder": {"id": "{}-new", "kind": "unit", "name": "新中队", "short": "新", "street": "{}"},
    "crew": {"id": "{}-second", "unit": "{}-urban", "street": "{}"} | CREW,
    "community": {"id": "{}-c2", "name": "新社区", "street": "{}"},
    "grid": {"id": "{}-9", "name": "九", "street": "{}", "community": "{}-c", "since": "2026-01-01"},
}
OF_ALL: dict[str, dict[str, Any]] = {
    "kind": {"id": "k", "name": "k", "group": "event", "class_name": "c", "limit": LIMIT},
    "calendar": {"id": "holiday", "zone": "Asia/Shanghai", "hours": [{"weekday": 0, "start": 0, "end": 60}]},
    "channel": {"id": "i", "name": "i"},
    "holder": {"id": "water-bureau", "kind": "department", "name": "水务局", "short": "水务"},
    "street": {"id": "north", "name": "north"},
}
ROW = {
    "case": "ext-1",
    "channel": "hotline",
    "external": "1",
    "source_hash": "a",
    "stage": "handling",
    "tier": "street",
    "received_at": "2026-11-24T01:00:00Z",
    "kind": "lid",
    "text": "井盖缺失",
    "street": "east",
}


def _of(street: str, kind: str) -> dict[str, Any]:
    record = {name: said.format(street) if isinstance(said, str) else said for name, said in RECORDS[kind].items()}
    return {"kind": kind, "record": record | {"rev": 1}}


@pytest.fixture
async def east(platform: Platform, sit: Sit) -> Desk:
    person = Person("east-hotline", Role.CHANNEL, Scope("d1", street="east"))
    platform.writer.submit(lambda connection: accounts.put(connection, person, hashed())).result()
    return await sit(person.user)


async def _put(desk: Desk, *reference: dict[str, Any], rows: tuple[dict[str, Any], ...] = ()) -> httpx.Response:
    return await desk.post("/v1/imports", {"district": "d1", "reference": reference, "commands": rows})


@pytest.mark.parametrize("kind", RECORDS)
async def test_a_street_writes_its_own_reference_and_nobody_elses(east: Desk, sit: Sit, kind: str) -> None:
    own, other = _of("east", kind), _of("west", kind)
    refused = await _put(east, own, other)
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["about"]) == (422, "other_street", other["record"]["id"])
    assert [(await _put(east, own)).json()["reference"]["new"] for _ in range(2)] == [1, 0]
    assert (await _put(await sit("system"), other)).json()["reference"]["new"] == 1


@pytest.mark.parametrize("kind", OF_ALL)
async def test_what_all_streets_share_is_not_a_streets_to_write(east: Desk, sit: Sit, kind: str) -> None:
    shared = {"kind": kind, "record": OF_ALL[kind] | {"rev": 1}}
    refused = await _put(east, shared)
    assert (refused.status_code, refused.json()["code"]) == (422, "other_street")
    assert (await _put(await sit("system"), shared)).json()["reference"]["new"] == 1
    assert (await _put(east, shared)).json()["reference"] == {"new": 0, "changed": 0, "unchanged": 1, "not_taken": 0}


async def test_a_crew_of_another_street_is_not_drawn_over(east: Desk, sit: Sit) -> None:
    stolen = {"kind": "crew", "record": {"id": "west-crew", "rev": 9, "unit": "east-urban", "street": "east"} | CREW}
    lent = {"kind": "crew", "record": {"id": "east-crew", "rev": 9, "unit": "west-urban", "street": "east"} | CREW}
    head = (await (await sit("shift")).get("/v1/hello")).json()["head"]
    for crew in (stolen, lent):
        refused = await _put(east, crew)
        assert (refused.status_code, refused.json()["code"]) == (422, "other_street")
    assert (await (await sit("shift")).get("/v1/hello")).json()["head"] == head


async def test_a_unit_brings_its_own_crews_alone(platform: Platform, sit: Sit) -> None:
    person = Person("devices", Role.CHANNEL, Scope("d1", street="east", unit="east-urban"))
    platform.writer.submit(lambda connection: accounts.put(connection, person, hashed())).result()
    desk, foreign = await sit("devices"), _of("east", "crew")
    foreign["record"] |= {"unit": "east-police"}
    assert (await _put(desk, foreign)).json()["code"] == "other_street"
    assert (await _put(desk, _of("east", "community"))).json()["code"] == "other_street"
    assert (await _put(desk, _of("east", "crew"))).json()["reference"]["new"] == 1


async def test_a_department_of_no_street_brings_nothing_that_is_anothers(platform: Platform, sit: Sit) -> None:
    person = Person("housing-devices", Role.SYSTEM, Scope("d1", department="housing"))
    platform.writer.submit(lambda connection: accounts.put(connection, person, hashed())).result()
    desk = await sit(person.user)
    for kind in RECORDS:
        refused = await _put(desk, _of("east", kind))
        assert (refused.status_code, refused.json()["code"]) == (422, "other_street"), kind
    own = {"id": "housing-crew", "rev": 1, "unit": "housing", "street": "east"} | CREW
    assert (await _put(desk, {"kind": "crew", "record": own})).json()["reference"]["new"] == 1
    rows = tuple(ROW | {"case": f"h-{who}", "external": who, "responsible": who} for who in ("housing", "east-urban"))
    told = (await _put(desk, rows=rows)).json()["results"]
    assert [(one["status"], one.get("code")) for one in told] == [("new", None), ("refused", "not_yours")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"street": "west"}, "other_street"),
        ({"street": None}, "other_street"),
        ({"responsible": "west-urban"}, "other_street"),
        ({"responsible": "housing"}, "other_street"),
        ({"community": "west-c"}, "other_community"),
        ({"responsible": "east-urban", "community": "east-c"}, None),
    ],
)
async def test_a_street_imports_no_case_on_to_the_board_of_another(
    east: Desk, change: dict[str, str | None], code: str | None
) -> None:
    (told,) = (await _put(east, rows=(ROW | change,))).json()["results"]
    assert (told["status"], told.get("code")) == ("new" if code is None else "refused", code)


async def test_reference_records_have_an_end(sit: Sit) -> None:
    system = await sit("system")
    many = [{"kind": "channel", "record": {"id": f"i-{number}", "rev": 1, "name": "i"}} for number in range(501)]
    long = {"kind": "channel", "record": {"id": "i", "rev": 1, "name": "长" * 401}}
    deep = OF_ALL["kind"] | {"rev": 1, "hints": ["a"] * 401}
    deeper = OF_ALL["kind"] | {"rev": 1, "limit": LIMIT | {"source": "长" * 401}}
    answers = [await _put(system, *many)]
    answers += [
        await _put(system, one) for one in (long, *({"kind": "kind", "record": kind} for kind in (deep, deeper)))
    ]
    said = [(one.status_code, one.json()["code"], one.json()["about"]) for one in answers]
    assert said == [
        (422, "too_many", "reference"),
        (422, "too_long", "i.name"),
        *[(422, "too_long", f"k.{name}") for name in ("hints", "source")],
    ]
    assert (await _put(system, *many[:500])).json()["reference"]["new"] == 500


CREW_OF_EAST: dict[str, Any] = {"id": "east-new", "rev": 1, "unit": "east-urban", "street": "east"} | CREW


@pytest.mark.parametrize(
    ("change", "about"),
    [
        ({"rev": 2**63 - 1}, "rev"),
        ({"rev": 2**70}, "rev"),
        ({"rev": 0}, "rev"),
        ({"rev": -5}, "rev"),
        ({"status_since": "2026-11-24T04:00:00"}, "status_since"),
        ({"status_since": "0001-01-01T00:00:00+14:00"}, "status_since"),
        ({"seen_at": "9999-12-31T23:59:59-14:00"}, "seen_at"),
        ({"spot": {"lon": 1e300, "lat": 0}}, "spot"),
    ],
)
async def test_no_reference_record_holds_what_cannot_be_reckoned_with(
    east: Desk, sit: Sit, change: dict[str, Any], about: str
) -> None:
    refused = await _put(east, {"kind": "crew", "record": CREW_OF_EAST | change})
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["about"]) == (422, "bad_value", f"east-new.{about}")
    grid = {"kind": "grid", "record": _of("east", "grid")["record"] | {"since": "0001-01-01"}}
    assert (await _put(east, grid)).json()["about"] == "east-9.since"
    assert (await _put(east, {"kind": "crew", "record": CREW_OF_EAST})).json()["reference"]["new"] == 1
    located = await (await sit("east-urban")).do(
        "locate_crew", crew="east-new", spot={"lon": 117.3, "lat": 31.8}, status="en_route"
    )
    assert located["status"] == "applied"


async def test_a_name_in_a_reference_record_has_nothing_that_nobody_sees(east: Desk, sit: Sit) -> None:
    hidden = {"kind": "community", "record": _of("east", "community")["record"] | {"name": "新\u202e社\x00区"}}
    assert [(await _put(east, hidden)).json()["reference"]["new"] for _ in range(2)] == [1, 0]
    lines = (await (await sit("shift")).get("/v1/snapshot")).text.splitlines()
    assert any('"east-c2"' in line and '"新社区"' in line for line in lines)


@pytest.mark.parametrize(
    ("change", "code", "about"),
    [
        ({"superior": {"channel": "x" * 20_001, "number": "1"}}, "too_long", "superior"),
        ({"superior": {"channel": "区", "number": "1" * 20_001}}, "too_long", "superior"),
        ({"source_hash": "打13812345678"}, "bad_id", "source_hash"),
        ({"merged_into": "a\x00b"}, "bad_id", "merged_into"),
        ({"spot_gap": "见\u202e短信"}, "bad_id", "spot_gap"),
    ],
)
async def test_no_row_brings_free_text_where_none_is_looked_for(
    east: Desk, change: dict[str, Any], code: str, about: str
) -> None:
    (told,) = (await _put(east, rows=(ROW | change,))).json()["results"]
    assert (told["status"], told.get("code"), told.get("about")) == ("refused", code, about)


async def test_an_order_from_above_and_a_number_are_kept_as_they_can_be_read(east: Desk, sit: Sit) -> None:
    order = {"channel": "区长\u202e13812345678", "number": "包\x00河1号", "due": "2026-12-01T00:00:00Z"}
    rows = (ROW | {"superior": order, "external": "a\x00b\u202ec"}, ROW | {"superior": order, "external": "abc"})
    results = (await _put(east, rows=rows)).json()["results"]
    assert [told["status"] for told in results] == ["new", "unchanged"]
    case = (await (await sit("shift")).get(f"/v1/cases/{results[0]['case']}")).json()
    assert (case["superior"]["channel"], case["superior"]["number"]) == ("区长138****5678", "包河1号")
    assert case["external"] == "abc"
