"""A petitioner asked for secrecy: on each way out the holder, the shift leader and whoever took the case read its
words; everybody else learns that it exists, of which kind and where, and no search by its words finds it for them.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.codec import decode
from commandcenter.protocol.messages import Result
from commandcenter.server.auth import accounts, roles
from commandcenter.server.platform import Platform
from commandcenter.server.storage import event_log, tables
from tests.kit.district import DISTRICT, hashed
from tests.kit.loopback import Heard, frames, listening, serving
from tests.kit.platform import Clock, Desk, sit_down, wish

TEXT, WORD, NUMBER, PERSON = "隔壁夜里打人，我是楼上的租客", "租客", "WX-880099", "p-who-asked"
PLACE = "宁国路 3号楼"
HIDDEN = (TEXT, NUMBER)

READERS = {  # who sees the case at all, and whether they read it
    "clerk": True,  # took it
    "shift": True,
    "east-urban": True,  # holds it
    "east-shift": True,
    "clerk2": False,
    "dispatcher": False,
    "east-desk": False,
    "leader": False,
    "system": False,
    "sensors": False,
}
STRANGERS = ("west-desk", "west-urban", "east-police", "east-team", "housing", "west-shift")


def more_accounts(platform: Platform) -> None:
    """The seats that the small district does not have."""
    district, east, west = DISTRICT.id, Scope(DISTRICT.id, street="east"), Scope(DISTRICT.id, street="west")
    people = (
        Person("clerk2", Role.INTAKE_CLERK, Scope(district)),
        Person("leader", Role.LEADER, Scope(district)),
        Person("east-shift", Role.SHIFT_LEADER, east),
        Person("west-shift", Role.SHIFT_LEADER, west),
    )
    for person in people:
        platform.writer.submit(lambda connection, one=person: accounts.put(connection, one, hashed())).result()


Sit = Callable[[str], Awaitable[Desk]]


@asynccontextmanager
async def hall(platform: Platform) -> AsyncIterator[Sit]:
    more_accounts(platform)
    async with serving(platform) as http:

        async def sit(user: str) -> Desk:
            return await sit_down(http, user)

        yield sit


async def held_case(sit: Sit) -> str:
    """A secret case of the east, held by its urban unit, and a plain one beside it."""
    clerk = await sit("clerk")
    case = await clerk.take(text=TEXT, place=PLACE, external=NUMBER, petitioner=PERSON, secret=True)
    await clerk.take(text="路灯不亮", place=PLACE)
    assert (await (await sit("shift")).do("file", case=case))["status"] == "applied"
    assert (await (await sit("dispatcher")).do("dispatch", case=case, to="east-urban"))["status"] == "applied"
    return case


async def one(desk: Desk, case: str) -> str:
    answer = await desk.get(f"/v1/cases/{case}")
    return answer.text


async def listed(desk: Desk, case: str) -> str:
    page = (await desk.get("/v1/cases", limit=200)).json()
    return "".join(json.dumps(item, ensure_ascii=False) for item in page["items"] if item["id"] == case)


async def found_by_place(desk: Desk, case: str) -> str:
    page = (await desk.get("/v1/cases", q="宁国路")).json()
    return "".join(json.dumps(item, ensure_ascii=False) for item in page["items"] if item["id"] == case)


async def history(desk: Desk, case: str) -> str:
    return (await desk.get(f"/v1/cases/{case}/history")).text


async def snapshot(desk: Desk, case: str) -> str:
    lines = (await desk.get("/v1/snapshot")).text.splitlines()
    return "\n".join(line for line in lines if f'"id":"{case}"' in line)


async def polled(desk: Desk, case: str) -> str:
    told = (await desk.get("/v1/events", after="1:0", limit=500)).json()["events"]
    return "\n".join(json.dumps(event, ensure_ascii=False) for event in told if case in json.dumps(event))


async def streamed(desk: Desk, case: str) -> str:
    async with listening(desk, "1:0") as heard:
        head = (await desk.get("/v1/hello")).json()["head"]
        got: list[Heard] = []
        while not got or got[-1].data["seq"] < head:
            got += await frames(heard, 1)
    return "\n".join(json.dumps(one.data, ensure_ascii=False) for one in got if case in json.dumps(one.data))


WAYS = (one, listed, found_by_place, history, snapshot, polled, streamed)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_each_way_out_shows_the_words_to_who_may_read_them_alone(platform: Platform, way: Any) -> None:
    async with hall(platform) as sit:
        case = await held_case(sit)
        petitioner = _petitioner(platform, case)
        for user, may_read in READERS.items():
            told = await way(await sit(user), case)
            assert case in told, (user, "does not learn that it exists")
            shown = [word in told for word in (TEXT, NUMBER, petitioner)]
            assert shown == [may_read] * 3, (user, way.__name__, told)
        for user in STRANGERS:
            told = await way(await sit(user), case)
            assert not any(word in told for word in (TEXT, NUMBER, petitioner, PLACE)), user


def _petitioner(platform: Platform, case: str) -> str:
    """The id that the platform gave to who asked."""
    body = platform.readers.now(
        lambda connection: connection.execute(select(tables.cases.c.body).where(tables.cases.c.id == case)).scalar_one()
    )
    return str(json.loads(body)["petitioner"])


@pytest.mark.parametrize("wanted", [WORD, "租", TEXT, NUMBER, "880099", "099", "夜里 宁国", "wx"])
async def test_a_search_by_hidden_words_finds_it_for_who_may_read_them_alone(platform: Platform, wanted: str) -> None:
    async with hall(platform) as sit:
        case = await held_case(sit)
        for user, may_read in READERS.items():
            page = (await (await sit(user)).get("/v1/cases", q=wanted)).json()
            assert (page["total"], [item["id"] for item in page["items"]]) == ((1, [case]) if may_read else (0, [])), (
                user
            )


@pytest.mark.parametrize(("wanted", "cases"), [("宁国", 2), ("3号楼", 2), ("-", 2), ("SY-20261124-00001", 1)])
async def test_by_what_is_open_everybody_finds_it(platform: Platform, wanted: str, cases: int) -> None:
    async with hall(platform) as sit:
        await held_case(sit)
        for user in ("clerk", "clerk2", "shift", "dispatcher", "leader", "east-desk"):
            assert (await (await sit(user)).get("/v1/cases", q=wanted)).json()["total"] == cases, user


async def test_signs_alone_find_no_number_that_is_withheld(platform: Platform) -> None:
    async with hall(platform) as sit:
        clerk = await sit("clerk")
        await clerk.take(text=TEXT, external="%%", secret=True)
        assert (await clerk.get("/v1/cases", q="%%")).json()["total"] == 1
        assert (await (await sit("clerk2")).get("/v1/cases", q="%%")).json()["total"] == 0


async def test_the_counts_and_digests_are_everybodys(platform: Platform) -> None:
    async with hall(platform) as sit:
        await held_case(sit)
        totals = [(await (await sit(user)).get("/v1/cases")).json()["total"] for user in ("clerk", "clerk2", "leader")]
        assert totals == [2, 2, 2]


async def test_a_new_holder_gets_the_words_by_that_very_frame(platform: Platform) -> None:
    async with hall(platform) as sit:
        case = await held_case(sit)
        unit, police, dispatcher = await sit("east-urban"), await sit("east-police"), await sit("dispatcher")
        head = (await dispatcher.get("/v1/hello")).json()["head"]
        async with (
            listening(unit, f"1:{head}") as old,
            listening(police, f"1:{head}") as new,
            listening(dispatcher, f"1:{head}") as other,
        ):
            assert (await unit.do("apply_return", case=case, reason="不归我们管"))["status"] == "applied"
            assert (await dispatcher.do("approve_return", case=case))["status"] == "applied"
            assert (await dispatcher.do("dispatch", case=case, to="east-police"))["status"] == "applied"
            left, gone = await frames(old, 2)
            assert (left.event, gone.event) == ("put", "evict")
            assert TEXT in json.dumps(left.data, ensure_ascii=False)
            came = (await frames(new, 1))[0]
            assert (came.event, came.data["records"][0]["record"]["text"]) == ("put", TEXT)
            for heard in await frames(other, 3):
                assert not any(word in json.dumps(heard.data, ensure_ascii=False) for word in HIDDEN)


async def test_two_who_read_alike_share_the_bytes_and_two_who_do_not_have_their_own(platform: Platform) -> None:
    async with hall(platform) as sit:
        case = await held_case(sit)
        told = [await polled(await sit(user), case) for user in ("shift", "clerk", "dispatcher", "leader")]
        assert (told[0] == told[1], told[2] == told[3], told[0] == told[2]) == (True, True, False)


async def test_a_frame_whose_record_is_kept_no_more_shows_no_words_to_anybody(platform: Platform) -> None:
    async with hall(platform) as sit:
        case = await held_case(sit)

        def trim(connection: Any) -> None:
            connection.execute(tables.log.update().values(after=None))

        platform.writer.submit(trim).result()
        for user in READERS:
            told = await polled(await sit(user), case)
            assert case in told
            assert not any(word in told for word in HIDDEN), user


async def conflict_of(desk: Desk, case: str) -> dict[str, Any]:
    """What `desk` is answered who dispatches from the board of before."""
    return wish("dispatch", bases={f"case:{case}": 2}, case=case, to="east-police")


async def test_a_conflict_shows_the_words_to_nobody_who_may_not_read_them(platform: Platform) -> None:
    async with hall(platform) as sit:
        case = await held_case(sit)
        desk = await sit("east-desk")
        late = await conflict_of(desk, case)
        answer = (await desk.send(late))[0]
        assert (answer["status"], answer["current"]["record"]["id"]) == ("conflict", case)
        blind = wish("dispatch", bases={f"case:{case}": 0}, case=case, to="east-police")
        whole = (await desk.send(blind))[0]
        assert [one["type"] for one in whole["since"]] == ["taken", "filed", "dispatched"]
        for said in (answer, whole, (await desk.send(late))[0], (await desk.send(blind))[0]):
            assert not any(word in json.dumps(said, ensure_ascii=False) for word in HIDDEN)


async def test_an_answer_that_comes_again_is_read_by_who_they_are_by_then(platform: Platform, clock: Clock) -> None:
    async with hall(platform) as sit:
        case = await held_case(sit)
        shift = await sit("shift")
        late = wish("file", bases={f"case:{case}": 0}, case=case)
        assert TEXT in json.dumps((await shift.send(late))[0], ensure_ascii=False)
        clock.forward(seconds=1)
        leader = Person("shift", Role.LEADER, Scope(DISTRICT.id))
        platform.writer.submit(lambda connection: roles.change_role(connection, leader, now=clock())).result()
        again = (await shift.send(late))[0]
        assert (again["status"], again["current"]["record"]["id"]) == ("conflict", case)
        assert not any(word in json.dumps(again, ensure_ascii=False) for word in HIDDEN)


async def test_what_is_remembered_of_an_answer_has_no_words_for_who_may_not_read_them(platform: Platform) -> None:
    async with hall(platform) as sit:
        case = await held_case(sit)
        desk = await sit("east-desk")
        late = await conflict_of(desk, case)
        await desk.send(late)

    def kept(connection: Any) -> bytes:
        found = select(tables.dedupe.c.result).where(tables.dedupe.c.cmd_id == late["cmd_id"])
        return bytes(connection.execute(found).scalar_one())

    result = decode(platform.readers.now(kept), Result)
    assert result.current is not None
    assert TEXT.encode() not in bytes(result.current.record)


async def test_nothing_is_withheld_of_a_case_without_secrecy(platform: Platform) -> None:
    async with hall(platform) as sit:
        clerk = await sit("clerk")
        case = await clerk.take(text=TEXT, external=NUMBER, place='"secret":true')
        for way in (one, listed, history, snapshot, polled):
            for user in ("clerk2", "leader", "east-desk"):
                assert TEXT in await way(await sit(user), case), (way.__name__, user)


async def test_what_who_does_not_read_it_does_to_it_takes_no_word_away(platform: Platform) -> None:
    async with hall(platform) as sit:
        case = await held_case(sit)
        assert (await (await sit("shift")).get(f"/v1/cases/{case}")).json()["text"] == TEXT
        facts = platform.readers.now(
            lambda connection: b"".join(
                raw for _, _, raw in event_log.changes_since(connection, DISTRICT.id, "case", case, base=0)
            )
        )
        assert TEXT.encode() in facts
