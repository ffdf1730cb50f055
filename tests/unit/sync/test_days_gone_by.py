"""A console that runs for days: what has ended leaves its board, what only waits to be closed does not."""

from dataclasses import replace
from datetime import timedelta

from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Close
from commandcenter.protocol.codec import encode
from tests.kit.console import console, until
from tests.kit.district import NOON
from tests.kit.scripted import Paper, a_case, html, sit


async def test_a_case_whose_closing_waits_for_days_stays_on_the_board_and_one_that_has_ended_leaves(tmp_path):
    paper = Paper()
    ended = replace(a_case("c2"), stage=Stage.CLOSED, ended_at=NOON)
    paper.records += [replace(a_case("c1"), stage=Stage.REPORTED), ended]
    paper.instead["/v1/commands"] = html(502)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await desk.do(Close("c1"))
        for beat in range(60):
            now = NOON + timedelta(days=2, milliseconds=beat)
            paper.say("hb", encode({"head": paper.head, "now": now, "digest": None}))
        paper.put(11, a_case("c3"))
        await until(lambda: desk.board.confirmed("case", "c3") is not None)
        assert desk.board.confirmed("case", "c2") is None
        assert desk.board.confirmed("case", "c1") is not None
        assert [one.stage for one in desk.board.all("case") if one.id == "c1"] == [Stage.CLOSED]
