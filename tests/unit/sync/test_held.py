"""What becomes of acts while the platform cannot be asked: held by name alone, dropped and yet done."""

from dataclasses import replace

from commandcenter.cache.journal_row import RowState
from commandcenter.domain.commands import File
from tests.kit.console import console, until
from tests.kit.scripted import Paper, a_case, problem, sit


def busy(_batch: object):
    return problem(503, "busy", **{"retry-after": "600"})


def filing(*keys: str) -> Paper:
    """A platform that has no time for commands on its cases."""
    paper = Paper()
    paper.records += [a_case(key) for key in keys]
    paper.refuse = busy
    return paper


async def test_of_several_acts_those_alone_are_held_that_are_named(tmp_path):
    paper = filing("c1", "c2")
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        first, second = [await desk.do(File(key)) for key in ("c1", "c2")]
        await desk._parts.store.hold({second.cmd_id: ("old", "dispatch"), "no act of ours": ("old", "")})
        told = {row.cmd_id: (row.state, row.code) for row in desk._parts.store.commands.rows}
        assert told[first.cmd_id][0] is not RowState.HELD
        assert told[second.cmd_id] == (RowState.HELD, "old")
        await desk._parts.store.hold({second.cmd_id: ("held", first.cmd_id)})
        assert {row.cmd_id: row.code for row in desk._parts.store.commands.rows}[second.cmd_id] == "old"


async def test_what_was_dropped_and_yet_took_effect_is_done_after_a_new_start_too(tmp_path):
    paper = filing("c1")
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        await desk._parts.store.move([replace(row, state=RowState.DROPPED) for row in desk._parts.store.commands.rows])
        assert desk.acts.open == ()
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.put(11, a_case("c1", rev=2), cmd_id=act.cmd_id)
        await until(lambda: desk.board.find("case", "c1").rev == 2)
        await until(lambda: [(one.cmd_id, one.state) for one in desk.acts.recent] == [(act.cmd_id, "done")])
