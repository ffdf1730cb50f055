"""撤回: what was dispatched is taken back, and says why; what the holder did meanwhile is not lost over it."""

from pathlib import Path

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Accept, Dispatch, File
from commandcenter.domain.commands.dispatching import Recall
from commandcenter.domain.decisions import Refused
from commandcenter.sync.queries import HistoryQuery
from tests.kit.console import Wire, case, console, done, hall, live, seated, take, until
from tests.kit.district import PASSWORD


async def _dispatched(folder: Path, url: str) -> str:
    async with seated(folder / "clerk", url, "clerk") as clerk:
        key = (await done(clerk, take())).ref[1]
    async with seated(folder / "shift", url, "shift") as shift:
        await until(lambda: shift.board.find("case", key))
        await done(shift, File(key))
    async with seated(folder / "dispatcher", url, "dispatcher") as desk:
        await until(lambda: "dispatch" in desk.may(case(desk, key)))
        await done(desk, Dispatch(key, "east-urban"))
    return key


async def test_a_recalled_case_leaves_its_holder_and_can_be_dispatched_to_another(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        key = await _dispatched(tmp_path, url)
        async with (
            seated(tmp_path / "east-urban", url, "east-urban") as unit,
            seated(tmp_path / "dispatcher", url, "dispatcher") as desk,
        ):
            await until(lambda: unit.board.find("case", key))
            assert "recall" not in unit.may(case(unit, key))
            await done(desk, Recall(key, "派错了，应为派出所"))
            await until(lambda: unit.board.find("case", key) is None)
            found = case(desk, key)
            assert (found.stage, found.responsible, found.dispatched_at) == (Stage.FILED, None, None)
            assert found.due is not None  # the limit runs on
            await done(desk, Dispatch(key, "east-police"))
            told = await desk.ask(HistoryQuery(key))
            assert [getattr(fact, "reason", None) for fact in told][-2:] == ["派错了，应为派出所", None]


async def test_recalled_without_a_network_it_asks_if_the_holder_accepted_it_meanwhile(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        key = await _dispatched(tmp_path, url)
        network = Wire()
        async with console(tmp_path / "dispatcher", network) as desk:
            await desk.user.sign_in(url, "dispatcher", PASSWORD)
            await live(desk)
            network.cut()
            assert not isinstance(await desk.do(Recall(key, "派错了")), Refused)
            assert case(desk, key).stage is Stage.FILED  # shown at once
            async with seated(tmp_path / "east-urban", url, "east-urban") as unit:
                await until(lambda: unit.board.find("case", key))
                await done(unit, Accept(key))
            network.mend()
            await until(lambda: desk.acts.needing)
            assert [(act.name, act.code) for act in desk.acts.needing] == [("recall", "changed")]
            await until(lambda: case(desk, key).stage is Stage.HANDLING)


async def test_a_recall_says_why_and_holds_no_telephone(tmp_path: Path) -> None:
    async with hall(tmp_path / "p") as url:
        key = await _dispatched(tmp_path, url)
        async with seated(tmp_path / "dispatcher", url, "dispatcher") as desk:
            await until(lambda: "recall" in desk.may(case(desk, key)))
            for reason, code in (("  ", "nothing_said"), ("打 13812345678", "personal_number")):
                refused = await desk.do(Recall(key, reason))
                assert isinstance(refused, Refused)
                assert (refused.code, refused.about) == (code, "reason")
