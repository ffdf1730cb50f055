"""A frame shows each listener what they may read: facts and record alike, and in whose place somebody acted."""

import asyncio
import json
from dataclasses import replace
from typing import Any

from commandcenter.domain.commands import Dispatch, File
from commandcenter.server.storage import event_log
from commandcenter.server.streaming.frames import StreamEntry
from tests.kit.district import seats
from tests.kit.ear import Ear, Hall, Said, Story

WORDS = ("隔壁夜里打人", "WX-880099")
SECRET = {"text": WORDS[0], "external": WORDS[1], "secret": True}


def shown(said: Said) -> list[bool]:
    """Whether the words are among the facts, and in the record."""
    parts = (said.data.get("facts", []), said.data["records"])
    return [all(word in json.dumps(part, ensure_ascii=False) for word in WORDS) for part in parts]


def has_none(said: Said) -> bool:
    return not any(word in json.dumps(said.data, ensure_ascii=False) for word in WORDS)


def test_the_words_of_a_secret_case_go_to_who_may_read_them_with_every_frame(story: Story) -> None:
    async def told(hall: Hall) -> None:
        readers = [hall.listens(user) for user in ("clerk", "shift")]
        others = [hall.listens(user) for user in ("dispatcher", "east-desk", "sensors")]
        unit, stranger = hall.listens("east-urban"), hall.listens("west-desk")
        await asyncio.sleep(1)
        case = hall.takes(**SECRET)
        assert hall.does(File(case), "shift", bases={f"case:{case}": 1}).seq
        assert hall.does(Dispatch(case, "east-urban"), "dispatcher", bases={f"case:{case}": 2}).seq
        await asyncio.sleep(1)
        for ear in readers:
            assert [shown(one) for one in ear.of("put")] == [[True, True], [False, True], [False, True]]
        for ear in others:
            assert [has_none(one) for one in ear.of("put")] == [True] * 3
            assert [one.data["facts"][0]["type"] for one in ear.of("put")] == ["taken", "filed", "dispatched"]
            assert [one.data["records"][0]["record"]["rev"] for one in ear.of("put")] == [1, 2, 3]
            assert ear.cases == [case] * 3
        assert [shown(one) for one in unit.of("put")] == [[False, True]]
        assert stranger.of("put", "evict") == []
        plain = hall.takes(text=WORDS[0], external=WORDS[1])
        await asyncio.sleep(1)
        assert [(ear.cases[-1], shown(ear.of("put")[-1])) for ear in (*readers, *others)] == [(plain, [True, True])] * 5

    story(told)


def test_of_a_record_that_is_kept_no_more_the_words_go_to_nobody(story: Story) -> None:
    async def told(hall: Hall) -> None:
        head = hall.head
        hall.takes(**SECRET)
        (entry,) = hall.platform.readers.now(
            lambda con: event_log.read(con, seats()["dispatcher"].person, after=head, limit=9)
        )
        old = replace(entry, parts=(replace(entry.parts[0], after=None),))
        issuer = hall.platform.cursor_tokens.issuer("d1", 1)
        for user in ("clerk", "shift", "dispatcher"):
            person = seats()[user].person
            whole, gone = (StreamEntry(one).frame(person, head, issuer) for one in (entry, old))
            assert whole is not None
            assert gone is not None
            assert (WORDS[0].encode() in whole[1]) is (user != "dispatcher")
            data: dict[str, Any] = json.loads(gone[1])
            assert (gone[0], data["records"], data["facts"][0]["type"]) == (
                "put",
                [{"kind": "case", "record": None}],
                "taken",
            )
            assert not any(word.encode() in gone[1] for word in WORDS)
        assert StreamEntry(old).size == len(entry.parts[0].facts)
        assert StreamEntry(entry).size == len(entry.parts[0].facts) + len(entry.parts[0].after or b"")

    story(told)


def test_a_frame_says_in_whose_place_it_was_done_if_in_somebodys(story: Story) -> None:
    async def told(hall: Hall) -> None:
        ear: Ear = hall.listens("clerk")
        await asyncio.sleep(1)
        case = hall.takes()
        assert hall.does(File(case), "shift", bases={f"case:{case}": 1}, hand=seats()["clerk"].person).seq
        await asyncio.sleep(1)
        own, other = (one.data for one in ear.of("put"))
        assert (own["actor"], "on_behalf_of" in own) == ("clerk", False)
        assert (other["actor"], other["on_behalf_of"]) == ("clerk", "shift")
        assert [one["at"][:19] for one in (own, other)] == ["2026-11-24T04:00:01"] * 2
        assert own["cmd_id"] != other["cmd_id"]

    story(told)
