"""A shift leader does what others left, and nothing that they never gave; who did closes nothing alone."""

import base64
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.attestation import AttestedCommand, attest
from commandcenter.server.auth import accounts
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from tests.kit.district import DISTRICT, PASSWORD, hashed
from tests.kit.platform import Desk, new_id, wish

Sit = Callable[[str], Awaitable[Desk]]
Key = Callable[[str], Awaitable[bytes]]


@pytest.fixture
def key(http: Any) -> Key:
    async def given(user: str) -> bytes:
        answer = await http.post("/v1/sign-in", json={"user": user, "password": PASSWORD})
        return base64.b64decode(answer.json()["attest"])

    return given


def left(case: str, name: str = "dispatch", rev: int = 2, **args: Any) -> dict[str, Any]:
    given = {"to": "east-urban"} if name == "dispatch" else {}
    return wish(name, bases={f"case:{case}": rev}, case=case, **(given | args))


def proven(key: bytes, act: dict[str, Any], of: str) -> dict[str, Any]:
    given = AttestedCommand(of, DISTRICT.id, act["type"], json.dumps(act["args"]).encode())
    made = datetime.fromisoformat(act["made_at"])
    return msgspec.to_builtins(attest(key, given, act=act["cmd_id"], made_at=made, bases=act["bases"]))


def adopting(act: dict[str, Any], of: str, attested: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    proof = {} if attested is None else {"attested": attested}
    return act | {"cmd_id": new_id(), "replaces": act["cmd_id"], "on_behalf_of": of} | proof | more


async def sent(desk: Desk, one: dict[str, Any]) -> dict[str, Any]:
    return (await desk.send(one))[0]


async def _reported(sit: Sit, key: Key) -> tuple[str, Desk]:
    """A case whose report a shift leader took over from the unit; and the leader."""
    clerk, shift, dispatcher, unit = [await sit(who) for who in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await clerk.take(kind="stall")
    await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="east-urban")
    await unit.do("accept", case=case)
    act = left(case, "report", 4, finding="已劝离")
    taken_over = adopting(act, "east-urban", proven(await key("east-urban"), act, "east-urban"))
    assert (await sent(shift, taken_over))["status"] == "applied"
    return case, shift


async def test_an_act_that_nobody_gave_is_refused_and_withdraws_nothing(sit: Sit, filed: str, key: Key) -> None:
    shift, dispatcher = await sit("shift"), await sit("dispatcher")
    act, own = left(filed), await key("shift")
    invented = [None, proven(own, act, "dispatcher"), proven(own, act, "shift"), proven(b"k" * 32, act, "dispatcher")]
    invented.append(proven(await key("east-desk"), act, "dispatcher"))
    for proof in invented:
        answer = await sent(shift, adopting(act, "dispatcher", proof))
        assert (answer["status"], answer["code"], answer["about"]) == ("refused", "unattested", act["cmd_id"])
    assert (await sent(dispatcher, act))["status"] == "applied"


@pytest.mark.parametrize(
    "change",
    [
        {"args": {"to": "east-police"}},
        {"args": {"note": "加急"}},
        {"on_behalf_of": "west-desk"},
        {"attested": {"act": "018f0000-0000-7000-8000-00000000ffff"}},
        {"attested": {"made_at": "2026-11-24T05:00:00Z"}},
        {"attested": {"bases": {"case:x": 1}}},
        {"attested": {"mac": "0" * 64}},
        {"attested": {"mac": "\u597d"}},
    ],
)
async def test_an_act_is_taken_over_as_it_was_given_or_not_at_all(
    sit: Sit, filed: str, key: Key, change: dict[str, Any]
) -> None:
    shift, act = await sit("shift"), left(filed)
    whole = adopting(act, "dispatcher", proven(await key("dispatcher"), act, "dispatcher"))
    altered = {name: whole[name] | value if isinstance(value, dict) else value for name, value in change.items()}
    answer = await sent(shift, whole | altered)
    assert (answer["status"], answer["code"]) == ("refused", "unattested")
    assert (await sent(shift, whole | {"cmd_id": new_id()}))["status"] == "applied"


async def test_another_act_with_the_same_words_is_another_act(sit: Sit, filed: str, key: Key) -> None:
    act = left(filed, "approve_return")
    other = adopting(act, "dispatcher", proven(await key("dispatcher"), act, "dispatcher"), type="accept")
    assert (await sent(await sit("shift"), other))["code"] == "unattested"


async def test_the_revisions_that_a_leader_sees_are_the_leaders_own(sit: Sit, filed: str, key: Key) -> None:
    shift, act = await sit("shift"), left(filed, rev=1)
    proof = proven(await key("dispatcher"), act, "dispatcher")
    now = adopting(act, "dispatcher", proof, bases={f"case:{filed}": 2}, made_at="2026-11-24T09:00:00Z")
    assert (await sent(shift, now))["status"] == "applied"


async def test_a_true_act_is_not_done_again_under_an_invented_id(sit: Sit, filed: str, key: Key) -> None:
    shift, dispatcher, act = await sit("shift"), await sit("dispatcher"), left(filed)
    effect = await sent(dispatcher, act)
    proof = proven(await key("dispatcher"), act, "dispatcher")
    answer = await sent(shift, adopting(act | {"cmd_id": new_id()}, "dispatcher", proof, bases={f"case:{filed}": 3}))
    assert (answer["code"], answer["about"], answer["seq"]) == ("already_done", act["cmd_id"], effect["seq"])
    assert "cursor_token" not in answer  # it had no effect of its own


async def test_what_was_taken_over_under_a_later_id_is_not_done_under_the_first(sit: Sit, filed: str, key: Key) -> None:
    shift, dispatcher, act = await sit("shift"), await sit("dispatcher"), left(filed)
    later = adopting(act | {"cmd_id": new_id()}, "dispatcher", proven(await key("dispatcher"), act, "dispatcher"))
    assert (await sent(shift, later))["status"] == "applied"
    for given in (act, act | {"cmd_id": later["replaces"]}):
        assert (await sent(dispatcher, given))["code"] == "withdrawn"


async def test_who_took_over_an_act_on_a_case_does_not_close_it(sit: Sit, key: Key, platform: Platform) -> None:
    case, shift = await _reported(sit, key)
    answer = await shift.do("close", case=case)
    assert (answer["status"], answer["code"], answer["about"]) == ("refused", "adopted_by_you", case)
    by_hand = left(case, "close", 5)
    for_clerk = adopting(by_hand, "clerk", proven(await key("clerk"), by_hand, "clerk"))
    assert (await sent(shift, for_clerk))["code"] == "adopted_by_you"
    other = Person("shift2", Role.SHIFT_LEADER, Scope(DISTRICT.id))
    platform.writer.submit(lambda connection: accounts.put(connection, other, hashed())).result()
    assert (await (await sit("shift2")).do("close", case=case))["status"] == "applied"


async def test_who_may_not_close_a_case_at_all_hears_that_first(sit: Sit, key: Key) -> None:
    case, shift = await _reported(sit, key)
    assert (await (await sit("clerk")).do("close", case=case))["status"] == "applied"
    assert (await shift.do("close", case=case))["code"] == "stage"
    assert (await (await sit("east-urban")).do("close", case=case))["code"] == "role"


async def test_adoptions_stand_in_a_list_of_their_own(sit: Sit, filed: str, key: Key, platform: Platform) -> None:
    shift, act, proof = await sit("shift"), left(filed), await key("dispatcher")
    done = adopting(act, "dispatcher", proven(proof, act, "dispatcher"))
    tried = [adopting(act, of, None) for of in ("dispatcher", "nobody at all")]
    for one in (done, *tried):
        await sent(shift, one)
    first = (await shift.get("/v1/adoptions", limit=2)).json()
    rest = (await shift.get("/v1/adoptions", limit=2, cursor=first["next"])).json()
    told = [(one["leader"], one["owner"], one["outcome"], one["cmd_id"]) for one in first["items"] + rest["items"]]
    assert told == [
        ("shift", "", "unknown_user", tried[1]["cmd_id"]),
        ("shift", "dispatcher", "unattested", tried[0]["cmd_id"]),
        ("shift", "dispatcher", "applied", done["cmd_id"]),
    ]
    assert rest["next"] is None
    (whole,) = rest["items"]
    assert (whole["act"], whole["type"], whole["record"]) == (act["cmd_id"], "dispatch", f"case:{filed}")
    assert whole["given_at"] == act["made_at"]
    audited = platform.readers.now(lambda connection: connection.execute(select(tables.audit)).all())
    assert {row.cmd_id for row in audited} >= {act["cmd_id"], done["cmd_id"], *(one["cmd_id"] for one in tried)}


async def test_the_list_is_for_leaders_and_a_streets_leader_sees_its_people(
    sit: Sit, filed: str, key: Key, platform: Platform
) -> None:
    for street in ("east", "west"):
        person = Person(f"{street}-shift", Role.SHIFT_LEADER, Scope(DISTRICT.id, street=street))
        platform.writer.submit(lambda connection, person=person: accounts.put(connection, person, hashed())).result()
    act = left(filed)
    one = adopting(act, "east-desk", proven(await key("east-desk"), act, "east-desk"))
    assert (await sent(await sit("shift"), one))["status"] == "applied"
    seen = [len((await (await sit(who)).get("/v1/adoptions")).json()["items"]) for who in ("east-shift", "west-shift")]
    assert seen == [1, 0]
    refused = [(await (await sit(who)).get("/v1/adoptions")).status_code for who in ("clerk", "dispatcher", "system")]
    assert refused == [403, 403, 403]


async def test_each_has_a_key_of_their_own_that_is_stored_nowhere(http: Any, key: Key, platform: Platform) -> None:
    again = [await key("clerk"), await key("clerk"), await key("shift")]
    assert again[0] == again[1] != again[2]
    stored = b"".join(file.read_bytes() for file in platform.data.iterdir() if file.is_file())
    assert not any(form in stored for one in again for form in (one, base64.b64encode(one), one.hex().encode()))
    signed = await http.post("/v1/sign-in", json={"user": "clerk", "password": PASSWORD})
    renewed = await http.post("/v1/refresh", json={"refresh": signed.json()["refresh"]})
    assert renewed.json()["attest"] == signed.json()["attest"]


@pytest.mark.parametrize("made_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-24T05:00:00"])
async def test_an_impossible_moment_neither_stays_on_its_way_nor_ends_the_list(
    sit: Sit, filed: str, key: Key, made_at: str
) -> None:
    shift, act = await sit("shift"), left(filed)
    proof = proven(await key("dispatcher"), act, "dispatcher")
    for wrong in (
        adopting(act, "dispatcher", None, made_at=made_at),
        adopting(act, "dispatcher", proof | {"made_at": made_at}),
    ):
        answer = await shift.post("/v1/commands", {"epoch": 1, "console_id": "c", "commands": [wrong]})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_time")
    assert (await sent(shift, adopting(act, "dispatcher", proof)))["status"] == "applied"
    assert [one["outcome"] for one in (await shift.get("/v1/adoptions")).json()["items"]] == ["applied"]
