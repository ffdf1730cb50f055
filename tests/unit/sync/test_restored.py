"""After a restore of the platform: what it had acknowledged and lost is offered again, wherever one sat meanwhile."""

import asyncio
from dataclasses import replace

from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import RowState
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import File
from tests.kit.console import console, until
from tests.kit.district import seats
from tests.kit.scripted import URL, Paper, a_case, sit


async def test_a_seat_in_another_district_of_the_same_epoch_hides_no_restore(tmp_path):
    here, elsewhere, restored = Paper(), Paper(seats("d2")["shift"]), Paper()
    here.records.append(a_case())
    elsewhere.epoch, elsewhere.hello_extra = 2, {"district": "d2", "bases": {"1": 0, "2": 5}}
    restored.records.append(a_case())
    restored.epoch, restored.bases = 2, {"1": 0, "2": 10}
    async with console(tmp_path, here) as desk:
        await sit(desk, here)
        act = await desk.do(File("c1"))
        here.put(11, replace(a_case(rev=2), stage=Stage.FILED), cmd_id=act.cmd_id)
        await until(lambda: desk.acts.open == ())
    turns = Turns(elsewhere)
    async with console(tmp_path, turns) as desk:
        await sit(desk, elsewhere)
        turns.to = restored
        await sit(desk, restored)
        await until(lambda: restored.batches)
        assert [wish["cmd_id"] for wish in restored.batches[0]["commands"]] == [act.cmd_id]
        assert [one.cmd_id for one in desk.acts.recent] == [act.cmd_id]


async def test_who_is_signed_in_twice_at_once_after_a_restore_loses_nothing_that_it_took_back(tmp_path, monkeypatch):
    here, restored = Paper(), Paper()
    for paper in (here, restored):
        paper.records.append(a_case())
    restored.epoch, restored.bases = 2, {"1": 0, "2": 10}
    turns, written, goes_on, move = Turns(here), asyncio.Event(), asyncio.Event(), Journal.move

    async def slow(journal, rows, **how):
        await move(journal, rows, **how)
        if any(row.state is RowState.KEPT for row in rows):
            written.set()
            await goes_on.wait()

    async with console(tmp_path, turns) as desk:
        await sit(desk, here)
        act = await desk.do(File("c1"))
        here.put(11, replace(a_case(rev=2), stage=Stage.FILED), cmd_id=act.cmd_id)
        await until(lambda: desk.acts.open == ())
        monkeypatch.setattr(Journal, "move", slow)
        turns.to = restored
        await desk.user.sign_in(URL, "shift", "x")
        await written.wait()
        again = asyncio.ensure_future(desk.user.sign_in(URL, "shift", "x"))
        await until(lambda: restored.asked.count("/v1/sign-out") == 2)  # the former one's connection has been ended
        goes_on.set()
        await again
        await until(lambda: restored.batches)
        assert [wish["cmd_id"] for wish in restored.batches[0]["commands"]] == [act.cmd_id]
        assert [entry.about for entry in desk.connection.log if entry.code == "restored"] == ["1"]


class Turns(Paper):
    """One network, on which another platform answers from one moment on."""

    def __init__(self, to: Paper) -> None:
        super().__init__()
        self.to = to

    async def handle_async_request(self, request):
        return await self.to.handle_async_request(request)
