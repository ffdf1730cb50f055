"""What is given again keeps its place: before what stood behind it, and in need of nothing that did."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from commandcenter.domain.commands import Accept, Dispatch, Report
from commandcenter.domain.decisions import Refused
from commandcenter.domain.people import Role
from commandcenter.store.overlay import Act
from tests.kit.console import case, done, idle, seated, until
from tests.kit.district import seats
from tests.unit.sync.test_adoption import Shared


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Shared]:
    async with Shared(tmp_path) as made:
        yield made


async def given_back(shared: Shared) -> tuple[str, Act, Act]:
    """A case whose unit left two acts in a row; a leader took both over in vain and gave both back."""
    key = await shared.filed()
    async with seated(shared.folder / "d", shared.url, "dispatcher") as dispatcher:
        await until(lambda: dispatcher.may(case(dispatcher, key)))
        await done(dispatcher, Dispatch(key, "east-urban"))
    accept, report = await shared.left("east-urban", Accept(key), Report(key, "已抽排"))
    desk, unit = shared.seat, seats()["east-urban"].person
    shared.becomes(replace(unit, role=Role.INTAKE_CLERK))
    shared.network.mend()
    assert isinstance(await desk.decisions.adopt(accept.cmd_id), Act)
    for _ in range(2):
        await until(lambda: desk.acts.needing)
        assert await desk.decisions.drop(desk.acts.needing[0].cmd_id) is None
    assert [(one.cmd_id, one.code) for one in desk.decisions.waiting] == [
        (accept.cmd_id, "given_back"),
        (report.cmd_id, "given_back"),
    ]
    shared.becomes(unit)
    await shared.sits("east-urban")
    await until(lambda: not isinstance(desk.decisions.look(accept.cmd_id).again, Refused))  # type: ignore[union-attr]
    return key, accept, report


def last_sent(shared: Shared) -> list[dict[str, Any]]:
    return list(json.loads(shared.network.bodies[-1])["commands"])


async def test_two_in_a_row_that_came_back_are_given_again_in_one_and_leave_in_their_order(shared: Shared) -> None:
    key, accept, report = await given_back(shared)
    desk = shared.seat
    assert [one.cmd_id for one in desk.decisions.look(accept.cmd_id).behind] == [report.cmd_id]  # type: ignore[union-attr]
    shared.network.cut()
    again = await desk.decisions.again(accept.cmd_id)
    assert isinstance(again, Act), again
    assert [one.user for one in desk.acts.open] == ["east-urban"] * 2
    assert desk.acts.needing == ()
    shared.network.mend()
    await idle(desk)
    first, second = last_sent(shared)
    assert (first["cmd_id"], first["dep"]) == (again.cmd_id, None)
    assert (second["type"], second["dep"]) == ("report", again.cmd_id)
    assert (await shared.happened(key))[3:] == [("Accepted", "east-urban", None), ("Reported", "east-urban", None)]


async def test_the_second_waits_for_the_first_to_be_decided_on(shared: Shared) -> None:
    _, accept, report = await given_back(shared)
    assert await shared.seat.decisions.again(report.cmd_id) == Refused("held", accept.cmd_id)


async def test_what_came_back_does_not_leave_by_itself_when_the_one_before_it_is_dropped(shared: Shared) -> None:
    key, accept, report = await given_back(shared)
    desk = shared.seat
    assert await desk.decisions.drop(accept.cmd_id) is None
    assert [(one.cmd_id, one.code) for one in desk.acts.needing] == [(report.cmd_id, "given_back")]
    refused = await desk.decisions.again(report.cmd_id)
    assert isinstance(refused, Refused)
    assert refused.code == "stage"
    assert await desk.decisions.drop(report.cmd_id) is None
    assert (desk.acts.open, len(await shared.happened(key))) == ((), 3)
