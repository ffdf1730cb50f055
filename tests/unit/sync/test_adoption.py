"""One seat, two people: what the former shift left undone, a shift leader takes over; once, in both names."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from commandcenter.domain.commands import Accept, ApplyReturn, Dispatch, Report
from commandcenter.domain.decisions import Refused
from commandcenter.domain.people import Role
from commandcenter.store.overlay import Act, Delivery
from commandcenter.sync.desk import Desk
from commandcenter.sync.versions import Reason
from tests.kit.console import case, done, idle, live, seated, until
from tests.kit.district import seats
from tests.kit.shared_seat import Shared


def waits_for(desk: Desk, act: Act) -> tuple[str | None, str | None] | None:
    found = desk.acts.find(act.cmd_id)
    return None if found is None else (found.code, found.about)


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Shared]:
    async with Shared(tmp_path) as made:
        yield made


async def test_a_shift_leader_does_what_the_former_shift_left_and_both_are_named(shared: Shared) -> None:
    key = await shared.filed()
    (left,) = await shared.left("dispatcher", Dispatch(key, "east-urban"))
    desk = shared.seat
    seen = desk.decisions.look(left.cmd_id)
    assert seen is not None
    assert seen.reason is Reason.OTHER_USER
    assert isinstance(seen.drop, Refused)
    assert [(fact.by, fact.hand) for fact in seen.adopt] == [("dispatcher", "shift")]
    shared.network.mend()
    act = await desk.decisions.adopt(left.cmd_id)
    assert isinstance(act, Act)
    assert (act.user, act.on_behalf_of, act.command) == ("shift", "dispatcher", Dispatch(key, "east-urban"))
    assert desk.unsent == {"shift": 1}
    await idle(desk)
    assert (await shared.happened(key))[-1] == ("Dispatched", "dispatcher", "shift")
    assert json.loads(shared.network.bodies[-1])["commands"][0]["replaces"] == left.cmd_id
    late = await shared.arrives("dispatcher")
    assert (late["status"], late["code"]) == ("refused", "withdrawn")
    await shared.sits("dispatcher")
    assert (desk.acts.open, desk.unsent, len(await shared.happened(key))) == ((), {}, 3)


async def test_what_had_arrived_all_the_same_is_done_once_and_said_to_be_done(shared: Shared) -> None:
    key = await shared.filed()
    (left,) = await shared.left("dispatcher", Dispatch(key, "east-urban"))
    desk = shared.seat
    shared.network.cut()
    act = await desk.decisions.adopt(left.cmd_id)  # nobody knows of it yet, and there is no network to ask by
    assert isinstance(act, Act)
    assert (await shared.arrives("dispatcher"))["status"] == "applied"
    shared.network.mend()
    await until(lambda: desk.acts.needing)
    await live(desk)
    (waiting,) = desk.acts.needing
    assert (waiting.cmd_id, waiting.code) == (act.cmd_id, "already_done")
    assert (await desk.decisions.again(act.cmd_id)) == Refused("already_done", left.cmd_id)
    assert await desk.decisions.drop(act.cmd_id) is None
    await idle(desk)
    states = {one.cmd_id: one for one in desk.acts.recent}
    assert states[act.cmd_id].is_dropped
    assert (states[left.cmd_id].is_dropped, states[left.cmd_id].delivery) == (False, Delivery.DONE)
    assert (await shared.happened(key))[2:] == [("Dispatched", "dispatcher", None)]
    await shared.sits("dispatcher")
    await idle(desk)


async def test_one_that_the_platform_does_not_let_a_leader_do_goes_back_to_whose_it_was(shared: Shared) -> None:
    key = await shared.filed()
    (left,) = await shared.left("dispatcher", Dispatch(key, "east-urban"))
    desk = shared.seat
    person = seats()["dispatcher"].person
    shared.becomes(replace(person, role=Role.CHANNEL))
    shared.network.mend()
    act = await desk.decisions.adopt(left.cmd_id)
    assert isinstance(act, Act)
    await until(lambda: desk.acts.needing)
    assert desk.acts.needing[0].code == "may_not_adopt"
    assert desk.decisions.look(act.cmd_id).again == Refused("may_not_adopt", "on_behalf_of")  # type: ignore[union-attr]
    assert await desk.decisions.drop(act.cmd_id) is None
    assert [(one.cmd_id, one.user, one.code) for one in desk.decisions.waiting] == [
        (left.cmd_id, "dispatcher", "given_back")
    ]
    shared.becomes(person)
    await shared.sits("dispatcher")
    await until(lambda: not isinstance(desk.decisions.look(left.cmd_id).again, Refused))  # type: ignore[union-attr]
    assert isinstance(await desk.decisions.again(left.cmd_id), Act)
    await idle(desk)
    assert (await shared.happened(key))[2:] == [("Dispatched", "dispatcher", None)]


async def test_what_its_author_may_not_do_any_more_is_not_tried_again_and_again(shared: Shared) -> None:
    key = await shared.filed()
    (left,) = await shared.left("dispatcher", Dispatch(key, "east-urban"))
    desk = shared.seat
    shared.becomes(replace(seats()["dispatcher"].person, role=Role.INTAKE_CLERK))
    shared.network.mend()
    act = await desk.decisions.adopt(left.cmd_id)
    assert isinstance(act, Act)
    await until(lambda: desk.acts.needing)
    refused = await desk.decisions.again(act.cmd_id)
    assert isinstance(refused, Refused)
    assert refused.code == desk.acts.needing[0].code == "role"
    assert await desk.decisions.drop(act.cmd_id) is None
    assert [(one.cmd_id, one.code) for one in desk.decisions.waiting] == [(left.cmd_id, "given_back")]


async def test_what_they_did_next_to_the_same_case_is_taken_over_with_it_in_order(shared: Shared) -> None:
    key = await shared.filed()
    async with seated(shared.folder / "d", shared.url, "dispatcher") as dispatcher:
        await until(lambda: dispatcher.may(case(dispatcher, key)))
        await done(dispatcher, Dispatch(key, "east-urban"))
    accept, report = await shared.left("east-urban", Accept(key), Report(key, "已抽排"))
    desk = shared.seat
    seen = desk.decisions.look(accept.cmd_id)
    assert seen is not None
    assert [one.cmd_id for one in seen.behind] == [report.cmd_id]
    shared.network.mend()
    assert isinstance(await desk.decisions.adopt(accept.cmd_id), Act)
    await idle(desk)
    happened = await shared.happened(key)
    assert happened[3:] == [("Accepted", "east-urban", "shift"), ("Reported", "east-urban", "shift")]


async def test_a_leader_without_a_network_takes_over_and_it_is_judged_when_it_is_sent(shared: Shared) -> None:
    key = await shared.filed()
    (left,) = await shared.left("dispatcher", Dispatch(key, "east-urban"))
    desk = shared.seat
    shared.network.cut()
    act = await desk.decisions.adopt(left.cmd_id)
    assert isinstance(act, Act)
    assert act.delivery is Delivery.KEPT
    async with seated(shared.folder / "d", shared.url, "east-desk") as other:
        await done(other, Dispatch(key, "east-police"))
    shared.network.mend()
    await until(lambda: desk.acts.needing)
    assert (desk.acts.needing[0].state, desk.acts.needing[0].on_behalf_of) == ("conflict", "dispatcher")
    await shared.sits("dispatcher")
    assert [one.cmd_id for one in desk.decisions.waiting] == [act.cmd_id]


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "east-desk"])
async def test_nobody_else_takes_anything_over(shared: Shared, who: str) -> None:
    key = await shared.filed()
    (left,) = await shared.left("dispatcher", Dispatch(key, "east-urban"))
    assert await shared.seat.decisions.adopt("nothing") == Refused("not_waiting", "nothing")
    desk = await shared.sits(who)
    answer = await desk.decisions.adopt(left.cmd_id)
    assert isinstance(answer, Refused)
    assert answer.code == ("own_act" if who == "dispatcher" else "may_not_adopt")
    assert desk.unsent == {"dispatcher": 1}


async def test_a_journal_remembers_who_it_was_for(shared: Shared) -> None:
    key = await shared.filed()
    (left,) = await shared.left("dispatcher", Dispatch(key, "east-urban"))
    shared.network.cut()
    act = await shared.seat.decisions.adopt(left.cmd_id)
    assert isinstance(act, Act)
    (kept,) = (await shared.begins_again()).acts.open
    assert (kept.cmd_id, kept.user, kept.on_behalf_of) == (act.cmd_id, "shift", "dispatcher")
    shared.network.mend()
    await idle(await shared.sits("shift"))
    assert (await shared.happened(key))[-1] == ("Dispatched", "dispatcher", "shift")


async def test_what_waits_says_for_whom_when_the_one_before_it_turns_out_to_be_done(shared: Shared) -> None:
    key = await shared.filed()
    async with seated(shared.folder / "d", shared.url, "dispatcher") as dispatcher:
        await until(lambda: dispatcher.may(case(dispatcher, key)))
        await done(dispatcher, Dispatch(key, "east-urban"))
    _, accept = await shared.left("east-urban", ApplyReturn(key, "不归我们"), Accept(key))
    desk = shared.seat
    act = await desk.decisions.adopt(accept.cmd_id)
    assert isinstance(act, Act), act
    await shared.sits("dispatcher")
    await until(lambda: waits_for(desk, act) == ("behind_other", "east-urban"))
    assert (await shared.arrives("east-urban"))["status"] == "applied"
    await until(lambda: waits_for(desk, act) == ("other_user", "shift"))
