"""A power cut: the journal is flushed at each step, the mirror is not, and comes back as it was some time before."""

import shutil
from dataclasses import replace
from pathlib import Path

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import File, Take
from commandcenter.store.overlay import Act, Delivery
from tests.kit.console import Wire, case, console, done, hall, idle, live, seated, take, until
from tests.kit.district import PASSWORD
from tests.kit.scripted import Paper, a_case, sit


def cut_the_power(folder: Path, flushed: Path) -> None:
    """The mirror is what `flushed` has of it."""
    for name in ("cache.db", "cache.db-wal", "cache.db-shm"):
        (folder / name).unlink(missing_ok=True)
        if (flushed / name).exists():
            shutil.copy(flushed / name, folder / name)


async def filed(folder: Path, url: str) -> tuple[Take, Act]:
    """A case taken, then filed at the seat in `a`, whose files were flushed for the last time before, as in `then`."""
    async with seated(folder / "b", url, "clerk") as clerk:
        wish = take()
        await done(clerk, wish)
    async with seated(folder / "a", url, "shift") as desk:
        await until(lambda: desk.board.find("case", wish.case))
        shutil.copytree(folder / "a", folder / "then")
        return wish, await done(desk, File(wish.case))


async def test_a_done_act_that_the_mirror_lost_is_shown_as_delivered_and_done_when_it_is_seen_again(tmp_path):
    async with hall(tmp_path / "p") as url:
        wish, act = await filed(tmp_path, url)
        cut_the_power(tmp_path / "a", tmp_path / "then")
        network = Wire()
        async with console(tmp_path / "a", network) as desk:
            assert case(desk, wish.case).stage is Stage.FILED
            assert [(one.cmd_id, one.delivery) for one in desk.acts.open] == [(act.cmd_id, Delivery.SENT)]
            await desk.user.sign_in(url, "shift", PASSWORD)
            await live(desk)
            assert "file" not in desk.may(case(desk, wish.case))
            await idle(desk)
            assert ("POST", "/v1/commands") not in network.sent
            assert desk.board.confirmed("case", wish.case).stage is Stage.FILED
            assert [(one.cmd_id, one.state) for one in desk.acts.recent] == [(act.cmd_id, "done")]


async def test_what_a_power_cut_took_from_the_mirror_of_whoever_sat_here_before_is_on_its_way_again(tmp_path):
    async with hall(tmp_path / "p") as url:
        wish, act = await filed(tmp_path, url)
        async with seated(tmp_path / "a", url, "clerk") as desk:
            await done(desk, take())
        cut_the_power(tmp_path / "a", tmp_path / "then")
        async with console(tmp_path / "a") as desk:
            assert case(desk, wish.case).stage is Stage.FILED
            assert [(one.cmd_id, one.delivery) for one in desk.acts.open] == [(act.cmd_id, Delivery.SENT)]
            await desk.user.sign_in(url, "shift", PASSWORD)
            await live(desk)
            await idle(desk)
            assert desk.board.confirmed("case", wish.case).stage is Stage.FILED
            assert {one.state for one in desk.acts.recent} == {"done"}


async def test_an_act_whose_effect_lies_out_of_sight_is_done_after_a_restart_as_before(tmp_path):
    paper = Paper()
    paper.records += [a_case("c1"), a_case("c2")]
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        seen = await desk.do(File("c2"))
        paper.put(11, replace(a_case("c2", rev=2), stage=Stage.FILED), cmd_id=seen.cmd_id)
        await idle(desk)
        paper.head = 40
        beyond = await desk.do(File("c1"))  # its effect is at 41, where this seat is told nothing
        await until(lambda: desk.acts.find(beyond.cmd_id).delivery is Delivery.SENT)
        paper.beat(11)
        paper.beat(11)
        await idle(desk)
    async with console(tmp_path) as desk:
        assert desk.acts.open == ()
        assert [one.state for one in desk.acts.recent] == ["done", "done"]


async def test_an_act_whose_effect_the_mirror_has_is_done_at_the_start_though_the_end_came_before_the_journal(tmp_path):
    paper = Paper()
    paper.records.append(a_case("c1"))
    async with console(tmp_path / "a", paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        await until(lambda: desk.acts.find(act.cmd_id).delivery is Delivery.SENT)
        shutil.copytree(tmp_path / "a", tmp_path / "then")
        paper.put(11, replace(a_case("c1", rev=2), stage=Stage.FILED), cmd_id=act.cmd_id)
        await idle(desk)
    cut_the_power(tmp_path / "then", tmp_path / "a")
    async with console(tmp_path / "then") as desk:
        assert desk.board.confirmed("case", "c1").stage is Stage.FILED
        assert desk.acts.open == ()
        assert [(one.cmd_id, one.state) for one in desk.acts.recent] == [(act.cmd_id, "done")]
