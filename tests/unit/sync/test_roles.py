"""Somebody becomes somebody else while they sit there: their board, what they may do, and what they had kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.domain.commands import Dispatch, File
from commandcenter.domain.decisions import Refused
from commandcenter.domain.people import Person, Role, Scope
from commandcenter.server.auth import roles
from commandcenter.server.platform import Platform
from commandcenter.store.overlay import Delivery
from commandcenter.sync.connection import State
from tests.kit.console import Ticking, Wire, console, done, live, running_platform, seated, take, until
from tests.kit.district import NOON, PASSWORD, seats
from tests.kit.loopback import serving
from tests.kit.role_spans import end_role
from tests.kit.scripted import URL, Paper, a_case, jsoned, problem, sit

WEST = Person("east-desk", Role.STREET_DISPATCHER, Scope("d1", street="west"))


@dataclass
class Hall:
    """A platform that runs, with a case in each street."""

    platform: Platform
    url: str
    east: str = ""
    west: str = ""

    async def becomes(self, person: Person, **when: Any) -> None:
        await self.platform.writer.do(
            lambda connection: roles.change_role(connection, person, now=self.platform.now(), **when)
        )

    async def ceases(self, user: str) -> None:
        await self.platform.writer.do(lambda connection: end_role(connection, user, now=self.platform.now()))


@asynccontextmanager
async def two_streets(folder: Path) -> AsyncIterator[Hall]:
    """The small district with a case in each street."""
    with running_platform(folder / "platform", Ticking()) as platform:
        async with serving(platform) as http:
            hall = Hall(platform, str(http.base_url).rstrip("/"))
            async with seated(folder / "clerk", hall.url, "clerk") as clerk:
                acts = [await done(clerk, take(street)) for street in ("east", "west")]
                hall.east, hall.west = (act.ref[1] for act in acts)
            yield hall


def _sees(desk: Any, *keys: str) -> list[bool]:
    return [desk.board.find("case", key) is not None for key in keys]


async def test_who_moves_to_another_street_sees_that_one_and_nothing_of_the_former(tmp_path: Path) -> None:
    async with two_streets(tmp_path) as hall, seated(tmp_path / "desk", hall.url, "east-desk") as desk:
        told: list[Person | None] = []
        desk.user.became.connect(lambda _: told.append(desk.person))
        assert _sees(desk, hall.east, hall.west) == [True, False]
        await hall.becomes(WEST)
        await until(lambda: _sees(desk, hall.east, hall.west) == [False, True])
        assert (told, desk.person, desk.has_role) == ([WEST], WEST, True)
        assert desk.user.since is not None
        assert desk.user.since >= NOON
        await live(desk)
    async with console(tmp_path / "desk") as again:
        assert _sees(again, hall.east, hall.west) == [False, True]


async def test_who_becomes_another_role_does_what_that_role_does(tmp_path: Path) -> None:
    async with two_streets(tmp_path) as hall, seated(tmp_path / "desk", hall.url, "shift") as desk:
        case = desk.board.find("case", hall.east)
        assert "file" in desk.may(case)
        await hall.becomes(Person("shift", Role.DISPATCHER, Scope("d1")))
        await until(lambda: desk.person is not None and desk.person.role is Role.DISPATCHER)
        assert desk.why_not("file", case) == "role"
        await live(desk)
        assert await desk.do(File(hall.east)) == Refused("role", "dispatcher")


async def test_without_a_role_the_board_is_empty_and_comes_back_by_itself(tmp_path: Path) -> None:
    async with two_streets(tmp_path) as hall, seated(tmp_path / "desk", hall.url, "shift") as desk:
        case = desk.board.find("case", hall.east)
        await hall.ceases("shift")
        await until(lambda: desk.connection.state is State.REFUSED)
        assert (desk.connection.code, desk.has_role) == ("no_role", False)
        assert not [*desk.board.all("case"), *desk.board.all("holder")]
        assert (desk.may(case), desk.why_not("file", case)) == ((), "no_role")
        assert await desk.do(File(hall.east)) == Refused("no_role")
        await hall.becomes(seats()["shift"].person)
        await live(desk)
        assert desk.has_role
        assert _sees(desk, hall.east, hall.west) == [True, True]
        assert "file" in desk.may(desk.board.find("case", hall.east))


async def test_who_begins_the_program_without_a_role_sees_nothing_of_what_they_saw(tmp_path: Path) -> None:
    async with two_streets(tmp_path) as hall:
        async with seated(tmp_path / "desk", hall.url, "shift"):
            pass
        await hall.ceases("shift")
        async with console(tmp_path / "desk") as desk:
            assert _sees(desk, hall.east, hall.west) == [True, True]
            with pytest.raises(Unavailable, match="no_role"):
                await desk.user.sign_in(hall.url, "shift", PASSWORD)
            assert not list(desk.board.all("case"))


async def test_who_has_no_role_does_not_see_what_somebody_else_left_open(tmp_path: Path) -> None:
    async with two_streets(tmp_path) as hall:
        async with seated(tmp_path / "seat", hall.url, "shift") as desk:
            await until(lambda: _sees(desk, hall.east, hall.west) == [True, True])
        await hall.ceases("dispatcher")
        async with console(tmp_path / "seat") as desk:
            assert _sees(desk, hall.east, hall.west) == [True, True]
            with pytest.raises(Unavailable, match="no_role"):
                await desk.user.sign_in(hall.url, "dispatcher", PASSWORD)
            assert (desk.position.at, len(desk.board.cases)) == (None, 0)


async def test_who_has_no_role_takes_nothing_from_whoever_sits_there(tmp_path: Path) -> None:
    async with two_streets(tmp_path) as hall:
        await hall.ceases("dispatcher")
        async with seated(tmp_path / "seat", hall.url, "shift") as desk:
            await until(lambda: _sees(desk, hall.east, hall.west) == [True, True])
            with pytest.raises(Unavailable, match="no_role"):
                await desk.user.sign_in(hall.url, "dispatcher", PASSWORD)
            assert _sees(desk, hall.east, hall.west) == [True, True]
            assert desk.connection.state is State.LIVE


async def test_what_the_new_role_may_not_do_needs_the_person_and_nothing_is_lost(tmp_path: Path) -> None:
    network = Wire()
    async with two_streets(tmp_path) as hall, seated(tmp_path / "desk", hall.url, "shift", network) as desk:
        network.cut()
        kept = await desk.do(File(hall.east))
        await hall.becomes(Person("shift", Role.DISPATCHER, Scope("d1")))
        network.mend()
        await until(lambda: desk.acts.needing)
        (act,) = desk.acts.needing
        assert (act.cmd_id, act.code, act.state) == (kept.cmd_id, "role", "refused")
        await live(desk)  # the answer may come before the new board
        assert await desk.decisions.again(act.cmd_id) == Refused("role", "dispatcher")
        assert await desk.decisions.drop(act.cmd_id) is None


async def test_what_is_kept_waits_for_a_role_says_so_and_is_done_when_one_begins(tmp_path: Path) -> None:
    network = Wire()
    async with two_streets(tmp_path) as hall, seated(tmp_path / "desk", hall.url, "shift", network) as desk:
        network.cut()
        kept = await desk.do(File(hall.east))
        await hall.ceases("shift")
        network.mend()
        await until(lambda: desk.connection.code == "no_role")
        (act,) = desk.acts.open
        assert (act.cmd_id, act.delivery, act.code) == (kept.cmd_id, Delivery.KEPT, "no_role")
        await hall.becomes(seats()["shift"].person)
        await until(lambda: not desk.acts.open)
        (ended,) = desk.acts.recent
        assert (ended.cmd_id, ended.delivery) == (kept.cmd_id, Delivery.DONE)


async def test_a_batch_that_nobody_may_send_any_more_makes_the_line_ask_who_sits_there(tmp_path: Path) -> None:
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead["/v1/commands"] = problem(403, "no_role")
        paper.instead["/v1/hello"] = problem(403, "no_role")
        act = await desk.do(File("c1"))
        await until(lambda: desk.connection.code == "no_role")
        assert [one.cmd_id for one in desk.acts.open] == [act.cmd_id]
        paper.instead.clear()
        await until(lambda: paper.batches)


async def test_a_proxy_that_forbids_is_no_end_of_a_role(tmp_path: Path) -> None:
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.instead["/v1/hello"] = problem(403, "forbidden")
        paper.raw(None)
        await until(lambda: desk.connection.code == "forbidden")
        assert desk.has_role
        assert desk.board.find("case", "c1")


async def test_a_scope_that_moved_unheard_is_noticed_by_the_next_heartbeat(tmp_path: Path) -> None:
    paper = Paper()
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        paper.records.pop()
        paper.scope_ver = 3
        paper.say("hb", b'{"head":10,"now":"2026-11-24T04:00:01Z","scope_ver":3}')
        await until(lambda: desk.board.find("case", "c1") is None)
        assert "scope" in [entry.code for entry in desk.connection.log]


async def test_a_snapshot_of_another_scope_than_the_hello_said_is_not_shown(tmp_path: Path) -> None:
    paper = Paper()
    said = jsoned({**_hello(paper), "scope_ver": 1})
    later = replace(seats()["shift"].person, scope=Scope("d1", street="west"))
    paper.scope_ver = 3
    paper.records.append(a_case())
    paper.hello_extra = {"role": later.role.value, "scope": {"district": "d1", "street": "west"}}
    paper.instead["/v1/hello"] = [said]
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        assert desk.person == later
        assert desk.position.at is not None
        assert desk.position.at.scope_ver == 3


def _hello(paper: Paper) -> dict[str, Any]:
    return httpx.Response.json(paper._hello())


async def test_a_platform_that_knows_no_spans_leaves_the_person_as_signed_in(tmp_path: Path) -> None:
    paper = Paper()
    async with console(tmp_path, paper) as desk:
        await desk.user.sign_in(URL, "shift", "x")
        paper.beat()
        await live(desk)
        assert (desk.person, desk.user.since, desk.has_role) == (seats()["shift"].person, None, True)
        assert await desk.do(Dispatch("c9", "east-urban")) == Refused("unknown_case", "c9")


@pytest.mark.expects_log("the line to the platform failed")
async def test_an_error_of_whoever_hears_that_a_role_ended_does_not_end_the_line(tmp_path: Path) -> None:
    paper, heard = Paper(), list[BaseException]()
    paper.records.append(a_case())
    async with console(tmp_path, paper, heard=heard) as desk:
        await sit(desk, paper)
        desk.user.became.connect(_stumble)
        paper.instead["/v1/hello"] = [problem(403, "no_role")]
        paper.raw(None)
        await until(lambda: heard)
        desk.user.became.disconnect(_stumble)
        await until(lambda: desk.connection.state is State.LIVE and desk.has_role)
        assert desk.board.find("case", "c1")


def _stumble(_: None) -> None:
    raise RuntimeError("a list did not expect that")


async def test_who_is_nobody_now_has_an_empty_board_before_it_is_said(tmp_path: Path) -> None:
    paper, told = Paper(), []
    paper.records.append(a_case())
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)

        def became(_: None) -> None:
            told.append((desk.has_role, len(list(desk.board.all("case")))))

        desk.user.became.connect(became)
        paper.instead["/v1/hello"] = problem(403, "no_role")
        paper.raw(None)
        await until(lambda: told)
        assert told == [(False, 0)]
