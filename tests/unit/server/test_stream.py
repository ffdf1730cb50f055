"""The stream: nothing missed, nothing foreign, a gap always visible; and how it ends."""

import asyncio
import hashlib
import itertools
import json
from contextlib import AsyncExitStack
from typing import Any

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.auth import accounts
from commandcenter.server.auth.roles import change_role
from commandcenter.server.gate import Exposure
from commandcenter.server.platform import Platform
from commandcenter.server.schedule import trim
from commandcenter.server.streaming import event_stream
from commandcenter.server.streaming.event_stream import MADE_ROOM
from commandcenter.server.streaming.publisher import STREAMS_A_USER
from tests.kit.loopback import frames, listening, serving
from tests.kit.platform import Clock, Desk, calling, sit_down


async def _head(desk: Desk) -> str:
    line = json.loads((await desk.get("/v1/snapshot")).text.splitlines()[0])
    return f"{line['epoch']}:{line['cursor']}"


async def test_another_seat_sees_what_one_does(platform: Platform) -> None:
    async with serving(platform) as http:
        clerk, desk = await sit_down(http, "clerk"), await sit_down(http, "east-desk")
        async with listening(desk, await _head(desk)) as heard:
            first = await anext(heard)
            assert first.event == "hb"
            case = await clerk.take("east")
            (put,) = await frames(heard, 1)
    assert put.event == "put"
    assert put.data["records"][0]["record"]["id"] == case
    assert (put.data["facts"][0]["type"], put.data["actor"]) == ("taken", "clerk")
    assert put.data["cmd_id"] == clerk.sent[-1]["cmd_id"]


async def test_a_filtered_stream_chains_its_own_frames(platform: Platform) -> None:
    async with serving(platform) as http:
        clerk, desk = await sit_down(http, "clerk"), await sit_down(http, "east-desk")
        cursor = await _head(desk)
        async with listening(desk, cursor) as heard:
            for street in ("west", "east", "west", "west", "east"):
                await clerk.take(street)
            got = await frames(heard, 2)
    start = int(cursor.split(":")[1])
    assert [(one.data["prev"], one.data["seq"]) for one in got] == [(start, start + 2), (start + 2, start + 5)]
    assert [one.id for one in got] == [f"1:{start + 2}", f"1:{start + 5}"]


async def test_who_comes_back_misses_nothing(platform: Platform) -> None:
    async with serving(platform) as http:
        clerk, dispatcher = await sit_down(http, "clerk"), await sit_down(http, "dispatcher")
        cursor = await _head(dispatcher)
        taken = [await clerk.take("east") for _ in range(3)]
        async with listening(dispatcher, cursor) as heard:
            got = await frames(heard, 2)
        taken.append(await clerk.take("west"))
        async with listening(dispatcher, got[-1].id) as heard:
            got += await frames(heard, 2)
        polled = (await dispatcher.get("/v1/events", after=cursor, limit=10)).json()
    assert [one.data["records"][0]["record"]["id"] for one in got] == taken
    assert all(a.data["seq"] == b.data["prev"] for a, b in itertools.pairwise(got))
    assert [one["data"] for one in polled["events"]] == [one.data for one in got]
    assert polled["head"] == got[-1].data["seq"]


async def test_a_unit_loses_sight_of_what_it_gave_back(platform: Platform) -> None:
    async with serving(platform) as http:
        clerk, shift, dispatcher, unit = [
            await sit_down(http, name) for name in ("clerk", "shift", "dispatcher", "east-urban")
        ]
        case = await clerk.take("east")
        await shift.do("file", case=case)
        async with listening(unit, await _head(unit)) as heard:
            await dispatcher.do("dispatch", case=case, to="east-urban")
            await unit.do("apply_return", case=case, reason="不属本队")
            await dispatcher.do("approve_return", case=case)
            got = await frames(heard, 3)
        assert case not in (await unit.get("/v1/snapshot")).text
    assert [one.event for one in got] == ["put", "put", "evict"]
    assert got[0].data["records"][0]["record"]["rev"] == 3
    assert got[2].data["records"] == [{"kind": "case", "id": case}]
    assert got[2].data["prev"] == got[1].data["seq"]


async def test_wrong_cursors_are_told_apart(sit: Any, platform: Platform, clock: Clock) -> None:
    clerk = await sit("clerk")
    await clerk.take()
    assert (await clerk.get("/v1/events", after="2:0", limit=5)).status_code == 409
    assert (await clerk.get("/v1/events", after="1:999", limit=5)).status_code == 409
    assert (await clerk.get("/v1/events", after="x", limit=5)).status_code == 422
    assert (await clerk.get("/v1/events", after="1:0", limit=5)).status_code == 200
    clock.forward(days=8)
    await platform.writer.do(lambda connection: trim(connection, clock()))
    clerk = await sit("clerk")
    answer = await clerk.get("/v1/events", after="1:0")
    assert (answer.status_code, answer.json()["code"]) == (410, "gone")
    hello = (await clerk.get("/v1/hello")).json()
    assert hello["floor"] == hello["head"] + 1
    assert (await clerk.get("/v1/events", after=f"1:{hello['head']}", limit=5)).status_code == 200
    assert (await clerk.http.get("/v1/events")).status_code == 401


async def test_a_board_of_another_role_is_not_followed(sit: Any, platform: Platform, clock: Clock) -> None:
    clerk = await sit("clerk")
    await clerk.take()
    made_for = (await clerk.get("/v1/hello")).json()["scope_ver"]
    demoted = Person("clerk", Role.LEADER, Scope("d1"))
    await platform.writer.do(lambda connection: change_role(connection, demoted, now=clock()))
    for asked in ({"after": "1:0", "limit": 5}, {"after": "1:0"}):
        headers = clerk.headers | {"scope-version": str(made_for)}
        answer = await clerk.http.get("/v1/events", params=asked, headers=headers)
        assert (answer.status_code, answer.json()["code"], answer.json()["about"]) == (410, "gone", "scope")
    headers = clerk.headers | {"scope-version": str((await clerk.get("/v1/hello")).json()["scope_ver"])}
    assert (await clerk.http.get("/v1/events", params={"after": "1:0", "limit": 5}, headers=headers)).status_code == 200


async def test_a_snapshot_proves_that_it_is_whole(sit: Any, clock: Clock) -> None:
    clerk, shift, dispatcher, unit = [await sit(name) for name in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await clerk.take("east")
    await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="east-urban")
    await unit.do("accept", case=case)
    await unit.do("report", case=case, finding="已抽排")
    await clerk.do("close", case=case)
    clock.forward(minutes=10)
    head, *lines, end = (await dispatcher.get("/v1/snapshot")).text.splitlines(keepends=True)
    assert json.loads(head)["n"] == json.loads(end)["n"] == len(lines)
    assert json.loads(end)["sha256"] == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert case in "".join(lines)
    clock.forward(hours=24)
    dispatcher = await sit("dispatcher")
    assert case not in (await dispatcher.get("/v1/snapshot")).text


async def test_the_stream_says_bye_when_the_platform_goes(platform: Platform) -> None:
    async with serving(platform) as http:
        desk = await sit_down(http, "dispatcher")
        async with listening(desk) as heard:
            await anext(heard)
            platform.publisher.close()
            assert [one.event async for one in heard] == ["bye"]


async def test_the_ninth_stream_of_an_account_ends_its_oldest_and_nobody_else_s(platform: Platform) -> None:
    async with serving(platform) as http, AsyncExitStack() as stack:
        desks = [await sit_down(http, user) for user in ("shift", *["clerk"] * STREAMS_A_USER, "clerk")]
        streams = []
        for desk in desks:
            streams.append(await stack.enter_async_context(listening(desk)))
            assert (await anext(streams[-1])).event == "hb"
        other, oldest, *staying = streams
        said = await anext(oldest)
        assert (said.event, said.data) == ("bye", {"retry_s": MADE_ROOM, "code": "too_many_streams"})
        assert platform.publisher.streams_of_user("clerk") == STREAMS_A_USER == len(staying)
        await desks[-1].take()
        for event_stream in (other, *staying):
            assert (await frames(event_stream, 1))[0].event == "put"


async def test_an_account_s_streams_that_do_not_go_are_not_added_to_without_end(sit: Any, platform: Platform) -> None:
    desk = await sit("clerk")
    for _ in range(2 * STREAMS_A_USER):
        platform.publisher.listen("elsewhere", 0, "clerk")  # where nothing happens
    answer = await desk.get("/v1/events")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_streams")


async def test_there_are_not_more_streams_than_connections_for_them(platform: Platform) -> None:
    async with calling(platform, Exposure(streams=1)) as http:
        desk = await sit_down(http, "clerk")
        platform.publisher.listen("d1", 0, "shift")
        assert (await desk.get("/v1/events")).status_code == 503


async def test_the_streams_of_an_account_end_with_its_password(platform: Platform) -> None:
    async with serving(platform) as http:
        desk = await sit_down(http, "clerk")
        async with listening(desk) as event_stream, asyncio.timeout(60):
            assert (await anext(event_stream)).event == "hb"
            await platform.writer.do(lambda connection: accounts.end_sessions(connection, ["clerk"]))
            assert [heard.event async for heard in event_stream] == []


async def test_the_stream_ends_with_its_token(platform: Platform) -> None:
    async with serving(platform) as http:
        desk = await sit_down(http, "dispatcher")
        async with listening(desk) as heard:
            await anext(heard)
            platform.seats.revoke(user="dispatcher")
            await (await sit_down(http, "clerk")).take()
            assert [one.event async for one in heard] == []


async def test_heartbeats_carry_the_visible_head_and_the_digest(platform: Platform, monkeypatch: Any) -> None:
    monkeypatch.setattr(event_stream, "HEARTBEAT", 0.05)
    monkeypatch.setattr(event_stream, "DIGEST", 0.05)
    async with serving(platform) as http:
        clerk, east, west = [await sit_down(http, name) for name in ("clerk", "east-desk", "west-desk")]
        async with listening(east) as in_east, listening(west) as in_west:
            before = await _beat(in_west)
            await clerk.take("east")
            (put,) = await frames(in_east, 1)
            after_east, after_west = await _beat(in_east), await _beat(in_west)
        records = [json.loads(line) for line in (await east.get("/v1/snapshot")).text.splitlines()[1:-1]]
    assert after_east["head"] == put.data["seq"]
    assert after_west == before | {"now": after_west["now"]}
    lines = sorted((one["kind"], one["record"]["id"], one["record"]["rev"]) for one in records)
    text = "".join(f"{kind} {key} {rev}\n" for kind, key, rev in lines)
    assert after_east["digest"] == hashlib.sha256(text.encode()).hexdigest()


async def _beat(heard: Any) -> dict[str, Any]:
    """The second heartbeat with a digest from now on: the first may be older than what was done before."""
    async with asyncio.timeout(60):
        beats = [one.data async for one in _take(heard, 2)]
    return beats[-1]


async def _take(heard: Any, count: int) -> Any:
    async for one in heard:
        if one.event == "hb" and one.data["digest"]:
            count -= 1
            yield one
        if not count:
            return
