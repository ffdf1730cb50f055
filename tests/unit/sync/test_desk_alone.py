"""What the desk says where nobody sits, nobody can be asked, or the disk takes nothing."""

import json
from pathlib import Path
from typing import Any

import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.cache.faults import DiskFault
from commandcenter.domain.decisions import Refused
from commandcenter.sync.connection import State
from commandcenter.sync.petitioner import Petitioner
from commandcenter.sync.queries import SearchQuery
from tests.kit.console import until
from tests.kit.district import seats
from tests.kit.inline_worker import InlineWorker
from tests.kit.scripted import Paper, a_case, problem, sit
from tests.unit.sync.test_desk_seated import at_desk


async def test_nobody_decides_before_somebody_sits_here(tmp_path: Path) -> None:
    async with at_desk(tmp_path, Paper()) as desk:
        assert (desk.person, desk.has_role, desk.user.since) == (None, True, None)
        assert [desk.why_not(name, one) for name in ("take", "file") for one in (None, a_case())] == ["signed_out"] * 4
        assert desk.may(a_case()) == ()
        with pytest.raises(Unavailable, match="no_seal_key"):
            desk.seal(Petitioner("王敏", "138"))
        assert desk.decisions.look("act") is None
        assert desk.user.stored_account() is None
        assert desk.decisions.waiting == ()
        for decide in (desk.decisions.again, desk.decisions.adopt, desk.decisions.drop):
            assert await decide("act") == Refused("signed_out")
        await desk.drafts.keep("intake", {"text": "积水"})
        assert await desk.drafts.of("intake") == {}


async def test_a_disk_that_takes_nothing_is_said_whatever_is_decided(tmp_path: Path, monkeypatch: Any) -> None:
    paper = Paper()
    paper.records.append(a_case())
    async with at_desk(tmp_path, paper) as desk:
        await sit(desk, paper)

        async def full(*_: object) -> None:
            raise DiskFault("full")

        monkeypatch.setattr(desk._parts.needs_you, "drop", full, raising=False)
        fault = DiskFault("full")
        assert await desk.decisions.drop("act") == Refused(fault.code, fault.about)


@pytest.mark.parametrize("fields", [{"text": "路口积水"}, None])
async def test_a_draft_that_the_disk_does_not_take_is_told_in_the_log_alone(
    tmp_path: Path, fields: dict[str, str] | None
) -> None:
    paper, kept = Paper(), []

    async def full(user: str, key: str, body: bytes | None) -> None:
        kept.append((user, key, None if body is None else json.loads(body)))
        raise DiskFault("full")

    async with at_desk(tmp_path, paper) as desk:
        await sit(desk, paper)
        desk.drafts._keep = full
        await desk.drafts.keep("intake", fields)
        assert kept == [("shift", "intake", fields)]
        fault = DiskFault("full")
        assert (desk.connection.log[-1].code, desk.connection.log[-1].about) == (fault.code, fault.about)


async def test_a_draft_that_the_disk_does_not_give_is_none_and_told_in_the_log_alone(tmp_path: Path) -> None:
    async def spoilt(user: str, key: str) -> bytes | None:
        raise DiskFault("no such page")

    paper = Paper()
    async with at_desk(tmp_path, paper) as desk:
        await sit(desk, paper)
        desk.drafts._read = spoilt
        assert await desk.drafts.of("intake") == {}
        fault = DiskFault("no such page")
        assert (desk.connection.log[-1].code, desk.connection.log[-1].about) == (fault.code, fault.about)


async def test_a_seal_needs_a_platform_that_was_heard_once(tmp_path: Path) -> None:
    paper = Paper(seats()["clerk"])
    async with at_desk(tmp_path, paper) as desk:
        await sit(desk, paper)
    async with at_desk(tmp_path, paper) as desk:  # nothing was asked of the network yet
        name, sealed = desk.seal(Petitioner("王敏", "138"))
        assert name
        assert sealed


async def test_a_question_says_whether_nobody_signed_in_or_the_sign_in_ended(tmp_path: Path) -> None:
    paper = Paper()
    async with at_desk(tmp_path, paper) as desk:
        with pytest.raises(Unavailable) as said:
            await desk.ask(SearchQuery())
        assert said.value.code == "offline"
        await sit(desk, paper)
        paper.instead |= {"/v1/hello": problem(401, "signed_out"), "/v1/refresh": problem(401, "signed_out")}
        paper.raw(None)
        await until(lambda: desk.connection.state is State.SIGNED_OUT)
        with pytest.raises(Unavailable) as said:
            await desk.ask(SearchQuery())
        assert said.value.code == "signed_out"


async def test_a_desk_that_was_closed_has_let_go_of_every_file(tmp_path: Path) -> None:
    lanes: list[ClosingLane] = []

    def worker(name: str) -> ClosingLane:
        lanes.append(ClosingLane())
        return lanes[-1]

    paper = Paper()
    async with at_desk(tmp_path, paper, worker=worker) as desk:
        await sit(desk, paper)
        assert lanes
        assert not any(one.is_closed for one in lanes)
    assert all(one.is_closed for one in lanes)


class ClosingLane(InlineWorker):
    """Knows whether it was let go of."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True
