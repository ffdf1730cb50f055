"""The main line of a case over HTTP, from the clerk who takes it to its end, and what may not be done."""

import base64
from typing import Any

import pytest
from sqlalchemy import select

from commandcenter.server.platform import Platform
from commandcenter.server.storage import tables
from tests.kit.platform import new_id, wish


async def test_a_case_goes_from_intake_to_its_end(sit: Any) -> None:
    clerk, shift, dispatcher, unit = [await sit(name) for name in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await clerk.take("east")
    shown = (await clerk.get(f"/v1/cases/{case}")).json()
    assert (shown["number"], shown["stage"], shown["tier"]) == ("SY-20261124-00001", "received", "grid")
    assert (await shift.do("file", case=case))["status"] == "applied"
    assert (await dispatcher.do("dispatch", case=case, to="east-urban"))["status"] == "applied"
    assert (await unit.do("accept", case=case))["status"] == "applied"
    assert (await unit.do("report", case=case, finding="已抽排"))["status"] == "applied"
    last = await clerk.do("close", case=case)
    assert last["revs"] == {f"case:{case}": 6}
    shown = (await clerk.get(f"/v1/cases/{case}")).json()
    assert (shown["stage"], shown["tier"], shown["responsible"]) == ("closed", "street", "east-urban")
    facts = (await clerk.get(f"/v1/cases/{case}/history")).json()["facts"]
    assert [one["type"] for one in facts] == ["taken", "filed", "dispatched", "accepted", "reported", "closed"]


async def test_a_kind_with_a_check_may_not_be_closed(sit: Any) -> None:
    clerk, shift, dispatcher, unit = [await sit(name) for name in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await clerk.take("east", kind="lid")
    await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="east-urban")
    await unit.do("accept", case=case)
    await unit.do("report", case=case, finding="已补盖")
    assert (await clerk.do("close", case=case))["code"] == "needs_check"


async def test_a_return_that_is_approved_frees_the_case(sit: Any) -> None:
    clerk, shift, dispatcher, unit = [await sit(name) for name in ("clerk", "shift", "dispatcher", "east-urban")]
    case = await clerk.take("east")
    await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="east-urban")
    assert (await unit.do("apply_return", case=case, reason="不属本队"))["status"] == "applied"
    assert (await dispatcher.do("approve_return", case=case))["status"] == "applied"
    shown = (await dispatcher.get(f"/v1/cases/{case}")).json()
    assert (shown["stage"], shown["responsible"], shown["returns"]) == ("filed", None, 1)
    assert shown["returned_by"] == "east-urban"
    assert (await unit.get(f"/v1/cases/{case}")).status_code == 404


async def test_numbers_count_within_the_day_of_the_district(sit: Any, clock: Any) -> None:
    clerk = await sit("clerk")
    first, second = await clerk.take(), await clerk.take()
    clock.forward(minutes=14)
    other = await clerk.take()
    numbers = [(await clerk.get(f"/v1/cases/{case}")).json()["number"] for case in (first, second, other)]
    assert numbers == [f"SY-20261124-0000{n}" for n in (1, 2, 3)]


async def test_a_command_of_the_wrong_role_has_no_effect(sit: Any) -> None:
    clerk = await sit("clerk")
    case = await clerk.take()
    assert (await clerk.do("file", case=case))["code"] == "role"
    assert (await clerk.get(f"/v1/cases/{case}")).json()["rev"] == 1


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"community": "nowhere"}, "unknown_community"),
        ({"community": "west-c"}, "other_community"),
        ({"community": "east-c", "grid": "nowhere"}, "unknown_grid"),
        ({"community": "east-c", "grid": "west-1"}, "other_grid"),
        ({"community": "east-c", "grid": "east-1"}, None),
    ],
)
async def test_a_case_is_taken_where_there_is_a_place(sit: Any, where: dict[str, str], code: str | None) -> None:
    given = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口", "street": "east"}
    result = await (await sit("clerk")).do("take", case=new_id(), **given, **where)
    assert result.get("code") == code


async def test_the_same_command_twice_has_one_effect(sit: Any) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    case = await clerk.take()
    once = wish("file", case=case, bases={f"case:{case}": 1})
    first, again = (await shift.send(once))[0], (await shift.send(once))[0]
    assert first == again
    assert (await shift.get(f"/v1/cases/{case}")).json()["rev"] == 2


async def test_what_was_withdrawn_has_no_effect_when_it_arrives_late(sit: Any) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    case = await clerk.take()
    late = wish("file", case=case, bases={f"case:{case}": 1})
    asked = await shift.send(late | {"withdraw": True})
    assert [(one["status"], one["code"]) for one in asked] == [("refused", "withdrawn")]
    assert await shift.send(late) == asked
    assert (await shift.get(f"/v1/cases/{case}")).json()["rev"] == 1


async def test_what_has_its_effect_is_not_withdrawn_any_more_and_only_its_author_learns_of_it(sit: Any) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    case = await clerk.take()
    command = wish("file", case=case, bases={f"case:{case}": 1})
    applied = await shift.send(command)
    assert await shift.send(command | {"withdraw": True}) == applied
    assert (await clerk.send(command | {"withdraw": True}))[0]["code"] == "id_reused"


async def test_an_id_used_again_for_something_else_is_refused(sit: Any, platform: Platform) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    one, other = await clerk.take(), await clerk.take()
    command = wish("file", case=one, bases={f"case:{one}": 1})
    await shift.send(command)
    reused = command | {"args": {"case": other}}
    assert (await shift.send(reused))[0]["code"] == "id_reused"
    assert (await clerk.send(command))[0] == {"cmd_id": command["cmd_id"], "status": "refused", "code": "id_reused"}
    assert (await shift.get(f"/v1/cases/{other}")).json()["rev"] == 1


async def test_who_acted_meanwhile_is_shown_in_the_conflict(sit: Any) -> None:
    clerk, shift, dispatcher, desk = [await sit(name) for name in ("clerk", "shift", "dispatcher", "east-desk")]
    case = await clerk.take("east")
    await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="east-urban")
    late = await desk.do("dispatch", case=case, to="east-police", bases={f"case:{case}": 2})
    assert (late["status"], late["current"]["record"]["responsible"]) == ("conflict", "east-urban")
    assert [(one["type"], one["fact"]["by"]) for one in late["since"]] == [("dispatched", "dispatcher")]
    assert (await desk.send(desk.sent[-1]))[0] == late


async def test_own_acts_since_the_base_are_no_conflict(sit: Any) -> None:
    clerk, shift, dispatcher = [await sit(name) for name in ("clerk", "shift", "dispatcher")]
    case = await clerk.take("east")
    await shift.do("file", case=case)
    await dispatcher.do("dispatch", case=case, to="east-urban")
    refused = await dispatcher.do("dispatch", case=case, to="east-police", bases={f"case:{case}": 2})
    assert (refused["status"], refused["code"]) == ("refused", "stage")


async def test_a_command_waits_for_the_one_it_depends_on(sit: Any) -> None:
    team = await sit("east-team")
    missing = wish("take", case=new_id(), channel="grid", kind="water", text="积水", place="路口", street="east")
    follower = wish("take", **(missing["args"] | {"case": new_id()}), dep=missing["cmd_id"])
    last = wish("take", **(missing["args"] | {"case": new_id()}))
    results = await team.send(follower, last)
    assert [(one["status"], one["code"]) for one in results] == [("retry", "dep_unknown")]
    assert [one["status"] for one in await team.send(missing, follower, last)] == ["applied"] * 3


async def test_a_command_behind_a_refused_one_is_refused(sit: Any) -> None:
    clerk = await sit("clerk")
    bad = wish("take", case=new_id(), channel="nowhere", kind="water", text="积水", place="路口", street="east")
    follower = wish("take", **(bad["args"] | {"case": new_id(), "channel": "hotline"}), dep=bad["cmd_id"])
    results = await clerk.send(bad, follower)
    assert [(one["status"], one["code"]) for one in results] == [
        ("refused", "unknown_channel"),
        ("refused", "dep_refused"),
    ]


async def test_commands_of_another_epoch_are_told_so(sit: Any) -> None:
    clerk = await sit("clerk")
    clerk.epoch = 2
    assert (await clerk.do("file", case=new_id(), bases={}))["status"] == "wrong_epoch"


async def test_the_sealed_part_lies_in_the_vault_and_nowhere_else(sit: Any, platform: Platform) -> None:
    clerk = await sit("clerk")
    sealed = base64.b64encode(b"s" * 80).decode()
    case = await clerk.take(petitioner="p-1", sealed=sealed)
    again = await clerk.do(
        "take",
        case=new_id(),
        channel="hotline",
        kind="water",
        text="x",
        place="y",
        street="east",
        petitioner="p-1",
        sealed=sealed,
    )
    assert again["code"] == "id_taken"
    kept = platform.readers.now(lambda connection: connection.execute(select(tables.vault)).all())
    shown = (await clerk.get(f"/v1/cases/{case}")).json()["petitioner"]
    assert [(row.petitioner, row.sealed) for row in kept] == [(shown, b"s" * 80)]
    assert sealed not in (await clerk.get(f"/v1/cases/{case}/history")).text


async def test_each_effect_has_one_row_in_the_audit(sit: Any, platform: Platform) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    case = await clerk.take()
    await shift.do("file", case=case)
    await clerk.do("file", case=case)
    rows = platform.readers.now(lambda connection: connection.execute(select(tables.audit)).all())
    acts = [(row.user, row.action, row.outcome) for row in rows if row.action != "sign_in"]
    assert acts == [("clerk", "take", "applied"), ("shift", "file", "applied"), ("clerk", "file", "role")]
