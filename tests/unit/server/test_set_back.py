"""A platform whose files went back to an earlier state without `restore` finds out from a console that knows more."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import Connection, select

from commandcenter.operations.backup import backup
from commandcenter.server.platform import Platform
from commandcenter.server.storage import epochs, vault
from commandcenter.server.storage.restoring import restore
from commandcenter.server.storage.tables import audit, log, sessions
from commandcenter.server.storage.writer import WriterClosed
from tests.kit.loopback import frames, listening, serving
from tests.kit.platform import calling, sit_down
from tests.kit.set_back import Machine, any_wish, hello, take


async def test_a_platform_that_was_set_back_begins_a_new_epoch_as_after_a_restore(machine: Machine) -> None:
    async with machine.at("clerk") as (clerk,):
        await take(clerk, 3)
        head = (await hello(clerk))["head"]
    machine.snapshot("yesterday")
    async with machine.at("clerk") as (clerk,):
        token = await take(clerk, 2)
    machine.set_back("yesterday")
    async with machine.at("clerk") as (clerk,):
        told = await hello(clerk, token)
        assert told["epoch"] > 1
        assert told["bases"] == {"1": 0, str(told["epoch"]): told["bases"][str(told["epoch"])]}
        assert 0 <= told["bases"][str(told["epoch"])] <= head
        assert clerk.epoch == 1
        (answer,) = await clerk.send(any_wish())
        assert answer["status"] == "wrong_epoch"
        assert (await clerk.get("/v1/events", after=f"1:{head}", limit=1)).status_code == 409
        assert (await hello(clerk, token)) == told
    with machine.running() as platform:
        rows = platform.readers.now(lambda connection: connection.execute(select(audit)).all())
        assert [(row.user, row.record) for row in rows if row.action == "set_back"] == [("system", "district:d1")]
        assert platform.readers.now(lambda connection: connection.execute(select(sessions)).all()) == []


async def test_it_is_found_out_when_others_wrote_on_under_the_same_numbers(machine: Machine) -> None:
    machine.snapshot("yesterday")
    _, _, head = machine.line()
    async with machine.at("clerk") as (clerk,):
        token = await take(clerk, 2)
    machine.set_back("yesterday")
    async with machine.at("clerk") as (clerk,):
        await take(clerk, 5)
        told = await hello(clerk, token)
    assert told["epoch"] > 1
    assert told["bases"][str(told["epoch"])] <= head


async def test_what_is_common_is_known_to_the_last_mark(machine: Machine) -> None:
    async with machine.at("clerk") as (clerk,):
        await take(clerk, 150)
    machine.snapshot("yesterday")
    _, _, head = machine.line()
    async with machine.at("clerk") as (clerk,):
        token = await take(clerk)
    machine.set_back("yesterday")
    async with machine.at("clerk") as (clerk,):
        told = await hello(clerk, token)
    assert head - 64 < told["bases"][str(told["epoch"])] <= head


async def test_a_log_that_goes_on_in_good_order_keeps_its_epoch_whatever_token_is_shown(machine: Machine) -> None:
    async with machine.at("clerk", "east-desk", "west-desk") as (clerk, east, west):
        tokens = [await take(clerk, 30) for _ in range(5)]
        polled = (await east.get("/v1/events", after="1:0", limit=500)).json()["events"]
        tokens += [one["data"]["cursor_token"] for one in polled]
        for desk in (clerk, east, west):
            head = json.loads((await desk.get("/v1/snapshot")).text.splitlines()[0])
            tokens.append(head["cursor_token"])
        seen = {int(token.split(".")[1]) for token in tokens}
        assert max(seen) == (await hello(clerk))["head"]
    assert len(seen) > 150
    with machine.running() as platform:
        platform.writer.submit(lambda connection: connection.execute(log.update().values(after=None))).result()
    async with machine.at("clerk") as (clerk,):
        assert {(await hello(clerk, token))["epoch"] for token in tokens} == {1}
    backup(machine.data, file := machine.data.with_name("one.backup"))
    async with machine.at("clerk") as (clerk,):
        tokens.append(await take(clerk, 80))
    restore(file, machine.data, now=machine.clock(), force=True)
    async with machine.at("clerk") as (clerk,):
        tokens.append(await take(clerk, 3))
        assert {(await hello(clerk, token))["epoch"] for token in tokens} == {2}


FOREIGN = pytest.mark.expects_log("cursor tokens shown that this platform did not make")


@FOREIGN
@pytest.mark.parametrize("what", ["nonsense", "", ".", "1.99.AAAAAAAA.x", "1.x.AAAAAAAA." + "A" * 16, "1" * 5_000])
async def test_a_token_that_this_platform_did_not_make_moves_nothing(machine: Machine, what: str) -> None:
    async with machine.at("clerk") as (clerk,):
        await take(clerk, 3)
        assert (await hello(clerk, what))["epoch"] == 1
    assert machine.line()[0] == 1


@FOREIGN
async def test_a_genuine_token_with_another_place_or_of_another_district_moves_nothing(machine: Machine) -> None:
    with machine.running() as platform:
        async with calling(platform) as http:
            clerk = await sit_down(http, "clerk")
            epoch, seq, *rest = (await take(clerk)).split(".")
            elsewhere = platform.cursor_tokens.issuer("d2", 7).token(99, "x", machine.clock())
            for forged in (f"{epoch}.{int(seq) + 5}." + ".".join(rest), f"2.{seq}." + ".".join(rest), elsewhere):
                assert (await hello(clerk, forged))["epoch"] == 1
            assert platform.cursor_tokens.foreign == 3


@FOREIGN
async def test_forged_tokens_fill_no_log(machine: Machine, caplog: pytest.LogCaptureFixture) -> None:
    async with machine.at("clerk") as (clerk,):
        for _ in range(100):
            await hello(clerk, "1.99.AAAAAAAA.secret")
    told = [record.getMessage() for record in caplog.records if "cursor tokens" in record.getMessage()]
    assert 1 <= len(told) <= 8
    assert not [line for line in told if "secret" in line or "clerk" in line]


@FOREIGN
async def test_without_the_former_key_what_it_had_signed_is_foreign(machine: Machine) -> None:
    async with machine.at("clerk") as (clerk,):
        token = await take(clerk, 3)
    machine.snapshot("yesterday")
    async with machine.at("clerk") as (clerk,):
        later = await take(clerk)
    machine.set_back("yesterday")
    vault.key_file(machine.data).unlink()
    async with machine.at("clerk") as (clerk,):
        assert {(await hello(clerk, one))["epoch"] for one in (token, later)} == {1}


async def test_two_consoles_that_tell_at_once_begin_one_epoch(machine: Machine) -> None:
    machine.snapshot("yesterday")
    async with machine.at("clerk", "shift") as (clerk, shift):
        tokens = [await take(clerk, 2)]
        json_lines = (await shift.get("/v1/snapshot")).text.splitlines()
        tokens.append(json.loads(json_lines[0])["cursor_token"])
    machine.set_back("yesterday")
    async with machine.at("clerk", "shift") as (clerk, shift):
        told = await asyncio.gather(*(hello(desk, token) for desk in (clerk, shift) for token in tokens * 3))
    assert len({one["epoch"] for one in told} - {1}) == 1
    assert len(machine.line()[1]) == 2


async def test_set_back_twice_counts_no_epoch_twice(machine: Machine) -> None:
    machine.snapshot("yesterday")
    tokens, seen = [], []
    for _ in range(3):
        async with machine.at("clerk") as (clerk,):
            if tokens:
                seen.append((await hello(clerk, tokens[0]))["epoch"])
                clerk.epoch = seen[-1]
            tokens.append(await take(clerk, 2))
        machine.set_back("yesterday")
    async with machine.at("clerk") as (clerk,):
        seen += [(await hello(clerk, token))["epoch"] for token in reversed(tokens)]
        assert (await hello(clerk))["epoch"] == max(seen)
    assert len(set(seen[:2])) == 2
    assert min(seen[2:]) > max(seen[:2])
    assert len(set(seen[2:])) == 1


async def test_set_back_to_before_a_restore_is_found_out_and_shares_only_what_all_epochs_had(machine: Machine) -> None:
    async with machine.at("clerk") as (clerk,):
        await take(clerk, 3)
    backup(machine.data, file := machine.data.with_name("one.backup"))
    _, _, shared = machine.line()
    async with machine.at("clerk") as (clerk,):
        first = await take(clerk, 80)
    machine.snapshot("before the restore")
    restore(file, machine.data, now=machine.clock(), force=True)
    async with machine.at("clerk") as (clerk,):
        assert clerk.epoch == 2
        second = await take(clerk, 40)
    machine.set_back("before the restore")
    assert machine.line()[0] == 1
    async with machine.at("clerk") as (clerk,):
        assert (await hello(clerk, first))["epoch"] == 1  # it knows of nothing that is not here
        told = await hello(clerk, second)
        assert (await hello(clerk, first)) == (await hello(clerk, second)) == told
    assert told["epoch"] > 2
    assert told["bases"]["2"] <= shared
    assert told["bases"][str(told["epoch"])] <= shared


async def test_an_epoch_that_nobody_here_knows_is_told_even_after_a_newer_one_has_begun(machine: Machine) -> None:
    async with machine.at("clerk") as (clerk,):
        await take(clerk, 3)
    backup(machine.data, file := machine.data.with_name("one.backup"))
    _, _, shared = machine.line()
    async with machine.at("clerk") as (clerk,):
        await take(clerk, 80)
    machine.snapshot("before the restore")
    async with machine.at("clerk") as (clerk,):
        first = await take(clerk)
    restore(file, machine.data, now=machine.clock(), force=True)
    async with machine.at("clerk") as (clerk,):
        second = await take(clerk, 64 - shared + 2)  # beyond what the log of epoch 1 will be known for, without a mark
    machine.set_back("before the restore")
    async with machine.at("clerk") as (clerk,):
        of_first = await hello(clerk, first)
        assert of_first["bases"][str(of_first["epoch"])] > shared  # the log of epoch 1 goes further than the backup
        machine.clock.forward(seconds=1)
        of_second = await hello(clerk, second)
        assert of_second["epoch"] > of_first["epoch"]
        assert of_second["bases"][str(of_second["epoch"])] <= shared
        assert (await hello(clerk, second)) == of_second


async def test_a_seat_that_sees_little_of_the_log_finds_it_out_as_well(machine: Machine) -> None:
    async with machine.at("clerk", "west-desk") as (clerk, west):
        await clerk.take("west")
        await take(clerk, 100)
    machine.snapshot("yesterday")
    _, _, head = machine.line()
    async with machine.at("clerk", "west-desk") as (clerk, west):
        await clerk.take("west")
        events = (await west.get("/v1/events", after=f"1:{head}", limit=500)).json()["events"]
        token = events[-1]["data"]["cursor_token"]
        await take(clerk, 10)
    machine.set_back("yesterday")
    async with machine.at("clerk", "west-desk") as (clerk, west):
        await take(clerk, 20)
        told = await hello(west, token)
    assert told["epoch"] > 1
    assert told["bases"][str(told["epoch"])] <= head


@pytest.mark.expects_log("the database did not answer")
async def test_a_platform_that_dies_between_finding_out_and_writing_finds_out_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.snapshot("yesterday")
    async with machine.at("clerk") as (clerk,):
        token = await take(clerk)
    machine.set_back("yesterday")
    with monkeypatch.context() as patch:
        patch.setattr(epochs, "begin_epoch_if_set_back", _dies)
        async with machine.at("clerk") as (clerk,):
            answer = await clerk.http.get("/v1/hello", headers=clerk.headers | {"Cursor-Token": token})
            assert answer.status_code == 503
    assert machine.line()[0] == 1
    async with machine.at("clerk") as (clerk,):
        assert (await hello(clerk, token))["epoch"] > 1


async def test_who_listens_is_sent_to_say_hello(machine: Machine) -> None:
    machine.snapshot("yesterday")
    async with machine.at("clerk") as (clerk,):
        token = await take(clerk)
    machine.set_back("yesterday")
    with machine.running() as platform:
        async with serving(platform) as http:
            clerk, west = await sit_down(http, "clerk"), await sit_down(http, "west-desk")
            async with listening(west) as heard:
                await anext(heard)
                await hello(clerk, token)
                async with asyncio.timeout(60):
                    assert [one.event async for one in heard] == ["bye"]


async def test_frames_of_the_stream_bear_the_token_of_their_place(machine: Machine) -> None:
    with machine.running() as platform:
        async with serving(platform) as http:
            clerk = await sit_down(http, "clerk")
            async with listening(clerk) as heard:
                answered = await take(clerk)
                (put,) = await frames(heard, 1)
            assert put.data["cursor_token"] == answered
            assert platform.readers.now(lambda connection: _entry(platform, connection, answered))


def _entry(platform: Platform, connection: Connection, token: str) -> bool:
    read = platform.cursor_tokens.read("d1", token)
    return read is not None and epochs.last_shared_seq(connection, "d1", read) is None


def _dies(*_: Any, **__: Any) -> bool:
    raise WriterClosed("the writer ended")
