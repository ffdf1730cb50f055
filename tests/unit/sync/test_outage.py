"""The hall goes on when the network does not: kept, sent once, done once."""

import asyncio
import json
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Accept, ApplyReturn, ApproveReturn, Dispatch, File, Report
from commandcenter.store.overlay import Act, Delivery
from tests.kit.console import Wire, case, console, done, hall, idle, live, seated, take, until
from tests.kit.district import PASSWORD

ROOT = Path(__file__).resolve().parents[3]


async def test_what_is_done_offline_is_shown_at_once_and_done_once_when_the_network_is_back(tmp_path):
    network = Wire()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "clerk", network) as clerk,
        seated(tmp_path / "b", url, "shift") as other,
    ):
        network.cut()
        await until(lambda: clerk.connection.state == "waiting")
        assert clerk.connection.stale
        wishes = [take() for _ in range(5)]
        acts = [await clerk.do(wish) for wish in wishes]
        assert all(isinstance(act, Act) and act.delivery is Delivery.KEPT for act in acts)
        assert clerk.unsent == {"clerk": 5}
        assert case(clerk, wishes[0].case).number is None
        network.mend()
        await idle(clerk)
        assert clerk.unsent == {}
        await until(lambda: all(other.board.find("case", wish.case) for wish in wishes))
        assert sorted(case(other, wish.case).number for wish in wishes) == [
            case(clerk, wish.case).number for wish in wishes
        ]
        assert [act.cmd_id for act in clerk.acts.recent] == [act.cmd_id for act in acts]


async def test_an_answer_that_got_lost_changes_nothing(tmp_path):
    network = Wire()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "clerk", network) as clerk,
    ):
        network.lose_answers = True
        wish = take()
        act = await clerk.do(wish)
        await until(lambda: case(clerk, wish.case).number)
        network.lose_answers = False
        await idle(clerk)
        again = take()
        await done(clerk, again)
        assert case(clerk, again.case).number > case(clerk, wish.case).number
        assert case(clerk, wish.case).rev == 1
        assert [one.cmd_id for one in clerk.acts.recent].count(act.cmd_id) == 1


async def test_an_answer_lost_together_with_the_stream_is_given_again_without_a_second_effect(tmp_path):
    network = Wire()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "clerk", network) as clerk,
        seated(tmp_path / "b", url, "shift") as other,
    ):
        wish = take()
        network.lose_answers = True
        network.instead = lambda request: network.cut() if request.url.path == "/v1/hello" else None
        await clerk.do(wish)
        await until(lambda: other.board.find("case", wish.case))
        network.cut()
        await until(lambda: clerk.connection.state == "waiting")
        network.mend()
        await idle(clerk)
        assert case(clerk, wish.case) == case(other, wish.case)


async def test_the_pending_mark_is_lifted_exactly_once_and_nothing_flickers(tmp_path):
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "clerk") as clerk,
        seated(tmp_path / "b", url, "shift") as shift,
    ):
        wish = take()
        await done(clerk, wish)
        await until(lambda: shift.board.find("case", wish.case))
        seen = []
        shift.board.changed.connect(
            lambda touched: seen.append((case(shift, wish.case).stage, shift.board.delivery("case", wish.case)))
        )
        await done(shift, File(wish.case))
        assert {stage for stage, _ in seen} == {Stage.FILED}
        order = [delivery for _, delivery in seen]
        assert order[0] is Delivery.KEPT
        assert order[-1] is Delivery.DONE
        assert sum(a is not Delivery.DONE and b is Delivery.DONE for a, b in pairwise(order)) == 1
        assert Delivery.NEEDS_YOU not in order


async def test_a_conflict_waits_for_the_person_while_other_cases_go_on(tmp_path):
    network = Wire()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "clerk") as clerk,
        seated(tmp_path / "b", url, "shift") as shift,
        seated(tmp_path / "c", url, "dispatcher", network) as mine,
        seated(tmp_path / "d", url, "east-desk") as theirs,
    ):
        one, two = take(), take()
        for wish in (one, two):
            await done(clerk, wish)
            await until(lambda wish=wish: shift.board.find("case", wish.case))
            await done(shift, File(wish.case))
        await until(lambda: all(case(mine, wish.case).stage is Stage.FILED for wish in (one, two)))
        network.cut()
        first = await mine.do(Dispatch(one.case, "east-urban"))
        second = await mine.do(Dispatch(two.case, "housing"))
        await done(theirs, Dispatch(one.case, "east-police"))
        network.mend()
        await until(lambda: mine.acts.find(second.cmd_id) is None)
        (act,) = mine.acts.needing
        assert (act.cmd_id, act.code, act.about) == (first.cmd_id, "changed", "dispatched")
        assert mine.board.delivery("case", one.case) is Delivery.NEEDS_YOU
        await until(lambda: case(mine, one.case).responsible == "east-police")
        assert case(mine, two.case).responsible == "housing"
        await mine.decisions.drop(first.cmd_id)
        assert mine.acts.open == ()
        assert mine.board.delivery("case", one.case) is Delivery.DONE


async def test_what_stands_behind_a_refused_act_is_held_on_that_record_only(tmp_path):
    network = Wire()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "a", url, "clerk") as clerk,
        seated(tmp_path / "b", url, "shift") as shift,
        seated(tmp_path / "c", url, "dispatcher") as dispatcher,
        seated(tmp_path / "d", url, "east-urban", network) as unit,
        seated(tmp_path / "e", url, "east-urban") as colleague,
    ):
        lost, kept = take(), take()
        for wish in (lost, kept):
            await done(clerk, wish)
            await until(lambda wish=wish: shift.board.find("case", wish.case))
            await done(shift, File(wish.case))
            await until(lambda wish=wish: case(dispatcher, wish.case).stage is Stage.FILED)
            await done(dispatcher, Dispatch(wish.case, "east-urban"))
        await until(lambda: unit.board.find("case", kept.case))
        network.cut()
        accept = await unit.do(Accept(lost.case))
        report = await unit.do(Report(lost.case, "已抽干"))
        other = await unit.do(Accept(kept.case))
        await done(colleague, ApplyReturn(lost.case, "不属本队"))
        await until(lambda: case(dispatcher, lost.case).application)
        await done(dispatcher, ApproveReturn(lost.case))
        network.mend()
        await until(lambda: unit.acts.find(other.cmd_id) is None)
        needing = {act.cmd_id: act.code for act in unit.acts.needing}
        assert set(needing) == {accept.cmd_id, report.cmd_id}
        assert needing[report.cmd_id] == "held"
        await until(lambda: unit.board.find("case", lost.case) is None)
        assert (await unit.decisions.again(report.cmd_id)).code == "held"
        assert (await unit.decisions.again(accept.cmd_id)).code == "unknown_case"
        assert await unit.decisions.drop(accept.cmd_id) is None
        (left,) = unit.acts.needing
        assert (left.cmd_id, left.code) == (report.cmd_id, "unknown_case")
        assert await unit.decisions.drop(report.cmd_id) is None
        assert unit.acts.open == ()


async def test_kept_is_on_disk_before_it_is_said_and_leaves_after_the_next_start(tmp_path):
    async with hall(tmp_path / "platform") as url:
        profile = tmp_path / "console"
        child = await _killed_after_do(profile, url)
        async with console(profile) as desk:
            (act,) = desk.acts.open
            assert (act.cmd_id, act.delivery) == (child["cmd_id"], Delivery.KEPT)
            assert case(desk, child["case"]).stage is Stage.RECEIVED
            assert desk.unsent == {"clerk": 1}
            await desk.user.sign_in(url, "clerk", PASSWORD)
            await live(desk)
            await idle(desk)
            assert case(desk, child["case"]).number


async def _killed_after_do(profile: Path, url: str) -> dict[str, str]:

    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _CHILD, str(profile), url, cwd=ROOT, stdout=subprocess.PIPE
    )
    said, _ = await child.communicate()
    assert child.returncode == -signal.SIGKILL
    return json.loads(said)


_CHILD = f"""
import asyncio, json, os, sys
from pathlib import Path
from tests.kit.console import Wire, seated, take

async def main(profile, url):
    wire = Wire()
    async with seated(Path(profile), url, "clerk", wire) as desk:
        wire.cut()
        wish = take()
        act = await desk.do(wish)
        print(json.dumps({{"cmd_id": act.cmd_id, "case": wish.case}}), flush=True)
        os.kill(os.getpid(), {int(signal.SIGKILL)})

asyncio.run(main(*sys.argv[1:]))
"""
