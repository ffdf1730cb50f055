"""What a stream tells: all behind its cursor without a gap, to who its listener is at that very moment."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from commandcenter.domain.channels import Channel
from commandcenter.domain.commands import File
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.domain.places import District
from commandcenter.domain.teams import Crew
from commandcenter.server.auth import accounts, roles
from commandcenter.server.command_pipeline.districts import put_reference
from commandcenter.server.storage import epochs, event_log
from commandcenter.server.storage.cursor_tokens import CursorToken, LogPosition
from commandcenter.server.streaming import event_stream, frames, publisher
from commandcenter.server.streaming.event_stream import MADE_ROOM
from commandcenter.server.streaming.publisher import STREAMS_A_USER
from tests.kit.district import NOON, reference, small_accounts, small_district
from tests.kit.ear import Ear, Hall, Story
from tests.kit.role_spans import end_role

Board = dict[tuple[str, str], int]
WEST_DESK = Person("east-desk", Role.STREET_DISPATCHER, Scope("d1", street="west"))


def test_who_comes_back_far_behind_hears_of_everything_in_scope_and_of_nothing_else(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "_AT_ONCE", 3)

    async def told(hall: Hall) -> None:
        head = hall.head
        taken = [hall.takes(street) for street in ("west", "east", "east", "west", "east", "east", "east", "west")]
        taken_east = [case for case, at in zip(taken, (0, 1, 1, 0, 1, 1, 1, 0), strict=True) if at]
        ear, late = hall.listens("east-desk", f"1:{head}"), hall.listens("east-desk", f"1:{head + 3}")
        await asyncio.sleep(1)
        assert (ear.cases, late.cases) == (taken_east, taken_east[2:])
        assert [one.data["prev"] for one in ear.of("put")] == [head, *(one.data["seq"] for one in ear.of("put")[:-1])]
        assert [one.id for one in ear.of("put")] == [f"1:{one.data['seq']}" for one in ear.of("put")]
        assert hall.platform.publisher.sent == len(ear.of("put")) + len(late.of("put"))
        assert late.of("put")[0].data["prev"] == head + 3
        last = hall.takes("east")
        await asyncio.sleep(20)
        assert ear.cases == [*taken_east, last]
        assert {one.data["head"] for one in ear.of("hb")[1:]} == {head + 9}

    story(told)


def test_one_far_behind_whose_streets_were_quiet_goes_on_with_what_is_at_hand(story: Story) -> None:
    async def told(hall: Hall) -> None:
        head = hall.head
        for _ in range(3):
            hall.takes("west")
        other = hall.listens("clerk")  # from now on the newest are at hand
        await asyncio.sleep(0.1)
        hall.takes("west")
        case = hall.takes("east")
        await asyncio.sleep(0.1)
        ear = hall.listens("east-desk", f"1:{head}")
        await asyncio.sleep(0.1)
        assert ear.cases == [case]
        assert (ear.of("put")[0].data["prev"], ear.of("put")[0].data["seq"]) == (head, head + 5)
        assert len(other.of("put")) == 2

    story(told)


def test_one_who_has_to_go_in_the_middle_of_much_hears_bye_and_no_more_of_it(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "_AT_ONCE", 2)

    async def told(hall: Hall) -> None:
        ear = await _halted(hall, "clerk")
        others = [hall.listens("clerk") for _ in range(STREAMS_A_USER)]
        await asyncio.sleep(1)
        ear.hears.set()
        await asyncio.sleep(1)
        assert ear.is_over
        assert len(ear.of("put")) < 9
        assert (ear.said[-1].event, ear.said[-1].data) == (
            "bye",
            {"retry_s": MADE_ROOM, "code": "too_many_streams"},
        )
        assert not any(other.is_over for other in others)

    story(told)


def test_one_who_becomes_somebody_else_in_the_middle_of_much_is_told_no_more_of_it(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "_AT_ONCE", 2)

    async def told(hall: Hall) -> None:
        ear = await _halted(hall, "east-desk")
        await asyncio.sleep(1)
        hall.writes(lambda con: roles.change_role(con, WEST_DESK, now=hall.platform.now()))
        await asyncio.sleep(1)
        ear.hears.set()
        await asyncio.sleep(1)
        assert ear.is_over
        assert len(ear.of("put")) < 9
        assert (ear.said[-1].event, ear.said[-1].data) == ("scope", {"scope_ver": 3})

    story(told)


def test_who_loses_every_role_hears_scope_and_the_others_go_on(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear, other = hall.listens("east-desk"), hall.listens("west-desk")
        await asyncio.sleep(3)
        hall.writes(lambda con: end_role(con, "east-desk", now=hall.platform.now()))
        await asyncio.sleep(0.1)
        assert [(one.event, one.data) for one in ear.said[1:]] == [("scope", {"scope_ver": 2})]
        assert ear.is_over
        case = hall.takes("west")
        await asyncio.sleep(0.1)
        assert (other.cases, len(ear.of("put"))) == ([case], 0)

    story(told)


def test_a_frame_that_two_read_alike_is_made_once_for_both(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    put = frames._put
    monkeypatch.setattr(frames, "_put", lambda entry, *rest: (made.append(entry.seq), put(entry, *rest))[1])

    async def told(hall: Hall) -> None:
        ears = [hall.listens(user) for user in ("clerk", "shift", "east-desk", "west-desk")]
        await asyncio.sleep(1)
        case = hall.takes("east")
        assert hall.does(File(case), "shift", bases={f"case:{case}": 1}).status == "applied"
        await asyncio.sleep(1)
        assert [len(ear.of("put")) for ear in ears] == [2, 2, 2, 0]
        assert made == [hall.head - 1, hall.head]

    story(told)


def test_what_was_written_for_districts_to_which_nobody_listens_is_kept_for_nobody(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, read_all = [], event_log.read_all

    def noted(connection: Any, district: str, *, after: int) -> list[event_log.LogEntry]:
        found = read_all(connection, district, after=after)
        read.append([one.seq for one in found])
        return found

    monkeypatch.setattr(event_log, "read_all", noted)

    async def told(hall: Hall) -> None:
        listeners = hall.platform.publisher
        hall.takes()
        assert read == []  # nobody ever listened
        ear, head = hall.listens("clerk"), hall.head
        await asyncio.sleep(1)
        crews = [one for one in reference() if isinstance(one, Crew)]
        for name in ("二组", "三组"):
            named = [replace(one, name=name) for one in crews]
            hall.writes(lambda con, named=named: put_reference(con, "d1", named, now=hall.platform.now()))
        assert [seqs for seqs in read if seqs] == [[head + 1], [head + 2]]  # each of them once
        await asyncio.sleep(1)
        ear.goes.put_nowait({"type": "http.disconnect"})
        await asyncio.sleep(0.1)
        read.clear()
        hall.takes()
        await asyncio.sleep(1)
        hall.takes()
        assert read == []
        assert listeners.listeners() == 0
        again = hall.listens("clerk")
        await asyncio.sleep(1)
        assert [one.event for one in again.said] == ["hb"]
        case = hall.takes()
        await asyncio.sleep(1)
        assert again.cases == [case]
        assert publisher.STREAMS_A_USER > listeners.listeners() == 1

    story(told)


@pytest.mark.parametrize("cursor", [0, None], ids=["log", "nothing behind"])
def test_an_account_that_is_stopped_in_the_very_moment_of_a_look_hears_no_word_of_anybody(
    story: Story, cursor: int | None
) -> None:
    async def told(hall: Hall) -> None:
        head = hall.head
        hall.takes("east")

        async def look() -> None:
            looks.append(1)
            if len(looks) == (1 if cursor is None else 2):  # who it is; then what there is
                hall.writes(lambda con: accounts.stop(con, "east-desk"))
                hall.takes("east")

        looks: list[int] = []
        hall.before = look
        ear = hall.listens("east-desk", None if cursor is None else f"1:{head}")
        await asyncio.sleep(1)
        assert ear.is_over
        told = [(one.event, one.data) for one in ear.said[1:]]
        assert told == ([("scope", {"scope_ver": 0})] if cursor is None else [])

    story(told)


def test_reference_records_that_are_put_in_come_together_and_say_that_they_are_new(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear = hall.listens("east-desk")
        await asyncio.sleep(1)
        named = [Channel(key, 1, key) for key in ("letter", "visit")]
        now = hall.platform.now()
        hall.writes(lambda con: put_reference(con, "d1", named, now=now))
        await asyncio.sleep(1)
        (put,) = ear.of("put")
        assert (put.data["cmd_id"], put.data["actor"]) == ("", "system")
        told = [(one["type"], one["fact"]["record"]) for one in put.data["facts"]]
        assert told == [("reference_created", "channel:letter"), ("reference_created", "channel:visit")]
        assert [(one["kind"], one["record"]["id"]) for one in put.data["records"]] == [
            ("channel", "letter"),
            ("channel", "visit"),
        ]

    story(told)


def test_a_new_epoch_sends_each_stream_of_its_district_to_say_hello_and_no_other(story: Story) -> None:
    elsewhere = District("d2", 1, "另一区", "Asia/Shanghai", "LY")

    async def told(hall: Hall) -> None:
        hall.writes(lambda con: small_district(con, district=elsewhere))
        hall.writes(lambda con: small_accounts(con, district="d2", prefix="other-"))
        unknown = CursorToken(1, (LogPosition(999, "somewhere"),))
        assert hall.writes(
            lambda con: epochs.begin_epoch_if_set_back(con, "d2", unknown, now=NOON)
        )  # nobody listens yet
        streams = [hall.listens(user) for user in ("clerk", "east-desk", "other-clerk")]
        await asyncio.sleep(3)
        assert hall.writes(lambda con: epochs.begin_epoch_if_set_back(con, "d1", unknown, now=hall.platform.now()))
        await asyncio.sleep(0.1)
        for ear in streams[:2]:
            assert [(one.event, one.data) for one in ear.said[1:]] == [("bye", {"retry_s": 1.0, "code": None})]
            assert ear.is_over
        hall.takes()
        await asyncio.sleep(0.1)
        assert [one.event for one in streams[2].said] == ["hb"]
        assert not streams[2].is_over

    story(told)


async def _halted(hall: Hall, user: str) -> Ear:
    """The stream of `user`, who has taken the first of nine cases and takes nothing more until `hears` is set."""
    head = hall.head
    for _ in range(9):
        hall.takes()
    ear = hall.listens(user, f"1:{head}")
    await ear.until("put")
    ear.hears.clear()
    return ear
