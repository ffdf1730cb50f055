"""A platform whose files went back to an earlier state: what it had acknowledged and lost is offered again, once."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from commandcenter.bootstrap import Desk
from commandcenter.domain.commands import File
from commandcenter.store.overlay import Delivery
from tests.kit.console import case, console, done, hall, idle, live, seated, take, until
from tests.kit.district import seats
from tests.kit.scripted import Paper, sit


class Machine:
    """The platform's machine, which can be set back to how it was."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "platform"
        self._kept = folder / "snapshot"

    def snapshot(self) -> None:
        """Keep its files as they are."""
        shutil.copytree(self.data, self._kept)

    def set_back(self) -> None:
        """Its files are as they were."""
        shutil.rmtree(self.data)
        shutil.copytree(self._kept, self.data)

    def effects(self, cmd_id: str) -> int:
        """How many entries of the log are of this command."""
        with closing(sqlite3.connect(self.data / "platform.db")) as connection:
            return connection.execute("SELECT count(*) FROM log WHERE cmd_id = ?", (cmd_id,)).fetchone()[0]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@asynccontextmanager
async def back(machine: Machine, folder: Path, user: str = "clerk") -> AsyncIterator[Desk]:
    """The console in `folder`, whose user signs in at the platform as it is now, when all is at rest again."""
    async with hall(machine.data) as url, seated(folder, url, user) as desk:
        await idle(desk)
        yield desk


async def test_an_act_that_the_platform_lost_is_offered_again_and_done_once(machine: Machine, tmp_path: Path) -> None:
    async with back(machine, tmp_path / "a") as desk:
        await done(desk, take())
    machine.snapshot()
    async with back(machine, tmp_path / "a") as desk:
        act = await done(desk, wish := take())
    machine.set_back()
    assert machine.effects(act.cmd_id) == 0
    async with back(machine, tmp_path / "a") as desk:
        assert case(desk, wish.case)
        assert "restored" in [entry.code for entry in desk.connection.log]
    assert machine.effects(act.cmd_id) == 1


async def test_it_is_offered_again_where_others_wrote_on_under_its_number(machine: Machine, tmp_path: Path) -> None:
    wishes, theirs = [take(), take("west")], [take(), take(), take()]
    async with back(machine, tmp_path / "a") as desk:
        await done(desk, take())
    machine.snapshot()
    async with back(machine, tmp_path / "a") as desk:
        acts = [await done(desk, wish) for wish in wishes]
    machine.set_back()
    async with back(machine, tmp_path / "b") as other:
        others = [await done(other, wish) for wish in theirs]
    async with (
        hall(machine.data) as url,
        seated(tmp_path / "b", url, "clerk") as other,
        seated(tmp_path / "a", url, "clerk") as desk,
    ):
        for one in (desk, other):
            await until(lambda one=one: all(one.board.find("case", wish.case) for wish in (*wishes, *theirs)))
            await live(one)
            await idle(one)
    assert [machine.effects(act.cmd_id) for act in (*acts, *others)] == [1] * 5


async def test_who_sits_there_next_and_a_lost_cache_do_not_hide_it(machine: Machine, tmp_path: Path) -> None:
    async with back(machine, tmp_path / "a"):
        pass
    machine.snapshot()
    async with back(machine, tmp_path / "a") as desk:
        act = await done(desk, take())
    async with back(machine, tmp_path / "a", "west-urban"):
        pass
    for file in (tmp_path / "a").glob("cache.db*"):
        file.unlink()
    machine.set_back()
    async with back(machine, tmp_path / "b") as other:
        await done(other, take())
        await done(other, take())
    async with hall(machine.data) as url, seated(tmp_path / "a", url, "west-urban") as desk:
        assert desk.position.at.epoch > 1
        assert [one.cmd_id for one in desk.acts.open] == [act.cmd_id]
    async with back(machine, tmp_path / "a"):
        pass
    assert machine.effects(act.cmd_id) == 1


async def test_who_did_nothing_and_saw_much_lets_the_platform_know(machine: Machine, tmp_path: Path) -> None:
    for name, user in (("a", "west-desk"), ("b", "clerk")):
        async with back(machine, tmp_path / name, user):
            pass
    machine.snapshot()
    async with hall(machine.data) as url, seated(tmp_path / "a", url, "west-desk") as looker:
        async with seated(tmp_path / "b", url, "clerk") as desk:
            act = await done(desk, wish := take("west"))
        await until(lambda: looker.board.find("case", wish.case))
    machine.set_back()
    async with hall(machine.data) as url, seated(tmp_path / "a", url, "west-desk") as looker:
        assert looker.position.at.epoch > 1
        assert looker.board.find("case", wish.case) is None
        async with seated(tmp_path / "b", url, "clerk") as desk:
            await idle(desk)
            await until(lambda: looker.board.find("case", wish.case))
    assert machine.effects(act.cmd_id) == 1


async def test_what_others_did_meanwhile_to_the_same_record_is_a_conflict_that_is_seen(
    machine: Machine, tmp_path: Path
) -> None:
    async with back(machine, tmp_path / "b") as other:
        await done(other, wish := take())
    async with back(machine, tmp_path / "a", "shift"):
        pass
    machine.snapshot()
    async with back(machine, tmp_path / "a", "shift") as desk:
        act = await done(desk, File(wish.case))
    machine.set_back()
    async with back(machine, tmp_path / "c", "shift") as other:
        await done(other, File(wish.case, "stall"))
    async with hall(machine.data) as url, seated(tmp_path / "a", url, "shift") as desk:
        await until(lambda: desk.acts.needing)
        assert [one.cmd_id for one in desk.acts.needing] == [act.cmd_id]
        assert case(desk, wish.case).kind == "stall"
    assert machine.effects(act.cmd_id) == 0


class Shown(Paper):
    """Gives a cursor token with each answer and in the snapshot, and keeps those that it is shown."""

    def __init__(self) -> None:
        super().__init__(seats()["clerk"])
        self.tokens: list[str | None] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/hello":
            self.tokens.append(request.headers.get("cursor-token"))
        return await super().handle_async_request(request)

    def _applied(self, wish: dict[str, Any]) -> dict[str, Any]:
        return super()._applied(wish) | {"cursor_token": f"{self.epoch}.{self.head + 1}.of-an-answer"}


async def test_what_was_acknowledged_and_not_seen_yet_is_known_after_a_new_start(tmp_path: Path) -> None:
    paper = Shown()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await desk.do(take())
        await until(lambda: [act.delivery for act in desk.acts.open] == [Delivery.SENT])
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
    assert paper.tokens == [None, "1.11.of-an-answer"]


async def test_an_older_answer_does_not_hide_a_newer_place(tmp_path: Path) -> None:
    paper = Shown()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await done_on_paper(desk, paper)
        paper.head = 4
        await done_on_paper(desk, paper)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
    assert paper.tokens[-1] == "1.11.of-an-answer"


async def test_another_platform_is_not_shown_the_token_of_the_former_one(tmp_path: Path) -> None:
    paper, other = Shown(), Shown()
    other.hello_extra = {"seal_key": "b3RoZXIgcGxhdGZvcm0gb2YgdGhlIHNhbWUgbmFtZSE="}
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await done_on_paper(desk, paper)
    async with console(tmp_path, other) as desk:
        await sit(desk, other)
    async with console(tmp_path, other) as desk:
        await sit(desk, other)
        await done_on_paper(desk, other)
    async with console(tmp_path, other) as desk:
        await sit(desk, other)
    assert other.tokens[0] == "1.11.of-an-answer"  # until the hello nobody knows that it is another one
    assert "of-an-answer" not in str(other.tokens[1])


async def test_a_token_that_no_request_could_carry_is_not_kept(tmp_path: Path) -> None:
    paper = Shown()
    paper.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "applied", "seq": 11, "cursor_token": "1.11.x\n"}
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await done_on_paper(desk, paper)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
    assert paper.tokens == [None, None]


async def done_on_paper(desk: Desk, paper: Paper) -> None:
    """An act that the platform has acknowledged."""
    before = len(paper.batches)
    await desk.do(take())
    await until(lambda: len(paper.batches) > before)
    await until(lambda: all(act.delivery is Delivery.SENT for act in desk.acts.open))
