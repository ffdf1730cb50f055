"""A console older than its platform: it says so, keeps what it has, goes on with what it can read, and catches up."""

import sqlite3
from contextlib import closing
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import httpx
import pytest

from commandcenter.client.errors import NewerProtocol
from commandcenter.domain import records
from commandcenter.domain.commands import File
from commandcenter.domain.commands.references import ReferenceRetired
from commandcenter.domain.facts import Taken
from commandcenter.protocol.codec import decode, encode, fact_envelope, record_envelope
from commandcenter.protocol.digest import board_digest
from commandcenter.sync.connection import OLDER, State
from commandcenter.sync.queries import HistoryQuery, SearchQuery
from tests.kit.console import console, live, until
from tests.kit.district import NOON
from tests.kit.scripted import URL, Paper, a_case, frame, jsoned, sit

BOAT = {"kind": "boat", "record": {"id": "b1", "rev": 4, "berth": "east"}}


def newer(**words: Any) -> dict[str, Any]:
    """A case of the newer platform, whose stage this console does not know."""
    return {"kind": "case", "record": asdict(a_case(rev=2)) | {"stage": "escalated"} | words}


def told(seq: int, *envelopes: Any, facts: Any = ()) -> bytes:
    """A frame with records as the newer platform writes them."""
    before, _, data = frame(1, seq, facts=facts).partition(b"data: ")
    return before + b"data: " + encode(decode(data, dict[str, Any]) | {"records": envelopes}) + b"\n\n"


def digest_of(paper: Paper, *others: tuple[str, str, int]) -> str:
    """The digest of the newer platform, over all kinds of record and stages that it knows."""
    kept = [(records.kind_of(record), record.id, record.rev) for record in paper.records]
    return board_digest([*(one for one in kept if one[1] != "c1"), *others])


@pytest.fixture
def paper() -> Paper:
    made = Paper()
    made.records.append(a_case())
    return made


async def test_a_stage_that_it_does_not_know_takes_nothing_from_the_board_and_is_said(tmp_path, paper):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        sent = {"type": "dispatched", "fact": {"case": "c1", "by": "li", "at": NOON, "to": "u", "tier": "province"}}
        paper.raw(told(11, newer(), facts=[sent]))
        paper.put(12, a_case("c2"))
        await until(lambda: desk.board.find("case", "c2"))
        assert desk.board.find("case", "c1") == a_case()
        assert (desk.connection.state, desk.connection.unread) == (State.LIVE, 1)
        assert [(entry.code, entry.about) for entry in desk.connection.log if entry.code == OLDER] == [(OLDER, "1")]
        paper.beat(12, digest_of(paper, ("case", "c1", 2), ("case", "c2", 1)))
        paper.put(13, a_case(rev=3))
        await until(lambda: desk.connection.unread == 0)
        assert desk.board.find("case", "c1") == a_case(rev=3)
        assert (paper.cursors, paper.asked.count("/v1/snapshot")) == (["1:10"], 1)


async def test_a_whole_board_with_such_a_case_shows_all_others(tmp_path, paper, monkeypatch):
    strange = [BOAT, newer(), record_envelope(a_case("c2"))]
    monkeypatch.setattr("tests.kit.scripted.record_envelope", lambda record: record)
    paper.records = [*map(record_envelope, paper.records[:-1]), *strange]
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        assert desk.board.find("case", "c2") == a_case("c2")
        assert desk.board.find("case", "c1") is None
        assert (desk.connection.state, desk.connection.unread) == (State.LIVE, 2)


async def test_a_board_that_is_asked_for_anew_keeps_the_case_as_it_was_last_read(tmp_path, paper, monkeypatch):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        monkeypatch.setattr("tests.kit.scripted.record_envelope", lambda record: record)
        paper.records = [*map(record_envelope, paper.records[:-1]), newer(), record_envelope(a_case("c2"))]
        paper.beat(digest="of another board")
        await until(lambda: desk.board.find("case", "c2"))
        assert paper.asked.count("/v1/snapshot") == 2
        assert (desk.board.find("case", "c1"), desk.connection.unread) == (a_case(), 1)


def last_read(tmp_path: Any) -> list[Any]:
    with closing(sqlite3.connect(tmp_path / "cache.db")) as file:
        return file.execute("SELECT kind, id FROM last_read").fetchall()


async def started_again(tmp_path: Any) -> tuple[Any, int]:
    """Returns the case as the console shows it before it asks anybody, and how many records it cannot read."""
    async with console(tmp_path, Paper()) as desk:
        return desk.board.find("case", "c1"), desk.connection.unread


async def test_started_again_it_still_shows_such_a_case_as_it_last_read_it_and_says_so(tmp_path, paper):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        for seq in (11, 12):  # what cannot be read takes nothing from what could be
            paper.raw(told(seq, newer(rev=seq)))
            await until(lambda seq=seq: desk.position.at.seq == seq)
    for _ in range(2):
        assert await started_again(tmp_path) == (a_case(), 1)


@pytest.mark.parametrize("is_told_before", [True, False])
async def test_a_board_that_came_anew_keeps_such_a_case_over_the_next_start_too(
    tmp_path, paper, monkeypatch, is_told_before
):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        if is_told_before:
            paper.raw(told(11, newer()))
            await until(lambda: desk.connection.unread == 1)
        monkeypatch.setattr("tests.kit.scripted.record_envelope", lambda record: record)
        paper.records = [*map(record_envelope, paper.records[:-1]), newer(), record_envelope(a_case("c2"))]
        paper.head = desk.position.at.seq
        paper.beat(digest="of another board")
        await until(lambda: desk.board.find("case", "c2"))
    assert await started_again(tmp_path) == (a_case(), 1)


async def test_of_a_case_that_it_reads_again_or_may_not_see_any_more_it_keeps_nothing_older(tmp_path, paper):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.raw(told(11, newer()))
        await until(lambda: desk.connection.unread == 1)
        assert last_read(tmp_path) == [("case", "c1")]
        paper.put(12, a_case(rev=3))
        await until(lambda: desk.connection.unread == 0)
        assert last_read(tmp_path) == []
        paper.raw(told(13, newer(rev=4)))
        await until(lambda: desk.connection.unread == 1)
        assert last_read(tmp_path) == [("case", "c1")]
        paper.say("evict", encode({"seq": 14, "prev": 13, "records": [{"kind": "case", "id": "c1"}]}), key="1:14")
        await until(lambda: desk.connection.unread == 0)
        assert last_read(tmp_path) == []
    assert await started_again(tmp_path) == (None, 0)


async def test_of_a_case_that_a_new_board_has_as_it_can_be_read_it_keeps_nothing_older(tmp_path, paper):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.raw(told(11, newer()))
        await until(lambda: desk.connection.unread == 1)
        paper.records[-1], paper.head = a_case(rev=3), 11
        paper.beat(digest="of another board")
        await until(lambda: desk.connection.unread == 0)
        assert last_read(tmp_path) == []


async def test_after_an_update_it_shows_the_case_as_it_is_and_keeps_no_older_one(tmp_path, paper):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
    with closing(sqlite3.connect(tmp_path / "cache.db")) as file, file:  # as one left it that could not read this one
        file.execute("INSERT INTO last_read SELECT * FROM records WHERE kind = 'case'")
        file.execute("DELETE FROM records WHERE kind = 'case'")
    assert await started_again(tmp_path) == (None, 0)
    assert last_read(tmp_path) == []


async def test_a_kind_that_it_does_not_know_is_counted_kept_and_taken_out_of_sight(tmp_path, paper):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.raw(told(11, BOAT))
        paper.beat(11, digest_of(paper, ("case", "c1", 1), ("boat", "b1", 4)))
        await until(lambda: desk.connection.unread == 1)
        gone = encode({"seq": 12, "prev": 11, "records": [{"kind": "boat", "id": "b1"}]})
        paper.say("evict", gone, key="1:12")
        paper.beat(12, digest_of(paper, ("case", "c1", 1)))
        paper.put(13, a_case("c2"))
        await until(lambda: desk.board.find("case", "c2"))
        assert (desk.connection.unread, paper.asked.count("/v1/snapshot")) == (0, 1)


async def test_a_record_of_such_a_kind_that_is_retired_stops_nothing(tmp_path, paper):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        retired = {"kind": "boat", "record": BOAT["record"] | {"rev": 5, "retired": True}}
        paper.raw(told(11, retired, facts=[fact_envelope(ReferenceRetired("boat:b1", "admin", NOON))]))
        paper.put(12, a_case("c2"))
        await until(lambda: desk.board.find("case", "c2"))
        assert (desk.connection.unread, paper.cursors, paper.asked.count("/v1/snapshot")) == (1, ["1:10"], 1)


async def test_after_an_update_it_shows_what_it_could_not_read_before_it_asks_anybody(tmp_path, paper):
    with pytest.MonkeyPatch.context() as older:
        kind = records.KINDS["channel"]
        older.delitem(records.KINDS, "channel")
        async with console(tmp_path, paper) as desk:
            await sit(desk, paper)
            missing = sum(type(record) is kind.type for record in paper.records)
            assert missing
            assert desk.connection.unread == missing
        async with console(tmp_path, Paper()) as desk:  # started again without an update
            assert desk.connection.unread == missing
    async with console(tmp_path, Paper()) as desk:
        shown = {record.id: record for record in desk.board.all("channel")}
        assert shown == {record.id: record for record in paper.records if type(record) is kind.type}
        assert desk.connection.unread == 0


async def test_what_a_newer_platform_says_beyond_its_own_words_is_kept_for_the_update(tmp_path, paper):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.raw(told(11, {"kind": "case", "record": asdict(a_case(rev=2)) | {"weather": "rain"}}))
        await until(lambda: desk.board.find("case", "c1") == a_case(rev=2))
        assert desk.connection.unread == 0
    (cache,) = tmp_path.rglob("cache.db")
    with closing(sqlite3.connect(cache)) as file:
        (body,) = file.execute("SELECT body FROM records WHERE kind = 'case'").fetchone()
    assert decode(body, dict[str, Any])["weather"] == "rain"


async def test_a_conflict_over_such_a_case_is_an_answer_and_not_asked_for_ever(tmp_path, paper):
    def clash(wish: dict[str, Any]) -> dict[str, Any]:
        return {"cmd_id": wish["cmd_id"], "status": "conflict", "code": "rev", "current": newer()}

    paper.results = clash
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await desk.do(File("c1"))
        await until(lambda: desk.acts.needing)
        assert desk.acts.needing[0].state == "conflict"


HISTORY = "/v1/cases/c1/history"
TAKEN = Taken("c1", "clerk", NOON, number="1", channel="hotline", kind="water", text="", place="", street="east")
LATER = NOON + timedelta(minutes=5)
STRANGE = [
    {"type": "weathered", "fact": {"case": "c1", "by": "li", "at": NOON + timedelta(minutes=1), "wind": 9}},
    {"type": "dispatched", "fact": {"case": "c1", "by": "wu", "at": LATER, "to": "u", "tier": "province"}},
    {"type": "weathered", "fact": {"case": "c1"}},
    {"type": "accepted", "fact": {"case": "c1", "by": "u1", "at": LATER, "hand": None}},
]
SHOWN = [
    ("Taken", "clerk", NOON),
    ("NewerFact", "li", NOON + timedelta(minutes=1)),
    ("NewerFact", "wu", LATER),
    ("NewerFact", "", LATER),
    ("Accepted", "u1", LATER),
]


async def history(desk: Any) -> list[tuple[str, str, Any]]:
    facts = await desk.ask(HistoryQuery("c1"))
    return [(type(fact).__name__, fact.by, fact.at) for fact in facts]


async def test_a_history_has_a_place_for_what_it_does_not_know_with_its_time_and_who_did_it(tmp_path, paper):
    paper.instead[HISTORY] = jsoned({"facts": [{"type": "no time at all", "fact": {}}, fact_envelope(TAKEN), *STRANGE]})
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        assert await history(desk) == SHOWN
        paper.instead[HISTORY] = httpx.ConnectError("cut")
        assert await history(desk) == SHOWN


async def test_what_came_to_it_without_being_asked_for_is_in_the_history_too_when_nobody_can_be_asked(tmp_path, paper):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.raw(told(11, record_envelope(a_case(rev=2)), facts=[fact_envelope(TAKEN)]))
        paper.raw(told(12, newer(rev=3), facts=STRANGE))
        await until(lambda: desk.position.at.seq == 12)
        paper.instead[HISTORY] = httpx.ConnectError("cut")
        assert await history(desk) == [one for one in SHOWN if one[1]]  # without its case none could be told


async def test_a_search_shows_the_cases_that_it_can_read_and_counts_the_others(tmp_path, paper):
    items = [newer()["record"], asdict(a_case("c2"))]
    paper.instead["/v1/cases"] = jsoned({"items": items, "total": 2, "next": None})
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        found = await desk.ask(SearchQuery("water"))
        assert (found.items, found.total, found.unread) == ((a_case("c2"),), 2, 1)


async def test_an_ended_case_that_it_cannot_read_is_asked_for_once_and_shown_when_it_can(tmp_path, paper):
    paper.instead["/v1/cases/c9"] = jsoned(newer(id="c9")["record"])
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        desk.lookup.look_at("c9")
        await until(lambda: desk.board.fetched.why_missing == OLDER)
        for seq in (11, 12):
            paper.put(seq, a_case(f"c{seq}"))
        await until(lambda: desk.board.find("case", "c12"))
        assert paper.asked.count("/v1/cases/c9") == 1
        paper.put(13, a_case("c9", rev=3))
        await until(lambda: desk.board.find("case", "c9"))


async def test_a_role_that_it_does_not_know_leaves_the_board_and_is_asked_about_again(tmp_path, paper):
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        scope = asdict(paper.seat.person.scope)
        paper.hello_extra = {"role": "night_warden", "scope": scope}
        paper.raw(None)
        await until(lambda: desk.connection.state is State.REFUSED)
        assert desk.connection.code == NewerProtocol.code
        assert desk.board.find("case", "c1") == a_case()
        paper.hello_extra = {"role": paper.seat.person.role, "scope": scope}
        paper.beat()
        await live(desk)
        assert paper.asked.count("/v1/snapshot") == 1


async def test_a_person_of_a_role_that_it_does_not_know_is_told_to_update_at_the_sign_in(tmp_path, paper):
    strange = {"role": "night_warden", "user": "w", "access": "a", "refresh": "r", "expires_in": 900}
    paper.instead["/v1/sign-in"] = jsoned(strange | {"scope": asdict(paper.seat.person.scope)})
    async with console(tmp_path, paper) as desk:
        with pytest.raises(Exception, match="newer_protocol") as said:
            await desk.user.sign_in(URL, paper.seat.user, "x")
        assert not isinstance(said.value, httpx.HTTPError)
