"""The word of whoever gave an act goes with it: through the journal, over other hands, and to the platform."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from commandcenter.domain.commands import Accept, ApplyReturn, ApproveReturn, Close, Dispatch, Report
from commandcenter.domain.decisions import Refused
from commandcenter.store.overlay import Act
from commandcenter.sync.attestor import Attestor
from tests.kit.console import case, done, idle, seated, until
from tests.kit.shared_seat import Shared


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Shared]:
    async with Shared(tmp_path) as made:
        yield made


async def test_what_an_earlier_program_kept_is_sent_by_its_author_alone(
    shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await shared.filed()
    with monkeypatch.context() as earlier:
        earlier.setattr(Attestor, "attested", lambda self, row: row)
        (left,) = await shared.left("dispatcher", Dispatch(key, "east-urban"))
    desk = await shared.begins_again()
    await shared.sits("shift")
    shared.network.mend()
    seen = desk.decisions.look(left.cmd_id)
    assert seen is not None
    assert await desk.decisions.adopt(left.cmd_id) == seen.adopt == Refused("unattested", left.cmd_id)
    await idle(await shared.sits("dispatcher"))
    assert (await shared.happened(key))[-1] == ("Dispatched", "dispatcher", None)


async def test_an_act_altered_on_the_disk_is_not_taken_over(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    key = await shared.filed()
    (left,) = await shared.left("dispatcher", Dispatch(key, "east-urban"))
    commands = shared.seat._parts.store.commands
    row = commands._rows[left.cmd_id]
    commands._rows[left.cmd_id] = replace(row, args=row.args.replace(b"east-urban", b"east-police"))
    shared.network.mend()
    act = await shared.seat.decisions.adopt(left.cmd_id)
    assert isinstance(act, Act)
    await until(lambda: shared.seat.acts.needing)
    assert shared.seat.acts.needing[0].code == "unattested"
    assert len(await shared.happened(key)) == 2


async def test_what_stands_behind_an_act_of_another_keeps_the_word_of_its_own_author(shared: Shared) -> None:
    key = await shared.filed()
    async with seated(shared.folder / "d", shared.url, "dispatcher") as dispatcher:
        await until(lambda: dispatcher.may(case(dispatcher, key)))
        await done(dispatcher, Dispatch(key, "east-urban"))
    (first,) = await shared.left("east-urban", ApplyReturn(key, "不归我们"))
    (approve,) = await shared.left("dispatcher", ApproveReturn(key))
    desk, commands = shared.seat, shared.seat._parts.store.commands
    shared.network.mend()
    assert isinstance(await desk.decisions.adopt(first.cmd_id), Act)
    await until(lambda: desk.unsent == {"dispatcher": 1})
    (behind,) = [row for row in commands.rows if row.user == "dispatcher"]
    assert behind.cmd_id != approve.cmd_id
    assert behind.attested is not None
    assert behind.attested.act == approve.cmd_id
    assert isinstance(await desk.decisions.adopt(behind.cmd_id), Act)
    await idle(desk)
    assert (await shared.happened(key))[-1] == ("ReturnApproved", "dispatcher", "shift")


async def test_a_journal_holds_no_key_and_a_word_for_each_act(shared: Shared) -> None:
    key = await shared.filed()
    await shared.left("dispatcher", Dispatch(key, "east-urban"))
    attest = shared.seat._parts.attestor
    assert attest.is_required
    with closing(sqlite3.connect(shared.folder / "c" / "journal.db")) as journal:
        ((attested,),) = journal.execute("SELECT attested FROM commands").fetchall()
    assert b'"mac":' in attested
    stored = b"".join(file.read_bytes() for file in (shared.folder / "c").iterdir() if file.is_file())
    assert attest._key is not None
    assert attest._key not in stored


async def test_who_took_over_an_act_is_told_at_once_that_somebody_else_closes(shared: Shared) -> None:
    key = await shared.filed(kind="stall")
    async with seated(shared.folder / "d", shared.url, "dispatcher") as dispatcher:
        await until(lambda: dispatcher.may(case(dispatcher, key)))
        await done(dispatcher, Dispatch(key, "east-urban"))
    accept, _ = await shared.left("east-urban", Accept(key), Report(key, "已劝离"))
    desk = shared.seat
    shared.network.mend()
    assert isinstance(await desk.decisions.adopt(accept.cmd_id), Act)
    assert await desk.do(Close(key)) == Refused("adopted_by_you", key)  # while it waits
    await idle(desk)
    await until(lambda: case(desk, key).stage == "reported")
    assert await desk.do(Close(key)) == Refused("adopted_by_you", key)  # when it is done
    await shared.begins_again()
    desk = await shared.sits("shift")
    assert await desk.do(Close(key)) == Refused("adopted_by_you", key)  # and after a start
    other = await shared.shift.do(Close(key))
    assert other == Refused("adopted_by_you", key)  # the same person at another seat, to which the frames told it
    await done(shared.clerk, Close(key))
