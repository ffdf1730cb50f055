"""After a restore of the platform: what it had acknowledged and lost is offered again, wherever one sat meanwhile."""

from dataclasses import replace

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import File
from tests.kit.console import console, until
from tests.kit.district import seats
from tests.kit.scripted import Paper, a_case, sit


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


class Turns(Paper):
    """One network, on which another platform answers from one moment on."""

    def __init__(self, to: Paper) -> None:
        super().__init__()
        self.to = to

    async def handle_async_request(self, request):
        return await self.to.handle_async_request(request)
