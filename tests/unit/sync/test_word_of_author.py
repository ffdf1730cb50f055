"""The word of whoever gives an act is theirs, also while another is sitting down in their place."""

import asyncio
from pathlib import Path

import httpx

from commandcenter.domain.commands import File
from commandcenter.store.overlay import Act
from tests.kit.console import console, until
from tests.kit.district import seats
from tests.kit.journaled import KEY
from tests.kit.scripted import URL, Paper, a_case, jsoned, sit
from tests.kit.slow_disk import Gate, gate, opened


class Vouching(Paper):
    """A platform that gives a key with its tokens."""

    def _tokens(self) -> httpx.Response:
        return jsoned(super()._tokens().json() | {"attest": KEY})


async def test_an_act_that_is_given_while_another_sits_down_has_the_word_of_its_author(tmp_path: Path) -> None:
    paper = Vouching()
    paper.records.append(a_case("c1"))
    async with console(tmp_path, paper, worker=Gate) as desk, opened(desk):  # type: ignore[arg-type]
        await sit(desk, paper)
        gate(desk).open.clear()
        paper.put(11, a_case("c2"))
        await until(lambda: gate(desk).waiting)  # the board is being written, and goes only then
        paper.seat = seats()["dispatcher"]
        signing_in = asyncio.create_task(desk.user.sign_in(URL, "dispatcher", "x"))
        await until(lambda: desk._parts.loop._running is None)
        act = await desk.do(File("c1"))
        gate(desk).open.set()
        await signing_in
        (row,) = desk._parts.store.commands.rows
        assert isinstance(act, Act), act
        assert (row.cmd_id, row.user, row.attested is not None) == (act.cmd_id, "shift", True)
