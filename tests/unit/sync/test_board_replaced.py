"""A board that another takes the place of, or nothing: what pends on it, and what the next start knows of it."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from commandcenter.cache.faults import DiskFault
from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import RowState
from commandcenter.cache.mirror import MirrorPosition
from commandcenter.domain.cases import Stage
from commandcenter.domain.commands import Accept
from commandcenter.domain.decisions import decide
from commandcenter.domain.facts import Accepted
from commandcenter.sync.board_owner import BoardOwner, OwnerChanged
from commandcenter.sync.desk import Desk
from tests.kit.console import console, take, until
from tests.kit.district import NOON
from tests.kit.inline_worker import InlineWorker
from tests.kit.journaled import CLERK, UNIT, dispatched
from tests.kit.scripted import SEAL_KEY, Paper, a_case, sit
from tests.kit.slow_disk import Gate, gate, opened
from tests.unit.sync.test_board_written import AT, came, cases, desk, hello, put, stage, stands

__all__ = ["desk"]  # a fixture


class Marking(Paper):
    """A platform that gives a word for the place that its snapshot stands at."""

    def _snapshot(self) -> bytes:
        head, rest = super()._snapshot().split(b"\n", 1)
        return head[:-1] + b',"cursor_token":"ten"}\n' + rest


async def test_a_snapshot_is_shown_whole_and_known_at_the_next_start(tmp_path: Path) -> None:
    paper, told = Marking(), []
    paper.records.append(a_case("c1"))
    count = len(paper.records)
    async with console(tmp_path, paper, worker=lambda name: InlineWorker()) as desk:  # type: ignore[arg-type]
        desk.connection.changed.connect(lambda _: told.append((desk.connection.progress, cases(desk))))
        await sit(desk, paper)
        standing = MirrorPosition("shift", "d1", SEAL_KEY, 1, 1, 10, "ten")
        assert (desk.position.at, cases(desk)) == (standing, ["c1"])
        assert ((count, count), []) in told  # all of it has come, and nothing of it is seen before it is proven
        assert desk._parts.store.tokens.newest("d1") == "ten"
    async with console(tmp_path, Paper(), worker=lambda name: InlineWorker()) as desk:  # type: ignore[arg-type]
        assert (desk.position.at, cases(desk)) == (standing, ["c1"])


@pytest.mark.parametrize("other", [{"epoch": 2}, {"scope_ver": 2}])
async def test_a_snapshot_of_another_log_or_scope_than_the_hello_is_not_shown(
    tmp_path: Path, other: dict[str, int]
) -> None:
    paper, strange = Paper(), Paper()
    paper.records.append(a_case("c1"))
    strange.records.append(a_case("c2"))
    for name, number in other.items():
        setattr(strange, name, number)
    media = {"content-type": "application/x-ndjson"}
    answers = [httpx.Response(200, headers=media, content=strange._snapshot())]
    paper.instead["/v1/snapshot"] = answers
    async with console(tmp_path, paper) as desk:  # type: ignore[arg-type]
        seen: list[list[str]] = []
        desk.board.changed.connect(lambda _: seen.append(cases(desk)))
        await sit(desk, paper)
        assert answers == []
        assert desk.position.at == MirrorPosition("shift", "d1", SEAL_KEY, 1, 1, 10, "")
        assert seen[-1] == ["c1"]
        assert ("scope" in [entry.code for entry in desk.connection.log]) is ("scope_ver" in other)
        assert not any("c2" in shown for shown in seen)


async def test_nobody_writes_before_they_sat_down_and_who_sits_down_again_sees_their_board(tmp_path: Path) -> None:
    async with console(tmp_path, Paper(), worker=lambda name: InlineWorker()) as desk:  # type: ignore[arg-type]
        inbound = desk._parts.inbound
        with pytest.raises(OwnerChanged):
            await inbound.apply(BoardOwner("shift", "d1", SEAL_KEY), [put(11, a_case("c1"))])
        desk.seat = await inbound.seat("shift", "d1", SEAL_KEY)  # type: ignore[attr-defined]
        await stands(desk, AT, a_case("c1"))
        await inbound.seat("shift", "d1", SEAL_KEY)
        assert (cases(desk), desk.position.at) == (["c1"], AT)
        await inbound.seat("dispatcher", "d1", SEAL_KEY)
        assert (cases(desk), desk.position.at) == ([], None)


async def test_a_board_that_is_forgotten_is_empty_whatever_pends_and_so_is_the_next_start(tmp_path: Path) -> None:
    async with console(tmp_path, Paper(), worker=Gate) as desk, opened(desk):  # type: ignore[arg-type]
        desk.seat = await desk._parts.inbound.seat("clerk", "d1", SEAL_KEY)  # type: ignore[attr-defined]
        await stands(desk, AT, a_case("c1"))
        store, wish = desk._parts.store, take(case="c2")
        facts = decide(desk.board, wish, CLERK, NOON)
        await store.keep(wish, CLERK, facts, store.display.current_view_for(wish))  # type: ignore[arg-type]
        assert cases(desk) == ["c1", "c2"]
        told: list[MirrorPosition | None] = []
        desk.board.changed.connect(lambda _: told.append(desk.position.at))
        gate(desk).open.clear()
        forgetting = asyncio.create_task(desk._parts.inbound.forget("whatever"))
        await until(lambda: gate(desk).waiting)  # however slow the disk is
        assert (cases(desk), set(told)) == ([], {None})
        gate(desk).open.set()
        await forgetting
    async with console(tmp_path, Paper(), worker=lambda name: InlineWorker()) as desk:  # type: ignore[arg-type]
        assert (cases(desk), desk.position.at) == ([], None)


async def test_an_effect_that_a_restore_has_undone_is_pending_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise DiskFault("full")

    store, wish = desk._parts.store, Accept("c1")
    assert await came(desk, put(11, dispatched("c1"))) is None
    act = await store.keep(wish, UNIT, (Accepted("c1", "east-urban", NOON),), store.display.current_view_for(wish))
    with monkeypatch.context() as patch:
        patch.setattr(Journal, "move", full)  # so that it is not done yet
        assert await came(desk, put(12, dispatched("c1", 4), cmd_id=act.cmd_id)) is None
    assert stage(desk) is Stage.DISPATCHED  # as the platform says: the act is part of it
    await stands(desk, MirrorPosition("shift", "d1", SEAL_KEY, 2, 1, 5), dispatched("c1"))
    assert (store.display.epoch, stage(desk)) == (2, Stage.HANDLING)


async def test_the_word_for_a_place_is_kept_with_what_became_of_an_act_and_outlives_the_cache(tmp_path: Path) -> None:
    async with console(tmp_path, Paper(), worker=lambda name: InlineWorker()) as desk:  # type: ignore[arg-type]
        desk.seat = await desk._parts.inbound.seat("shift", "d1", SEAL_KEY)  # type: ignore[attr-defined]
        await stands(desk, AT, dispatched("c1"))
        store, wish = desk._parts.store, Accept("c1")
        await store.keep(wish, UNIT, (), store.display.current_view_for(wish))
        (row,) = store.commands.rows
        await store.move([sent(row, 12)])
        await stands(desk, MirrorPosition("shift", "d1", SEAL_KEY, 1, 1, 12, "twelve"), dispatched("c1"))
        assert [one.state for one in desk.acts.recent] == ["done"]
    (tmp_path / "cache.db").unlink()
    async with console(tmp_path, Paper(), worker=lambda name: InlineWorker()) as desk:  # type: ignore[arg-type]
        assert desk.position.at is None
        assert desk._parts.store.tokens.newest("d1") == "twelve"


def sent(row: Any, seq: int) -> Any:
    """`row`, acknowledged at `seq`."""
    return replace(row, state=RowState.SENT, epoch=1, seq=seq)


async def test_the_platforms_clock_and_the_days_on_which_it_was_heard_are_kept_in_the_journal(tmp_path: Path) -> None:
    def kept() -> set[str]:
        with closing(sqlite3.connect(tmp_path / "journal.db")) as journal:
            return {key.partition(":")[0] for (key,) in journal.execute("SELECT key FROM meta")}

    async with console(tmp_path, Paper(), worker=lambda name: InlineWorker()) as desk:  # type: ignore[arg-type]
        inbound = desk._parts.inbound
        seat = await inbound.seat("shift", "d1", SEAL_KEY)
        await inbound.clear_out(seat)
        assert not {"clock", "heard"} & kept()  # nothing was heard
        await inbound.promised(hello())
        assert {"clock", "heard"} & kept() == {"clock"}
        await inbound.clear_out(seat)
        assert {"clock", "heard"} <= kept()
