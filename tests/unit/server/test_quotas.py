"""One account cannot flood the hall: what is too much is said, with how long to wait, and nobody else notices."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from commandcenter.domain.kinds import Kind
from commandcenter.operations import serve
from commandcenter.protocol.codec import encode, record_envelope
from commandcenter.server.auth.quotas import PER_MINUTE, Quotas
from commandcenter.server.errors import HttpProblem
from commandcenter.server.platform import Platform, open_platform
from commandcenter.server.routes.events import BULK_READ
from commandcenter.server.storage import tables
from commandcenter.server.streaming.publisher import STREAMS_A_USER
from tests.kit.district import reference, small_accounts, small_district
from tests.kit.loopback import listening, serving
from tests.kit.platform import Clock, Desk, calling, new_id, sit_down, wish

Sit = Callable[[str], Awaitable[Desk]]
TAKE = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口", "street": "east"}


class Seconds:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def mono() -> Seconds:
    return Seconds()


@pytest.fixture
def platform_of_crowd(tmp_path: Path, mono: Seconds) -> Iterator[Platform]:
    """A platform with a hundredth of the usual quotas."""
    with open_platform(tmp_path / "data", now=Clock(), mono=mono, quota_factor=0.01) as platform:
        platform.writer.submit(small_district).result()
        platform.writer.submit(small_accounts).result()
        yield platform


@pytest.fixture
async def crowded(platform_of_crowd: Platform) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(platform_of_crowd) as http:
        yield http


async def _take(desk: Desk, count: int) -> httpx.Response:
    wishes = [wish("take", **(TAKE | {"case": new_id()})) for _ in range(count)]
    return await desk.post("/v1/commands", {"epoch": 1, "console_id": "c", "commands": wishes})


async def test_a_flood_of_takes_is_told_to_wait_and_changes_nothing(crowded: httpx.AsyncClient, mono: Seconds) -> None:
    clerk, shift = await sit_down(crowded, "clerk"), await sit_down(crowded, "shift")
    assert (await _take(clerk, 6)).status_code == 200
    refused = await _take(clerk, 2)
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["about"]) == (429, "over_quota", "takes")
    assert refused.headers["retry-after"] == "20"
    assert (await shift.get("/v1/cases")).json()["total"] == 6
    mono.at += 20
    assert (await _take(clerk, 2)).status_code == 200
    assert (await shift.get("/v1/cases")).json()["total"] == 8


async def test_a_flood_of_commands_that_take_nothing_is_told_to_wait_too(crowded: httpx.AsyncClient) -> None:
    shift = await sit_down(crowded, "shift")
    wishes = [wish("file", case=new_id()) for _ in range(61)]
    batches = ({"epoch": 1, "console_id": "c", "commands": some} for some in (wishes, wishes[:60], wishes[:1]))
    answers = [await shift.post("/v1/commands", batch) for batch in batches]
    assert [one.status_code for one in answers] == [429, 200, 429]
    assert {one.json()["about"] for one in (answers[0], answers[2])} == {"commands"}


async def test_a_flood_of_reads_is_one_accounts_alone(crowded: httpx.AsyncClient) -> None:
    clerk, shift = await sit_down(crowded, "clerk"), await sit_down(crowded, "shift")
    answers = [(await clerk.get("/v1/cases")).status_code for _ in range(13)]
    assert answers == [200] * 12 + [429]
    assert (await clerk.get("/v1/hello")).json()["about"] == "reads"
    assert (await shift.get("/v1/cases")).status_code == 200


async def test_a_full_batch_after_a_full_batch_is_within_the_quotas(sit: Sit) -> None:
    clerk = await sit("clerk")
    assert [(await _take(clerk, 100)).status_code for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize("kind", PER_MINUTE)
def test_a_minutes_worth_comes_back_within_a_minute_and_never_more(kind: str, mono: Seconds) -> None:
    quotas, most = Quotas(mono), PER_MINUTE[kind]
    for _ in range(2):
        quotas.spend("clerk", kind, most)
        with pytest.raises(HttpProblem) as told:
            quotas.spend("clerk", kind)
        assert told.value.headers["Retry-After"] == "1"
        mono.at += 600
    quotas.spend("clerk", kind, most)
    quotas.spend("shift", kind, most)


async def _traces(platform: Platform, action: str) -> list[tuple[str, str, str]]:
    await platform.writer.do(lambda connection: None)
    rows = platform.readers.now(lambda connection: connection.execute(select(tables.audit)).all())
    return [(row.user, row.record, row.outcome) for row in rows if row.action == action]


async def test_a_flood_leaves_one_trace_a_minute_with_the_address(
    crowded: httpx.AsyncClient, mono: Seconds, platform_of_crowd: Platform
) -> None:
    clerk = await sit_down(crowded, "clerk")
    for wait in (0, 0, 60):
        mono.at += wait
        for _ in range(14):
            await clerk.get("/v1/cases")
    assert await _traces(platform_of_crowd, "quota") == [("clerk", "address:127.0.0.1", "reads")] * 2


async def test_each_page_beyond_the_first_leaves_a_trace(sit: Sit, platform: Platform) -> None:
    clerk = await sit("clerk")
    for _ in range(3):
        await clerk.take()
    first = (await clerk.get("/v1/cases")).json()
    assert (first["total"], first["next"]) == (3, None)
    assert await _traces(platform, "list") == []
    page = (await clerk.get("/v1/cases", limit=1)).json()
    for _ in range(2):
        page = (await clerk.get("/v1/cases", limit=1, cursor=page["next"])).json()
    assert await _traces(platform, "list") == [("clerk", "address:127.0.0.1", "1 of 3")] * 3


@pytest.mark.parametrize(
    "chosen",
    ["limit=1", "q=积", "stage=received", "tier=street", "street=east", "kind=water", "light=on_time"],
)
async def test_first_pages_of_a_long_list_or_of_chosen_cases_leave_one_trace_a_minute(
    sit: Sit, platform: Platform, mono: Seconds, chosen: str
) -> None:
    platform.quotas.mono = mono
    clerk = await sit("clerk")
    for _ in range(2):
        await clerk.take()
    await clerk.get("/v1/cases", q=" ")
    assert await _traces(platform, "list") == []
    for wait in (0, 59, 1):
        mono.at += wait
        assert (await clerk.get(f"/v1/cases?{chosen}")).status_code == 200
    assert len(await _traces(platform, "list")) == 2


@pytest.mark.parametrize("window", [{"since": "2026-01-01"}, {"until": "2030-01-01"}])
async def test_who_reads_day_by_day_instead_of_page_by_page_leaves_a_trace(
    sit: Sit, platform: Platform, window: dict[str, str]
) -> None:
    clerk = await sit("clerk")
    await clerk.take()
    assert len((await clerk.get("/v1/cases", **window)).json()["items"]) == 1
    assert await _traces(platform, "list") == [("clerk", "address:127.0.0.1", "1 of 1")]


async def test_streams_that_are_refused_leave_one_trace_a_minute_whichever_district_is_asked_for(
    crowded: httpx.AsyncClient, mono: Seconds, platform_of_crowd: Platform
) -> None:
    clerk = await sit_down(crowded, "clerk")
    for _ in range(2 * STREAMS_A_USER):
        platform_of_crowd.publisher.listen("elsewhere", 0, "clerk")  # where nothing happens
    for wait in (0, 59, 1):
        mono.at += wait
        answers = [await clerk.get("/v1/events", district=asked) for asked in ("elsewhere", "d1")]
        assert [one.json()["code"] for one in answers] == ["too_many_streams"] * 2
    row = ("clerk", "address:127.0.0.1", "too_many_streams")
    assert await _traces(platform_of_crowd, "stream") == [row] * 2


async def test_who_pages_through_what_leaders_did_leaves_a_trace(sit: Sit, platform: Platform) -> None:
    shift = await sit("shift")
    await shift.get("/v1/adoptions")
    assert await _traces(platform, "adoptions") == []
    for before in (9, 7):
        await shift.get("/v1/adoptions", cursor=str(before))
    assert [outcome for _, _, outcome in await _traces(platform, "adoptions")] == ["0 before 9", "0 before 7"]


async def test_who_polls_the_log_in_bulk_leaves_one_trace_a_minute_and_who_follows_it_none(
    sit: Sit, platform: Platform, mono: Seconds
) -> None:
    platform.quotas.mono = mono
    clerk, shift, dispatcher = [await sit(user) for user in ("clerk", "shift", "dispatcher")]
    for count in (100, BULK_READ - 100):
        assert (await _take(clerk, count)).status_code == 200
    head = (await clerk.get("/v1/hello")).json()["head"]
    for cursor, limit in ((head - BULK_READ + 1, 500), (head - BULK_READ, 1), (head, 500)):
        await dispatcher.get("/v1/events", after=f"1:{cursor}", limit=limit)
    assert await _traces(platform, "events") == []
    await shift.get("/v1/events", after=f"1:{head - BULK_READ}", limit=BULK_READ)
    for wait in (0, 59, 1):
        mono.at += wait
        await clerk.get("/v1/events", after=f"1:{head - BULK_READ - 1}", limit=1)
    read = [("shift", head - BULK_READ), ("clerk", head - BULK_READ - 1), ("clerk", head - BULK_READ - 1)]
    expected = [(user, "address:127.0.0.1", f"behind 1:{cursor}") for user, cursor in read]
    assert await _traces(platform, "events") == expected


async def test_a_stream_from_far_back_leaves_a_trace_as_a_poll_does(platform: Platform) -> None:
    async with serving(platform) as http:
        clerk, shift = await sit_down(http, "clerk"), await sit_down(http, "shift")
        for count in (100, BULK_READ - 100):
            assert (await _take(clerk, count)).status_code == 200
        head = (await clerk.get("/v1/hello")).json()["head"]
        for desk, cursor in ((shift, head - BULK_READ + 1), (clerk, head - BULK_READ)):
            async with listening(desk, f"1:{cursor}") as heard:
                await anext(heard)
    assert await _traces(platform, "events") == [("clerk", "address:127.0.0.1", f"behind 1:{head - BULK_READ}")]


async def test_a_flood_of_imported_rows_is_told_to_wait_and_none_of_them_is_looked_at(
    crowded: httpx.AsyncClient, mono: Seconds, platform_of_crowd: Platform
) -> None:
    system = await sit_down(crowded, "system")

    def rows(first: int) -> dict[str, object]:
        each = [_row(number) for number in range(first, first + 500)]
        return {"district": "d1", "commands": each}

    assert [(await system.post("/v1/imports", rows(at))).status_code for at in (0, 500)] == [200, 200]
    refused = await system.post("/v1/imports", rows(1_000))
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["about"]) == (429, "over_quota", "rows")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert (await system.get("/v1/cases")).json()["total"] == 1_000
    assert await _traces(platform_of_crowd, "quota") == [("system", "address:127.0.0.1", "rows")]
    mono.at += int(refused.headers["retry-after"])
    assert (await system.post("/v1/imports", rows(1_000))).status_code == 200


async def test_reference_records_count_as_rows(crowded: httpx.AsyncClient) -> None:
    system = await sit_down(crowded, "system")
    kind = next(one for one in reference() if isinstance(one, Kind))
    body = encode({"district": "d1", "reference": [record_envelope(replace(kind, id=f"k{n}")) for n in range(500)]})
    assert [(await system.post("/v1/imports", body)).status_code for _ in range(3)] == [200, 200, 429]


def _row(number: int) -> dict[str, object]:
    told = {"channel": "hotline", "stage": "closed", "tier": "street", "received_at": "2026-11-20T04:00:00Z"}
    return told | {"case": f"row-{number}", "external": f"E{number}", "source_hash": "h", "text": "积水"}


async def test_of_an_accounts_snapshots_one_in_ten_minutes_leaves_a_trace(
    crowded: httpx.AsyncClient, mono: Seconds, platform_of_crowd: Platform
) -> None:
    clerk, shift = await sit_down(crowded, "clerk"), await sit_down(crowded, "shift")
    for wait in (0, 300, 300):
        mono.at += wait
        assert (await clerk.get("/v1/snapshot")).status_code == 200
    await shift.get("/v1/snapshot")
    traces = await _traces(platform_of_crowd, "snapshot")
    assert traces == [(user, "address:127.0.0.1", "taken") for user in ("clerk", "clerk", "shift")]


@pytest.mark.parametrize("times", ["0", "-1", "0.01", "nan", "inf", "many"])
def test_quotas_that_no_batch_fits_in_are_no_setting(times: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        serve.main(["--quotas", times])
    assert "the quotas are 1 to" in capsys.readouterr().err


def test_however_many_accounts_ask_what_is_remembered_has_an_end_and_the_newest_are_in_it(mono: Seconds) -> None:
    quotas = Quotas(mono)
    for number in range(20_500):
        quotas.spend(f"u{number}", "takes")
        quotas.is_news(f"u{number}")
    assert (len(quotas._left), len(quotas._told)) == (20_000, 20_000)
    quotas.spend("u20499", "takes", 599)
    with pytest.raises(HttpProblem):
        quotas.spend("u20499", "takes")
    assert not quotas.is_news("u20499")
