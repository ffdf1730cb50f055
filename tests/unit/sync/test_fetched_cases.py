"""What was fetched follows the stream, outlives no sight of it, and costs neither the board's lists nor its digest."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import Close
from commandcenter.domain.commands.reopening import Reopen
from commandcenter.domain.decisions import Refused
from commandcenter.domain.records import kind_of
from commandcenter.protocol.codec import encode, record_bytes, record_envelope
from commandcenter.protocol.digest import board_digest
from commandcenter.store.fetched import ASKING, UNKNOWN
from commandcenter.store.overlay import Act
from commandcenter.sync.desk import Desk
from tests.kit.console import case, console, until
from tests.kit.district import NOON
from tests.kit.scripted import Paper, a_case, html, jsoned, problem, sit

PATH = "/v1/cases/c1"
LONG_AGO = NOON - timedelta(days=30)
OLD = replace(a_case(rev=6), stage=Stage.CLOSED, responsible="east-urban", ended_at=LONG_AGO)


def answer(said: Case) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": "application/json"}, content=record_bytes(said))


def archive(*answers: Any) -> Paper:
    """A platform that answers each request for the case c1 with the next of `answers`."""
    paper = Paper()
    paper.instead[PATH] = list(answers)
    return paper


async def at_hand(desk: Desk) -> Case:
    desk.lookup.look_at("c1")
    await until(lambda: desk.board.find("case", "c1"))
    return case(desk, "c1")


def evicted(paper: Paper, seq: int) -> None:
    said = {"seq": seq, "prev": seq - 1, "records": [{"kind": "case", "id": "c1"}]}
    paper.say("evict", encode(said), key=f"1:{seq}")


async def test_a_case_of_an_earlier_day_is_out_of_reach_until_somebody_has_signed_in(tmp_path: Path) -> None:
    paper = archive(answer(OLD))
    async with console(tmp_path, paper) as desk:
        desk.lookup.look_at("c1")
        assert (desk.board.fetched.why_missing, paper.asked) == ("offline", [])
        await sit(desk, paper)
        await until(lambda: desk.board.find("case", "c1") == OLD)


async def test_another_who_reopens_it_meanwhile_brings_it_into_the_lists(tmp_path: Path) -> None:
    paper = archive(answer(OLD))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        assert await at_hand(desk) == OLD
        assert len(desk.board.cases) == 0
        paper.put(11, replace(OLD, rev=7, stage=Stage.HANDLING, ended_at=None))
        await until(lambda: len(desk.board.cases) == 1)
        assert case(desk, "c1").stage is Stage.HANDLING
        assert desk.board.fetched.refs == ()
        desk.lookup.look_at(None)
        assert case(desk, "c1").rev == 7  # it is live: it stays


async def test_what_may_not_be_seen_any_more_is_gone_and_is_not_asked_for_again(tmp_path: Path) -> None:
    paper = archive(answer(OLD), problem(404, "unknown"))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await at_hand(desk)
        evicted(paper, 11)
        await until(lambda: desk.board.find("case", "c1") is None)
        paper.put(12, a_case("c2"))
        await until(lambda: desk.board.find("case", "c2"))
        assert desk.board.fetched.why_missing == UNKNOWN
        assert paper.asked.count(PATH) == 1  # asking would stand in the audit as if somebody had tried


async def test_a_live_case_that_may_not_be_seen_any_more_is_not_asked_for(tmp_path: Path) -> None:
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        desk.lookup.look_at("c1")
        evicted(paper, 11)
        for seq in (12, 13):
            paper.put(seq, a_case(f"c{seq}"))
        await until(lambda: desk.board.find("case", "c13"))
        assert (desk.board.fetched.why_missing, paper.asked.count(PATH)) == (UNKNOWN, 0)


async def test_an_open_case_that_the_stream_has_not_brought_yet_is_waited_for(tmp_path: Path) -> None:
    paper = archive(answer(a_case(rev=3)))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        desk.lookup.look_at("c1")
        await until(lambda: PATH in paper.asked)
        await until(lambda: "fetch a case" not in desk.tasks.names())
        assert (desk.board.find("case", "c1"), desk.board.fetched.why_missing) == (None, ASKING)
        paper.put(11, a_case(rev=3))
        await until(lambda: desk.board.find("case", "c1"))
        assert paper.asked.count(PATH) == 1


async def test_a_case_read_by_another_role_than_the_board_is_not_shown_and_is_asked_for_beside_the_next(
    tmp_path: Path,
) -> None:
    other, same = answer(replace(OLD, text="")), answer(OLD)
    other.headers["scope-version"], same.headers["scope-version"] = "2", "3"
    paper = archive(other, same)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        desk.lookup.look_at("c1")
        await until(lambda: desk.board.fetched.why_missing == "scope")
        assert desk.board.find("case", "c1") is None
        paper.scope_ver = 3
        paper.say("scope", encode({"scope_ver": 3}))
        await until(lambda: desk.board.find("case", "c1"))
        assert (case(desk, "c1").text, paper.asked.count(PATH)) == (OLD.text, 2)


async def test_an_answer_that_a_frame_overtook_is_asked_for_again(tmp_path: Path) -> None:
    comes = asyncio.Event()

    class Slow(Paper):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            found = await super().handle_async_request(request)
            if request.url.path == PATH:
                await comes.wait()
            return found

    paper = Slow()
    paper.instead[PATH] = [answer(OLD), problem(404, "unknown")]
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        desk.lookup.look_at("c1")
        await until(lambda: PATH in paper.asked)
        evicted(paper, 11)
        paper.put(12, a_case("c2"))
        await until(lambda: desk.board.find("case", "c2"))
        comes.set()
        await until(lambda: paper.asked.count(PATH) == 2)
        await until(lambda: "fetch a case" not in desk.tasks.names())
        assert desk.board.find("case", "c1") is None


async def test_a_new_snapshot_has_it_fetched_anew_as_it_is_by_then(tmp_path: Path) -> None:
    now = replace(OLD, rev=8, finding="又办结了")
    paper = archive(answer(OLD), answer(now))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await at_hand(desk)
        desk._parts.inbound.doubt()
        paper.raw(None)
        await until(lambda: desk.board.find("case", "c1") == now)
        assert len(desk.board.cases) == 0


async def test_what_an_act_was_given_on_is_fetched_anew_after_a_snapshot_though_nobody_looks(tmp_path: Path) -> None:
    now = replace(OLD, rev=8, finding="又办结了")
    paper = archive(answer(OLD), answer(now))
    paper.instead["/v1/commands"] = html(502)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await at_hand(desk)
        assert isinstance(await desk.do(Reopen("c1", "又积水了")), Act)
        desk.lookup.look_at(None)
        desk._parts.inbound.doubt()
        paper.raw(None)
        await until(lambda: desk.board.confirmed("case", "c1") == now)


async def test_the_digest_of_the_board_leaves_out_what_was_fetched(tmp_path: Path) -> None:
    paper = archive(answer(OLD))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await at_hand(desk)
        kept = (one for kind in desk.board._base for one in desk.board._base[kind].items())
        paper.beat(digest=board_digest((kind_of(record), key, record.rev) for key, record in kept))
        paper.put(11, a_case("c2"))
        await until(lambda: desk.board.find("case", "c2"))
        assert paper.asked.count("/v1/snapshot") == 1


def days_pass(paper: Paper) -> None:
    """Two days without a frame: the board is cleared of what has ended."""
    for beat in range(60):
        paper.say(
            "hb", encode({"head": paper.head, "now": NOON + timedelta(days=2, milliseconds=beat), "digest": None})
        )
    paper.put(11, a_case("c2"))


async def test_what_leaves_the_board_by_age_stays_at_hand_for_who_looks_at_it(tmp_path: Path) -> None:
    paper = Paper()
    paper.records.append(replace(OLD, ended_at=NOON))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        desk.lookup.look_at("c1")
        days_pass(paper)
        await until(lambda: desk.board.find("case", "c2"))
        assert [one.id for one in desk.board.all("case")] == ["c2"]
        assert case(desk, "c1").stage is Stage.CLOSED
        desk.lookup.look_at("c2")
        assert desk.board.find("case", "c1") is None
        assert PATH not in paper.asked


async def test_what_leaves_the_board_by_age_stays_at_hand_for_an_act_that_waits(tmp_path: Path) -> None:
    paper = Paper()
    paper.records.append(replace(OLD, ended_at=NOON))
    paper.instead["/v1/commands"] = html(502)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        assert isinstance(await desk.do(Reopen("c1", "又积水了")), Act)
        days_pass(paper)
        await until(lambda: desk.board.find("case", "c2"))
        assert case(desk, "c1").stage is Stage.HANDLING
        assert desk.board.confirmed("case", "c1") == replace(OLD, ended_at=NOON)


async def test_an_answer_about_another_case_or_of_no_time_is_none(tmp_path: Path) -> None:
    never = replace(OLD, ended_at=NOON.replace(year=9000))
    paper = archive(answer(replace(OLD, id="c9")), answer(never), jsoned([]), answer(OLD))
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        for _ in range(3):
            desk.lookup.look_at("c1")
            await until(lambda: desk.board.fetched.why_missing == "garbled")
            assert desk.board.fetched.refs == ()
        assert await at_hand(desk) == OLD


async def test_an_act_on_an_old_case_waits_in_three_versions_when_another_was_first(tmp_path: Path) -> None:
    now = replace(OLD, rev=8, stage=Stage.CLOSED, finding="换了泵")
    paper = archive(answer(OLD))
    facts = [{"type": "closed", "fact": {"case": "c1", "by": "shift2", "at": NOON, "note": ""}}]
    paper.results = lambda wish: {
        "cmd_id": wish["cmd_id"],
        "status": "conflict",
        "code": "changed",
        "current": record_envelope(now),
        "since": facts,
    }
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await at_hand(desk)
        act = await desk.do(Reopen("c1", "又积水了"))
        assert not isinstance(act, Refused)
        desk.lookup.look_at(None)
        await until(lambda: desk.acts.needing)
        found = desk.decisions.look(act.cmd_id)
        assert found is not None
        assert (found.before, found.theirs) == (OLD, now)
        paper.results = paper._applied
        again = await desk.decisions.again(act.cmd_id)
        assert isinstance(again, Act)
        assert case(desk, "c1").stage is Stage.HANDLING  # one act names it in the place of the other


async def test_what_only_an_earlier_act_would_have_ended_is_not_taken_for_an_old_case(tmp_path: Path) -> None:
    paper = Paper()
    paper.records.append(replace(OLD, stage=Stage.REPORTED, ended_at=None))
    paper.instead["/v1/commands"] = html(502)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        for command in (Close("c1"), Reopen("c1", "又积水了")):
            assert isinstance(await desk.do(command), Act)
        assert case(desk, "c1").stage is Stage.HANDLING
    (tmp_path / "cache.db").unlink()
    async with console(tmp_path, paper) as desk:
        assert [act.name for act in desk.acts.open] == ["close", "reopen"]
        assert desk.board.fetched.refs == ()
