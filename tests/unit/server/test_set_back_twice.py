"""Machines that are set back while commands go on: no command is done in a log that has lost what its console knows."""

import pytest
from sqlalchemy import select

from commandcenter.server.storage.tables import audit
from tests.kit.set_back import Machine, any_wish, hello, take


async def test_whoever_shows_more_than_a_platform_has_gets_nothing_done_before_it_has_begun_a_new_epoch(
    machine: Machine,
) -> None:
    machine.snapshot("yesterday")
    async with machine.at("clerk") as (clerk,):
        token = await take(clerk, 2)
    machine.set_back("yesterday")
    _, _, head = machine.line()
    async with machine.at("clerk") as (clerk,):
        clerk.headers |= {"Cursor-Token": token}
        assert [one["status"] for one in await clerk.send(any_wish())] == ["wrong_epoch"]
    epoch, bases, now = machine.line()
    assert (epoch > 1, now) == (True, head)
    assert bases[str(epoch)] <= head
    with machine.running() as platform:
        rows = platform.readers.now(lambda connection: connection.execute(select(audit)).all())
        assert [row.record for row in rows if row.action == "set_back"] == ["district:d1"]


async def test_under_the_same_number_another_entry_is_not_taken_for_the_one_that_the_console_knows(
    machine: Machine,
) -> None:
    machine.snapshot("yesterday")
    async with machine.at("clerk") as (clerk,):
        token = await take(clerk)
    machine.set_back("yesterday")
    async with machine.at("clerk") as (clerk,):
        await take(clerk)
        clerk.headers |= {"Cursor-Token": token}
        assert [one["status"] for one in await clerk.send(any_wish())] == ["wrong_epoch"]


@pytest.mark.expects_log("this platform did not make")
async def test_whoever_shows_what_the_platform_has_is_answered_as_ever(machine: Machine) -> None:
    async with machine.at("clerk") as (clerk,):
        for token in (await take(clerk), "9.9.forged.9", await take(clerk)):
            clerk.headers |= {"Cursor-Token": token}
            await take(clerk)
        assert (await hello(clerk))["epoch"] == 1
