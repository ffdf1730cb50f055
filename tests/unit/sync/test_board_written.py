"""What the platform says is written in its order, none twice and none left out; and what is wrong with it is said."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import Raw

from commandcenter.cache.faults import DiskFault
from commandcenter.cache.journal import Journal
from commandcenter.cache.journal_row import RowState
from commandcenter.cache.mirror import Mirror, MirrorPosition
from commandcenter.client.errors import PlatformFault, UnreadableContent, WrongEpoch
from commandcenter.client.stream import StreamMessage
from commandcenter.domain.cases import Case, Stage
from commandcenter.domain.commands import Accept, File
from commandcenter.domain.facts import Accepted, Filed
from commandcenter.domain.kinds import Limit, Measure
from commandcenter.protocol.codec import RecordEnvelope, decode, encode, fact_envelope, record_envelope
from commandcenter.protocol.events import Evict, Frame, Heartbeat, RecordRef
from commandcenter.protocol.messages import Hello
from commandcenter.protocol.retention import ENDED_SHOWN_FOR
from commandcenter.sync.board_owner import OwnerChanged
from commandcenter.sync.desk import Desk
from commandcenter.sync.inbound import FrameGap, MirrorDoubt
from tests.kit.console import console
from tests.kit.district import CALENDAR, DISTRICT, NOON, reference
from tests.kit.inline_worker import InlineWorker
from tests.kit.journaled import SHIFT, UNIT, dispatched
from tests.kit.scripted import SEAL_KEY, Paper, a_case

AT = MirrorPosition("shift", "d1", SEAL_KEY, 1, 1, 10, "ten")
RECORDS = [DISTRICT, CALENDAR, *reference()]


def hello(**other: Any) -> Hello:
    said = {"proto": 1, "district": "d1", "epoch": 1, "bases": {}, "head": 10, "floor": 1, "now": NOON}
    said |= {"scope_ver": 1, "min_client": 1, "limits": {}, "keep": {}, "seal_key": SEAL_KEY}
    return decode(encode(said | other), Hello)


def put(
    seq: int,
    *records: Any,
    epoch: int = 1,
    prev: int | None = None,
    kept: tuple[RecordEnvelope, ...] = (),
    **other: Any,
) -> StreamMessage:
    named = {"facts": (), "cmd_id": f"of{seq}", "actor": "somebody", "at": NOON} | other
    told = (*kept, *(record_envelope(record) for record in records))
    return StreamMessage(Frame(seq=seq, prev=seq - 1 if prev is None else prev, records=told, **named), epoch)


def cases(desk: Desk) -> list[str]:
    return sorted(case.id for case in desk.board.all("case"))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """One whose board stands at `AT`, with nobody's line."""
    async with console(tmp_path, Paper(), worker=lambda name: InlineWorker()) as made:  # type: ignore[arg-type]
        made.seat = await made._parts.inbound.seat("shift", "d1", SEAL_KEY)  # type: ignore[attr-defined]
        await stands(made)
        yield made


async def stands(desk: Desk, at: MirrorPosition = AT, *records: Any) -> None:
    """A snapshot has come."""
    await desk._parts.inbound._mirror.begin()
    told = [*RECORDS, *records]
    await desk._parts.inbound._stage(desk.seat, [record_envelope(record) for record in told])  # type: ignore[attr-defined]
    await desk._parts.inbound._replace(desk.seat, at, told)  # type: ignore[attr-defined]


async def came(desk: Desk, *arrived: StreamMessage) -> str | None:
    """The code of what was wrong with it."""
    try:
        await desk._parts.inbound.apply(desk.seat, arrived)  # type: ignore[attr-defined]
    except PlatformFault as wrong:
        return wrong.code
    return None


@pytest.mark.parametrize(
    ("said", "goes_on", "moved"),
    [
        ({}, True, False),
        ({"floor": 11}, True, False),
        ({"floor": 12}, False, False),
        ({"epoch": 2}, False, False),
        ({"scope_ver": 2}, False, True),
    ],
)
async def test_a_stream_goes_on_from_a_board_of_the_same_log_and_scope_that_reaches_its_floor(
    desk: Desk, said: dict[str, Any], goes_on: bool, moved: bool
) -> None:
    inbound = desk._parts.inbound
    assert (inbound.continues(hello(**said)), inbound.is_of_another_scope(hello(**said))) == (goes_on, moved)
    inbound.doubt()
    assert not inbound.continues(hello(**said))
    await stands(desk)
    assert inbound.continues(hello(**said)) is goes_on
    await inbound.forget("whatever")
    assert (inbound.continues(hello(**said)), inbound.is_of_another_scope(hello(**said))) == (False, False)


async def test_how_far_the_board_is_counts_in_its_own_log_alone(desk: Desk) -> None:
    inbound, position = desk._parts.inbound, desk._parts.inbound.position
    assert (position.in_epoch(1), position.in_epoch(2), position.at) == (10, -1, AT)
    await inbound.forget("whatever")
    assert (position.in_epoch(1), position.at) == (-1, None)


@pytest.mark.parametrize(
    ("arrived", "wrong", "seq", "shown"),
    [
        ([put(11, a_case("c1")), put(12, a_case("c2"))], None, 12, ["c1", "c2"]),
        ([put(10, a_case("c0"), prev=9), put(11, a_case("c1"))], None, 11, ["c1"]),
        ([put(11, a_case("c1")), put(13, a_case("c3"))], FrameGap.code, 11, ["c1"]),
        ([put(12, a_case("c2"), prev=10)], None, 12, ["c2"]),  # the seat sees nothing of what lies between
        ([put(12, a_case("c2"))], FrameGap.code, 10, []),
        ([put(12, a_case("c2"), prev=9)], FrameGap.code, 10, []),
        ([put(11, a_case("c1")), put(12, a_case("c2"), epoch=2)], WrongEpoch.code, 11, ["c1"]),
        ([StreamMessage(Heartbeat(head=10, now=NOON)), put(11, a_case("c1"))], None, 11, ["c1"]),
        ([StreamMessage(Heartbeat(head=10, now=NOON))], None, 10, []),
        (
            [put(11, a_case("c1")), StreamMessage(Evict(12, 11, (RecordRef("case", "c1"),)), 1), put(13, a_case("c3"))],
            None,
            13,
            ["c3"],
        ),
        (
            [put(11, a_case("c1")), put(12, kept=(RecordEnvelope("case", Raw(b'{"id":7}')),))],
            UnreadableContent.code,
            10,
            [],
        ),
    ],
)
async def test_frames_are_written_as_far_as_they_follow_on_each_other(
    desk: Desk, arrived: list[StreamMessage], wrong: str | None, seq: int, shown: list[str]
) -> None:
    assert await came(desk, *arrived) == wrong
    assert desk.position.at is not None
    assert (desk.position.at.seq, cases(desk)) == (seq, shown)
    assert await came(desk, put(seq + 1, a_case("last"))) is None
    assert cases(desk) == sorted([*shown, "last"])


async def test_what_comes_for_an_empty_board_asks_for_a_snapshot(desk: Desk) -> None:
    inbound = desk._parts.inbound
    await inbound.forget("whatever")
    with pytest.raises(OwnerChanged):
        await inbound.apply(desk.seat, [put(11)])  # type: ignore[attr-defined]
    desk.seat = await inbound.seat("shift", "d1", SEAL_KEY)  # type: ignore[attr-defined]
    assert await came(desk, put(11)) == MirrorDoubt.code


async def test_the_word_for_the_last_place_is_shown_in_the_next_hello(desk: Desk) -> None:
    tokens, inbound = desk._parts.store.tokens, desk._parts.inbound
    assert tokens.newest("d1") == "ten"
    assert await came(desk, put(11, cursor_token="eleven"), put(12, cursor_token="twelve")) is None
    assert (desk.position.at, tokens.newest("d1")) == (replace(AT, seq=12, cursor_token="twelve"), "twelve")
    await inbound.seat("shift", "d1", "another platform")
    assert (desk.position.at, tokens.newest("d1")) == (None, None)


async def test_a_new_start_shows_the_board_and_the_word_of_before(tmp_path: Path) -> None:
    for _ in range(2):
        async with console(tmp_path, Paper(), worker=lambda name: InlineWorker()) as desk:  # type: ignore[arg-type]
            store = desk._parts.store
            if desk.position.at is None:
                desk.seat = await desk._parts.inbound.seat("shift", "d1", SEAL_KEY)  # type: ignore[attr-defined]
                await stands(desk, replace(AT, epoch=3), a_case("c1"))
                continue
            assert (desk.position.at, cases(desk)) == (replace(AT, epoch=3), ["c1"])
            assert (store.display.epoch, store.commands.platform_epoch, store.tokens.newest("d1")) == (3, 3, "ten")
            store.tokens.heard("d1", SEAL_KEY)
            assert store.tokens.newest("d1") == "ten"  # it knows of which platform that is


async def test_an_own_act_that_comes_past_is_done_and_shown_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await came(desk, put(11, dispatched("c1"))) is None
    store = desk._parts.store
    facts = (Accepted("c1", "east-urban", NOON),)
    wish = Accept("c1")
    act = await store.keep(wish, UNIT, facts, store.display.current_view_for(wish))
    handling = replace(dispatched("c1", 4), stage=Stage.HANDLING)
    assert await came(desk, put(12, handling, cmd_id=act.cmd_id)) is None
    (ended,) = desk.acts.recent
    assert (ended.cmd_id, ended.state, desk.acts.open) == (act.cmd_id, "done", ())
    assert desk.board.find("case", "c1") == handling


@pytest.mark.parametrize("seq", [10, 11])
async def test_what_was_acknowledged_is_done_when_the_board_has_come_so_far(desk: Desk, seq: int) -> None:
    store, wish = desk._parts.store, Accept("c1")
    assert await came(desk, put(11, dispatched("c1"))) is None
    act = await store.keep(wish, UNIT, (), store.display.current_view_for(wish))
    await store.move([replace(store.commands.rows[0], state=RowState.SENT, epoch=1, seq=seq + 2)])
    assert await came(desk, put(12)) is None
    assert [one.state for one in desk.acts.recent] == (["done"] if seq == 10 else ["sent"])
    await stands(desk, replace(AT, seq=13))
    assert [(one.cmd_id, one.state) for one in desk.acts.recent] == [(act.cmd_id, "done")]


async def test_what_pends_is_worked_out_anew_on_a_new_board(desk: Desk) -> None:
    store, wish = desk._parts.store, Accept("c1")
    assert await came(desk, put(11, dispatched("c1"))) is None
    await store.keep(wish, UNIT, (Accepted("c1", "east-urban", NOON),), store.display.current_view_for(wish))
    assert stage(desk) is Stage.HANDLING
    await stands(desk, replace(AT, epoch=2), replace(dispatched("c1", 9), stage=Stage.CLOSED))
    assert (stage(desk), store.display.epoch) == (Stage.CLOSED, 2)


async def test_a_case_that_waits_to_be_filed_is_due_by_the_limit_that_has_come(desk: Desk) -> None:
    (water, *_), store, wish = reference(), desk._parts.store, File("c1")
    assert await came(desk, put(11, a_case("c1"))) is None
    facts = (Filed("c1", SHIFT.user, NOON, "water", NOON + timedelta(hours=4), NOON + timedelta(hours=3)),)
    await store.keep(wish, SHIFT, facts, store.display.current_view_for(wish))
    assert await came(desk, put(12, replace(water, rev=2, limit=Limit(9, Measure.URGENT_HOURS)))) is None
    filed = desk.board.find("case", "c1")
    assert isinstance(filed, Case)
    assert filed.filed_at is not None
    assert filed.due == filed.filed_at + timedelta(hours=9)
    assert [act.state for act in desk.acts.open] == ["kept"]


def stage(desk: Desk) -> Stage:
    return desk.board.find("case", "c1").stage  # type: ignore[union-attr]


async def test_who_acted_in_the_place_of_another_is_known(desk: Desk) -> None:
    fact = fact_envelope(Accepted("c1", "east-urban", NOON))
    assert await came(desk, put(11, dispatched("c1"), facts=(fact,), actor="shift", on_behalf_of="east-urban")) is None
    assert desk.board.adopters(("case", "c1")) == {"shift"}
    assert await came(desk, put(12, dispatched("c2"), facts=(fact,), actor="another")) is None
    assert desk.board.adopters(("case", "c1")) == {"shift"}


async def test_a_cache_that_takes_nothing_is_a_doubt_after_the_board_has_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = Mirror.apply

    async def fails(self: Mirror, at: MirrorPosition, frames: Any) -> Any:
        return (await apply(self, at, frames))[0], False

    monkeypatch.setattr(Mirror, "apply", fails)
    assert await came(desk, put(11, a_case("c1"))) == MirrorDoubt.code
    assert (cases(desk), desk._parts.inbound.position.in_epoch(1)) == (["c1"], 11)


async def test_a_cache_that_failed_under_a_snapshot_is_told_and_the_board_is_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(self: Mirror, at: MirrorPosition) -> bool:
        return False

    await stands(desk, AT, a_case("c1"))
    assert [entry.code for entry in desk.connection.log] == []
    monkeypatch.setattr(Mirror, "finish", fails)
    await stands(desk, replace(AT, seq=12), a_case("c2"))
    assert [entry.code for entry in desk.connection.log] == ["cache_rebuilt"]
    assert (cases(desk), desk._parts.inbound.position.in_epoch(1)) == (["c2"], 12)


async def test_a_journal_that_takes_nothing_costs_no_frame(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> None:
        raise DiskFault("full")

    store, wish = desk._parts.store, Accept("c1")
    assert await came(desk, put(11, dispatched("c1"))) is None
    act = await store.keep(wish, UNIT, (), store.display.current_view_for(wish))
    monkeypatch.setattr(Journal, "move", full)
    assert await came(desk, put(12, cmd_id=act.cmd_id), put(13, a_case("c3"))) is None
    assert (cases(desk), desk._parts.inbound.position.in_epoch(1)) == (["c1", "c3"], 13)
    assert [(entry.code, entry.about) for entry in desk.connection.log] == [("disk", "full")]


async def test_the_digest_is_compared_with_what_is_kept(desk: Desk) -> None:
    inbound = desk._parts.inbound
    digest = await inbound._mirror.digest()
    assert await inbound.agrees(desk.seat, digest)  # type: ignore[attr-defined]
    assert not await inbound.agrees(desk.seat, "another")  # type: ignore[attr-defined]


async def test_what_ended_a_day_ago_leaves_the_board_and_the_disk_however_much_it_is(desk: Desk) -> None:
    def ended(key: str, ago: timedelta | None) -> Any:
        at = None if ago is None else desk.now() - ago
        return replace(a_case(key), stage=Stage.CLOSED if ago else Stage.RECEIVED, ended_at=at)

    minute = timedelta(minutes=1)
    many = [ended(f"old{number}", ENDED_SHOWN_FOR + minute) for number in range(401)]
    await stands(desk, AT, *many, ended("today", ENDED_SHOWN_FOR - minute), ended("open", None))
    digest = await desk._parts.inbound._mirror.digest()
    await desk._parts.inbound.clear_out(desk.seat)  # type: ignore[attr-defined]
    assert cases(desk) == ["open", "today"]
    assert await desk._parts.inbound._mirror.digest() == digest  # ended cases are not in it
    loaded = await desk._parts.inbound._mirror.load()
    assert loaded is not None
    assert sorted(record.id for record in loaded[1] if record.id.startswith(("old", "open", "today"))) == [
        "open",
        "today",
    ]


async def test_how_long_the_platform_keeps_what_is_taken_from_its_hello(desk: Desk) -> None:
    kept = await desk._parts.inbound.promised(hello(keep={"outcomes_s": 86400, "backups_s": 500 * 86400}))
    assert (kept.outcomes, kept.backup_days) == (timedelta(days=1), 500)
