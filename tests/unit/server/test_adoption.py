"""A shift leader does what somebody of a former shift left undone: who may, in whose name, and never twice."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from commandcenter.domain.people import Person, Role, Scope
from commandcenter.protocol.attestation import AttestedCommand, attest
from commandcenter.protocol.codec import decode, encode
from commandcenter.protocol.events import Frame
from commandcenter.protocol.messages import CommandEnvelope
from commandcenter.server.auth import accounts
from commandcenter.server.auth.attestation_keys import key_of
from commandcenter.server.command_pipeline.dedupe import body_hash
from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from commandcenter.server.storage.site_key import SiteKey
from tests.kit.district import DISTRICT, NOON, hashed
from tests.kit.platform import Desk, new_id, wish
from tests.kit.role_spans import end_role


@pytest.fixture
def street_leader(platform: Platform) -> Any:
    def made(street: str) -> str:
        person = Person(f"{street}-shift", Role.SHIFT_LEADER, Scope(DISTRICT.id, street=street))
        platform.writer.submit(lambda connection: accounts.put(connection, person, hashed())).result()
        return person.user

    return made


def dispatch(case: str, *, to: str = "east-urban", rev: int = 2, **more: Any) -> dict[str, Any]:
    return wish("dispatch", bases={f"case:{case}": rev}, case=case, to=to) | more


_SITES: list[SiteKey] = []


@pytest.fixture(autouse=True)
def _site(platform: Platform) -> Iterator[None]:
    _SITES.append(platform.site_key)
    yield
    _SITES.clear()


def attested(act: dict[str, Any], of: str) -> dict[str, Any]:
    """The word of `of` for the wish `act`, as their console would have kept it."""
    key = key_of(Person(of, Role.DISPATCHER, Scope(DISTRICT.id)), _SITES[-1])
    made = datetime.fromisoformat(act["made_at"])
    given = AttestedCommand(of, DISTRICT.id, act["type"], json.dumps(act["args"]).encode())
    return msgspec.to_builtins(attest(key, given, act=act["cmd_id"], made_at=made, bases=act["bases"]))


def adopting(act: dict[str, Any], of: str, **more: Any) -> dict[str, Any]:
    """The same wish under an id of its own, in the place of `of`, who gave it."""
    proof = {"attested": attested(act, of)}
    return act | {"cmd_id": new_id(), "replaces": act["cmd_id"], "on_behalf_of": of} | proof | more


async def sent(desk: Desk, one: dict[str, Any]) -> dict[str, Any]:
    return (await desk.send(one))[0]


async def stage(desk: Desk, case: str) -> str:
    return (await desk.get(f"/v1/cases/{case}")).json()["stage"]


async def test_a_leader_does_it_by_the_rules_of_whoever_left_it(sit: Any, filed: str, platform: Platform) -> None:
    shift = await sit("shift")
    left = dispatch(filed)
    assert (await sent(shift, dispatch(filed)))["code"] == "role"  # a leader alone may not
    done = adopting(left, "dispatcher")
    answer = await sent(shift, done)
    assert answer["status"] == "applied"
    fact = (await shift.get(f"/v1/cases/{filed}/history")).json()["facts"][-1]["fact"]
    assert (fact["by"], fact["hand"]) == ("dispatcher", "shift")
    polled = (await shift.get("/v1/events", after=f"1:{answer['seq'] - 1}", limit=5)).json()["events"]
    frame = decode(encode(polled[0]["data"]), Frame)
    assert (frame.actor, frame.on_behalf_of, frame.cmd_id) == ("shift", "dispatcher", done["cmd_id"])
    rows = platform.writer.submit(lambda connection: connection.execute(select(tables.audit)).all()).result()
    told = {row.cmd_id: (row.user, row.on_behalf_of, row.outcome) for row in rows if row.action == "dispatch"}
    assert told[done["cmd_id"]] == ("shift", "dispatcher", "applied")
    assert told[left["cmd_id"]] == ("shift", "dispatcher", "withdrawn")


async def test_what_a_stopped_account_left_can_be_taken_over(sit: Any, filed: str, platform: Platform) -> None:
    shift = await sit("shift")
    platform.writer.submit(lambda connection: accounts.stop(connection, "dispatcher")).result()
    assert (await sent(shift, adopting(dispatch(filed), "dispatcher")))["status"] == "applied"
    assert await stage(shift, filed) == "dispatched"


async def test_what_was_taken_over_has_no_effect_when_it_arrives_later(sit: Any, filed: str) -> None:
    shift, dispatcher = await sit("shift"), await sit("dispatcher")
    left = dispatch(filed)
    taken_over = adopting(left, "dispatcher")
    assert (await sent(shift, taken_over))["status"] == "applied"
    late = await sent(dispatcher, left)
    assert (late["status"], late["code"], late["about"]) == ("refused", "withdrawn", taken_over["cmd_id"])
    assert await sent(shift, taken_over) == await sent(shift, taken_over)
    assert len((await shift.get(f"/v1/cases/{filed}/history")).json()["facts"]) == 3


async def test_what_was_done_already_is_not_done_again(sit: Any, filed: str) -> None:
    shift, dispatcher = await sit("shift"), await sit("dispatcher")
    left = dispatch(filed)
    effect = await sent(dispatcher, left)
    answer = await sent(shift, adopting(left, "dispatcher", bases={f"case:{filed}": 3}))
    assert (answer["status"], answer["code"]) == ("refused", "already_done")
    assert (answer["about"], answer["seq"]) == (left["cmd_id"], effect["seq"])


async def test_two_leaders_do_it_once(sit: Any, filed: str, platform: Platform) -> None:
    other = Person("shift2", Role.SHIFT_LEADER, Scope(DISTRICT.id))
    platform.writer.submit(lambda connection: accounts.put(connection, other, hashed())).result()
    left = dispatch(filed)
    first, second = adopting(left, "dispatcher"), adopting(left, "dispatcher")
    assert (await sent(await sit("shift"), first))["status"] == "applied"
    answer = await sent(await sit("shift2"), second)
    assert (answer["code"], answer["about"]) == ("already_done", first["cmd_id"])


async def test_one_that_met_a_conflict_can_be_taken_over_again(sit: Any, filed: str, street_leader: Any) -> None:
    leader, desk = await sit(street_leader("east")), await sit("east-desk")
    left = dispatch(filed, rev=1)
    assert (await sent(desk, left))["status"] == "conflict"
    answer = await sent(leader, adopting(left, "east-desk"))
    assert (answer["status"], answer["current"]["record"]["rev"]) == ("conflict", 2)
    seen = adopting(left, "east-desk", bases={f"case:{filed}": 2})
    assert (await sent(leader, seen))["status"] == "applied"
    assert (await sent(desk, left))["code"] == "withdrawn"


async def test_what_the_owner_did_meanwhile_stands_against_it(sit: Any, filed: str) -> None:
    shift, dispatcher = await sit("shift"), await sit("dispatcher")
    assert (await sent(dispatcher, dispatch(filed, to="east-police")))["status"] == "applied"
    assert (await sent(shift, adopting(dispatch(filed), "dispatcher")))["status"] == "conflict"


@pytest.mark.parametrize("who", ["dispatcher", "east-desk", "clerk", "east-urban"])
async def test_nobody_but_a_shift_leader_may(sit: Any, filed: str, who: str) -> None:
    left = dispatch(filed)
    for of in ("dispatcher", "nobody", "system"):
        answer = await sent(await sit(who), adopting(left, of))
        assert (answer["status"], answer["code"]) == ("refused", "may_not_adopt")
    assert (await sent(await sit("dispatcher"), left))["status"] == "applied"  # it was not withdrawn either


async def test_a_leader_of_a_street_covers_its_people_alone(sit: Any, filed: str, street_leader: Any) -> None:
    east, west = await sit(street_leader("east")), await sit(street_leader("west"))
    left = dispatch(filed)
    for desk, of in ((west, "east-desk"), (east, "dispatcher"), (east, "west-desk"), (east, "nobody")):
        assert (await sent(desk, adopting(left, of)))["code"] == "may_not_adopt"
    assert (await sent(east, adopting(left, "east-desk")))["status"] == "applied"
    assert await stage(east, filed) == "dispatched"


async def test_a_leader_does_not_reach_beyond_the_own_street_through_somebody(sit: Any, street_leader: Any) -> None:
    clerk, shift, dispatcher = await sit("clerk"), await sit("shift"), await sit("dispatcher")
    west = await sit(street_leader("west"))
    case = await clerk.take("east")
    await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="west-urban")  # the unit of the west has a case of the east
    accept = wish("accept", bases={f"case:{case}": 3}, case=case)
    answer = await sent(west, adopting(accept, "west-urban"))
    assert (answer["status"], answer["code"]) == ("refused", "unknown_case")
    assert (await sent(shift, adopting(accept, "west-urban")))["status"] == "applied"


async def test_no_leader_learns_by_taking_over_whether_there_is_a_case_elsewhere(sit: Any, street_leader: Any) -> None:
    east = await sit(street_leader("east"))
    said = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口"}
    told = []
    for key in (await (await sit("clerk")).take("west"), new_id()):
        here, there = (wish("take", case=key, street=street, **said) for street in ("east", "west"))
        acts = here, there, wish("file", bases={f"case:{key}": 1}, case=key)
        unproved = [(await sent(east, adopting(act, "east-desk", attested=None)))["code"] for act in acts]
        told.append((unproved, [(await sent(east, adopting(act, "east-desk")))["code"] for act in acts]))
    assert told == [(["unattested"] * 3, ["role", "unknown_case", "unknown_case"])] * 2


async def test_the_rules_are_those_of_the_account_as_it_is_now(sit: Any, filed: str, platform: Platform) -> None:
    shift = await sit("shift")
    moved = Person("dispatcher", Role.INTAKE_CLERK, Scope(DISTRICT.id))
    platform.writer.submit(lambda connection: accounts.put(connection, moved, hashed(), since=platform.now())).result()
    assert (await sent(shift, adopting(dispatch(filed), "dispatcher")))["code"] == "role"
    assert await stage(shift, filed) == "filed"


async def test_what_a_shift_left_that_is_over_is_done_by_what_they_were(
    sit: Any, filed: str, platform: Platform
) -> None:
    shift = await sit("shift")
    platform.writer.submit(lambda connection: end_role(connection, "dispatcher", now=platform.now())).result()
    assert (await sent(shift, adopting(dispatch(filed), "dispatcher")))["status"] == "applied"
    assert await stage(shift, filed) == "dispatched"


async def test_the_act_has_to_be_theirs_and_to_be_named(sit: Any, filed: str) -> None:
    shift, desk = await sit("shift"), await sit("east-desk")
    left = dispatch(filed, rev=1)
    assert (await sent(desk, left))["status"] == "conflict"
    now = {"bases": {f"case:{filed}": 2}}
    assert (await sent(shift, adopting(left, "dispatcher", **now)))["code"] == "may_not_adopt"
    assert (await sent(shift, adopting(dispatch(filed), "nobody")))["code"] == "unknown_user"
    nameless = dispatch(filed, on_behalf_of="dispatcher")
    assert (await sent(shift, nameless))["code"] == "may_not_adopt"
    assert (await sent(shift, dispatch(filed, replaces=left["cmd_id"])))["code"] == "may_not_adopt"
    assert (await sent(shift, adopting(dispatch(filed), "shift")))["code"] == "may_not_adopt"
    assert (await sent(shift, adopting(left, "east-desk", **now)))["status"] == "applied"


async def test_a_command_cannot_take_its_own_place(sit: Any, filed: str) -> None:
    shift = await sit("shift")
    one = dispatch(filed)
    own = one | {"replaces": one["cmd_id"], "on_behalf_of": "dispatcher", "attested": attested(one, "dispatcher")}
    assert (await sent(shift, own))["code"] == "may_not_adopt"
    assert (await sent(shift, own))["code"] == "may_not_adopt"
    assert await stage(shift, filed) == "filed"


async def test_what_other_systems_and_the_administrator_may_no_leader_does_for_them(
    sit: Any, platform: Platform
) -> None:
    shift = await sit("shift")
    channel = Person("hotline", Role.CHANNEL, Scope(DISTRICT.id))
    platform.writer.submit(lambda connection: accounts.put(connection, channel, hashed())).result()
    told = {"channel": "hotline", "external": "1", "source_hash": "h", "stage": "closed", "tier": "street"}
    told |= {"received_at": "2020-01-01T00:00:00Z", "ended_at": "2020-01-02T00:00:00Z", "street": "east"}
    for of in ("hotline", "system"):
        case = new_id()
        answer = await sent(shift, adopting(wish("import", case=case, **told), of))
        assert (answer["status"], answer["code"]) == ("refused", "may_not_adopt")
        assert (await shift.get(f"/v1/cases/{case}")).status_code == 404


async def test_what_stood_for_what_stood_for_it_had_the_effect(sit: Any, platform: Platform) -> None:
    others = [Person(f"shift{at}", Role.SHIFT_LEADER, Scope(DISTRICT.id)) for at in (1, 2, 3)]
    for other in others:
        platform.writer.submit(lambda connection, other=other: accounts.put(connection, other, hashed())).result()
    case = await (await sit("clerk")).take("east")
    left = wish("file", bases={f"case:{case}": 1}, case=case)
    first = adopting(left | {"type": "close"}, "shift")
    assert (await sent(await sit("shift1"), first))["status"] == "refused"
    second = adopting(left | {"cmd_id": first["cmd_id"]}, "shift1")
    assert (await sent(await sit("shift2"), second))["status"] == "applied"
    third = await sent(await sit("shift3"), adopting(left, "shift"))
    assert (third["code"], third["about"]) == ("already_done", second["cmd_id"])


async def test_another_name_under_the_same_id_is_another_command(sit: Any, filed: str) -> None:
    shift = await sit("shift")
    done = adopting(dispatch(filed), "dispatcher")
    assert (await sent(shift, done))["status"] == "applied"
    assert (await sent(shift, done | {"on_behalf_of": "east-desk"}))["code"] == "id_reused"
    assert (await sent(shift, done | {"replaces": new_id()}))["code"] == "id_reused"


def test_a_command_that_replaces_nothing_is_written_as_ever() -> None:
    plain = CommandEnvelope(cmd_id="c", cseq=1, type="file", args=msgspec.Raw(b'{"case":"c1"}'), made_at=NOON)
    before = {"cmd_id", "cseq", "type", "args", "made_at", "bases", "dep", "withdraw"}
    assert set(msgspec.json.decode(encode(plain))) == before
    assert body_hash(plain) == "8079e87591fa31df44a91f825a4b9b6ee2b807f9b1ada57390cc36454268331d"
