"""What counts as an answer to commands: a result in words of the protocol, for a command that was sent, once."""

import json
from dataclasses import asdict
from typing import Any

import msgspec
import pytest

from commandcenter.client.commands import post
from commandcenter.client.errors import MalformedAnswer
from commandcenter.client.session import Session
from commandcenter.domain.facts import Accepted
from commandcenter.protocol.codec import fact_envelope, record_envelope
from commandcenter.protocol.messages import CommandBatch, CommandEnvelope, Result
from tests.kit.district import NOON
from tests.kit.scripted import URL, Paper, a_case, jsoned

BATCH = CommandBatch(
    epoch=1,
    console_id="console-1",
    commands=tuple(
        CommandEnvelope(cmd_id=f"cmd{number}", cseq=number, type="accept", args=msgspec.Raw(b"{}"), made_at=NOON)
        for number in (1, 2, 3)
    ),
)


async def answered(answer: Any) -> tuple[Result, ...]:
    """What is made of it."""
    paper = Paper()
    paper.instead["/v1/commands"] = jsoned(answer)
    session = Session(URL, mono=lambda: 100.0, transport=paper)
    await session.sign_in("shift", "x")
    try:
        return await post(session, BATCH)
    finally:
        await session.close()


def applied(number: int, **other: Any) -> dict[str, Any]:
    return {"cmd_id": f"cmd{number}", "status": "applied", "seq": 7} | other


async def test_the_batch_goes_out_as_it_is_and_its_answers_come_back_in_their_order():
    paper = Paper()
    session = Session(URL, mono=lambda: 100.0, transport=paper)
    await session.sign_in("shift", "x")
    assert [one.cmd_id for one in await post(session, BATCH)] == ["cmd1", "cmd2", "cmd3"]
    assert paper.batches == [json.loads(msgspec.json.encode(BATCH))]
    await session.close()


async def test_with_the_commands_goes_what_the_platform_last_said_of_its_log():
    paper = Paper()
    session = Session(URL, mono=lambda: 100.0, transport=paper)
    await session.sign_in("shift", "x")
    await post(session, BATCH)
    await post(session, BATCH, "1.7.abc.mac")
    assert paper.shown == [None, "1.7.abc.mac"]
    await session.close()


@pytest.mark.parametrize("status", ["applied", "conflict", "refused", "wrong_epoch", "retry"])
async def test_each_word_of_the_protocol_is_an_answer(status):
    assert [one.status for one in await answered({"results": [applied(2, status=status)]})] == [status]


@pytest.mark.parametrize("seq", [None, 1, 7])
async def test_an_answer_may_name_a_place_in_the_log_from_the_first_on(seq):
    assert [one.seq for one in await answered({"results": [applied(1, seq=seq)]})] == [seq]


@pytest.mark.parametrize(
    "other",
    [
        {"cmd_id": "cmd4"},
        {"status": "sung"},
        {"seq": 0},
        {"status": "conflict", "since": [{"type": "accepted", "fact": {"song": 1}}]},
        {"status": "conflict", "current": {"kind": "case", "record": {"song": 1}}},
        {"status": "conflict", "current": {"kind": "song", "record": {}}},
    ],
)
async def test_what_is_no_answer_is_left_out_and_the_others_stay(other):
    found = await answered({"results": [applied(1), applied(2) | other, applied(3)]})
    assert [one.cmd_id for one in found] == ["cmd1", "cmd3"]


async def test_a_conflict_over_a_record_that_only_a_newer_console_can_read_is_an_answer():
    there = {"kind": "case", "record": asdict(a_case()) | {"stage": "sung"}}
    found = await answered({"results": [applied(1, status="conflict", current=there)]})
    assert [one.status for one in found] == ["conflict"]


async def test_a_conflict_comes_with_what_it_shows():
    case, fact = record_envelope(a_case()), fact_envelope(Accepted("c1", "v", NOON))
    (found,) = await answered({"results": [applied(1, status="conflict", current=case, since=[fact])]})
    assert (found.current, found.since) == (case, (fact,))


async def test_the_first_answer_to_a_command_is_the_one_that_counts():
    found = await answered({"results": [applied(1, seq=3), applied(1, seq=4), applied(2)]})
    assert [(one.cmd_id, one.seq) for one in found] == [("cmd1", 3), ("cmd2", 7)]


async def test_an_answer_of_another_form_is_garbled():
    with pytest.raises(MalformedAnswer):
        await answered({"results": [{"cmd_id": 1}]})
