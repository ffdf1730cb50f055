"""A verb that waits for no connection is refused while there is none, with nothing kept; it is given when there is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from commandcenter.bootstrap import Desk
from commandcenter.domain.commands import Dispatch, File
from commandcenter.domain.commands.references import RetireReference
from commandcenter.domain.decisions import Refused
from commandcenter.domain.rules import Offline
from commandcenter.store.overlay import Delivery
from tests.kit.console import Wire, case, done, hall, live, seated, take, until
from tests.kit.swapping import Swap, swapping

OFFLINE = Refused("offline")


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Swap, "rule", replace(Swap.rule, offline=Offline.REFUSED))
    with swapping():
        yield


async def _dispatched(shift: Desk, clerk: Desk, desk: Desk) -> tuple[str, str]:
    """Returns two cases, one with each unit of the east."""
    taken = take(), take()
    for one, to in zip(taken, ("east-urban", "east-police"), strict=True):
        await done(clerk, one)
        await until(lambda key=one.case: shift.board.find("case", key))
        await done(shift, File(one.case))
        await until(lambda key=one.case: desk.board.find("case", key) and case(desk, key).stage == "filed")
        await done(desk, Dispatch(one.case, to))
    return taken[0].case, taken[1].case


async def test_it_is_refused_offline_and_nothing_is_kept_of_it(tmp_path: Path) -> None:
    net = Wire()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "s", url, "shift") as shift,
        seated(tmp_path / "c", url, "clerk") as clerk,
        seated(tmp_path / "d", url, "dispatcher", net) as desk,
    ):
        one, other = await _dispatched(shift, clerk, desk)
        assert desk.why_not("swap", case(desk, one)) is None
        net.cut()
        await until(lambda: desk.connection.state != "live")
        assert desk.why_not("swap", case(desk, one)) == "offline"
        assert desk.preview(Swap(one, other)) == await desk.do(Swap(one, other)) == OFFLINE
        assert await desk.do(RetireReference("kind:stall")) == OFFLINE  # a record that others edit at the same time
        assert (desk.acts.open, desk.unsent) == ((), {})
        assert case(desk, one).responsible == "east-urban"
        assert desk.why_not("recall", case(desk, one)) is None  # any other verb waits
        net.mend()
        await live(desk)
        await done(desk, Swap(one, other))
        assert case(desk, one).responsible == "east-police"


async def test_one_that_came_back_as_a_conflict_is_not_given_again_offline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = Wire()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "s", url, "shift") as shift,
        seated(tmp_path / "c", url, "clerk") as clerk,
        seated(tmp_path / "d", url, "dispatcher", net) as desk,
    ):
        one, other = await _dispatched(shift, clerk, desk)
        monkeypatch.setattr(Swap, "rule", replace(Swap.rule, offline=Offline.KEPT))
        net.cut()
        await until(lambda: desk.connection.state != "live")
        await desk.do(Swap(one, other))
        async with seated(tmp_path / "e", url, "east-desk") as elsewhere:
            await done(elsewhere, Swap(one, other))
        net.mend()
        await until(lambda: desk.acts.needing)
        (act,) = desk.acts.needing
        monkeypatch.setattr(Swap, "rule", replace(Swap.rule, offline=Offline.REFUSED))
        net.cut()
        await until(lambda: desk.connection.state != "live")
        assert await desk.decisions.again(act.cmd_id) == await desk.decisions.adopt(act.cmd_id) == OFFLINE
        assert [(kept.cmd_id, kept.delivery) for kept in desk.acts.open] == [(act.cmd_id, Delivery.NEEDS_YOU)]
