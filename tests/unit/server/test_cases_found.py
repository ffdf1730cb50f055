"""Cases found: by words of two characters and one, by number, by filters, by light; counted; page by page."""

from typing import Any

import pytest
from sqlalchemy import select

from commandcenter.domain.cases import Case
from commandcenter.domain.lights import Light, light
from commandcenter.protocol.codec import read_record
from commandcenter.server.platform import Platform
from commandcenter.server.queries.case_lists import light_condition
from commandcenter.server.storage import tables
from commandcenter.server.storage.search import words
from tests.kit.platform import Clock, Desk

_WIDE = {"since": "2026-01-01T00:00:00Z", "until": "2027-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("积水", 1),
        ("没过脚踝", 1),
        ("宁国", 1),
        ("国路", 2),
        ("水", 1),
        ("路", 2),
        ("踝", 1),
        ("路水", 0),
        ("积水 宁国", 1),
        ("积水 望江", 0),
        ("00002", 1),
        ("002", 1),
        ("02", 0),
        ("6677", 1),
        ("SY-20261124-00001", 1),
        ("1124-00001", 1),
        ("1123-00001", 0),
        ("sy", 2),
        ("H-7", 1),
        ("3号楼", 1),
        ("楼", 1),
        ("b口", 1),
        ("%", 0),
        ("_", 0),
        ("-", 2),
        ('"', 0),
        ("* OR", 0),
        ("NOT", 0),
        ("'; DROP TABLE cases; --", 0),
    ],
)
async def test_words_find_cases(sit: Any, wanted: str, found: int) -> None:
    clerk = await sit("clerk")
    await clerk.take(text="路口积水没过脚踝", place="宁国路 3号楼", external="H-7")
    await clerk.take(text="占道经营", place="望国路地铁站 B口", external="WX-556677")
    answer = await clerk.get("/v1/cases", q=wanted)
    assert (answer.status_code, answer.json()["total"]) == (200, found)


async def test_what_an_import_changed_is_found_under_its_new_words(sit: Any) -> None:
    system = await sit("system")
    row = {
        "case": "ext-1",
        "channel": "hotline",
        "external": "1",
        "source_hash": "a",
        "stage": "received",
        "tier": "grid",
        "received_at": "2026-11-24T01:00:00Z",
        "text": "旧的说法",
    }
    await system.post("/v1/imports", {"district": "d1", "commands": [row]})
    await system.post("/v1/imports", {"district": "d1", "commands": [row | {"text": "新的说法", "source_hash": "b"}]})
    assert [(await system.get("/v1/cases", q=q)).json()["total"] for q in ("旧的", "新的", "说法")] == [0, 1, 1]


def test_a_run_of_characters_becomes_pairs() -> None:
    case = Case("c", 1, "received", "grid", "hotline", None, number="SY-1", text="合肥路A座", place="")  # type: ignore[arg-type]
    assert words(case) == "sy 1 合肥 肥路 路 a 座"


def test_a_number_is_found_by_its_last_digits() -> None:
    case = Case("c", 1, "received", "grid", "hotline", None, number="SY-00488", external="12a")  # type: ignore[arg-type]
    assert words(case) == "sy 00488 12a 0488 488"


async def test_filters_narrow_the_list(sit: Any) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    filed = await clerk.take("east", kind="stall")
    await shift.do("file", case=filed)
    await clerk.take("west")
    for params, total in (
        ({}, 2),
        ({"stage": "filed"}, 1),
        ({"stage": ["filed", "received"]}, 2),
        ({"tier": "street"}, 0),
        ({"street": "west"}, 1),
        ({"kind": "stall"}, 1),
        ({"light": "on_time"}, 1),
        ({"light": "none"}, 1),
        ({"light": ["none", "on_time"]}, 2),
        (_WIDE, 2),
        ({"since": "2026-11-24T04:00:01Z"}, 0),
        ({"since": "2026-11-24"}, 2),
        ({"until": "2026-11-24T12:00:01 08:00"}, 2),  # a plus that nobody escaped
        ({"until": "2026-11-24T12:00:00"}, 0),
    ):
        assert (await clerk.get("/v1/cases", **params)).json()["total"] == total, params


@pytest.mark.parametrize(
    "params",
    [
        {"stage": "nowhere"},
        {"limit": 201},
        {"limit": 0},
        {"sort": "text; DROP"},
        {"cursor": "x"},
        {"cursor": "nan_1"},
        {"since": "yesterday"},
        {"since": "0001-01-01"},
        {"since": "20261124"},
        {"since": "1795500000"},
        {"color": "red"},
        {"q": "x" * 201},
        {"cursor": "1e400_1"},
    ],
)
async def test_a_list_that_makes_no_sense_is_refused(sit: Any, params: dict[str, Any]) -> None:
    answer = await (await sit("clerk")).get("/v1/cases", **params)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("sort", ["-received_at", "received_at"])
async def test_pages_follow_each_other(sit: Any, clock: Clock, sort: str) -> None:
    clerk = await sit("clerk")
    taken = []
    for n in range(7):
        taken.append(await clerk.take())
        clock.forward(seconds=n % 2)
    pages = await _pages(clerk, sort=sort, limit=3)
    assert [len(page) for page in pages] == [3, 3, 1]
    found = [case for page in pages for case in page]
    assert found == (taken if sort == "received_at" else taken[::-1])


async def test_lights_are_those_of_the_domain(sit: Any, platform: Platform) -> None:
    clerk, shift, dispatcher, unit = [await sit(name) for name in ("clerk", "shift", "dispatcher", "east-urban")]
    for _ in range(3):
        case = await clerk.take()
        await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="east-urban")
    await unit.do("accept", case=case)
    await unit.do("report", case=case, finding="好了")
    seen = [_same_lights(platform, hours) for hours in (0.0, 3.0, 3.5, 4.0, 5.0)]
    assert set().union(*seen) == {Light.ON_TIME, Light.SOON, Light.OVERDUE}


def _same_lights(platform: Platform, hours: float) -> set[Light]:
    """The lights that cases have so many hours later, the same by the database and by the domain."""
    later = Clock()
    later.forward(hours=hours)
    seen: set[Light] = set()

    def check(connection: Any) -> None:
        for row in connection.execute(select(tables.cases)).all():
            case = read_record("case", row.body)
            assert isinstance(case, Case)
            seen.add(light(case, later.at))
            for one in Light:
                holds = select(tables.cases.c.id).where(tables.cases.c.key == row.key, light_condition(one, later.at))
                assert (connection.execute(holds).first() is not None) == (light(case, later.at) is one)

    platform.readers.now(check)
    return seen


async def test_figures_count_what_was_received(sit: Any, clock: Clock) -> None:
    clerk, shift, dispatcher = await sit("clerk"), await sit("shift"), await sit("dispatcher")
    case = await clerk.take("east")
    await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="housing")
    await clerk.take("west", kind="stall", channel="grid")
    counts = (await dispatcher.get("/v1/figures/summary", district="d1", **_WIDE)).json()
    assert (counts["total"], counts["tier"]) == (2, {"grid": 1, "street": 0, "district": 1})
    assert {name: n for name, n in counts["stage"].items() if n} == {
        "received": 2,
        "filed": 1,
        "dispatched": 1,
    }
    assert counts["responsible"] == [{"id": "housing", "name": "住房和城乡建设局", "count": 1}]
    assert counts["kind"] == [
        {"id": "stall", "name": "占道经营", "count": 1},
        {"id": "water", "name": "道路积水", "count": 1},
    ]
    none = (await dispatcher.get("/v1/figures/summary", since=clock.at.isoformat(), until=clock.at.isoformat())).json()
    assert none["total"] == 0


async def _pages(desk: Desk, **params: Any) -> list[list[str]]:
    pages, cursor = [], None
    while True:
        answer = (await desk.get("/v1/cases", **params, **({"cursor": cursor} if cursor else {}))).json()
        pages.append([case["id"] for case in answer["items"]])
        cursor = answer["next"]
        if cursor is None:
            return pages
