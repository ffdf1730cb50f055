"""Who sits at the desk, what they read, what they may do, and where the platform is."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from commandcenter.bootstrap import Unavailable
from commandcenter.domain.commands import File
from commandcenter.domain.decisions import Refused
from commandcenter.store.overlay import Act
from commandcenter.sync.connection import State
from commandcenter.sync.desk import Desk
from commandcenter.sync.user_session import SIGN_IN_AGAIN_S
from tests.kit.console import console, live, until
from tests.kit.district import NOON, seats
from tests.kit.inline_worker import InlineWorker
from tests.kit.scripted import URL, Paper, a_case, html, problem, sit

MOVED = "http://127.0.0.1:10"
SECRET = a_case("s1", text="住在三楼的人", secret=True)


class Places(Paper):
    """A platform that remembers at which port it was asked what."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.ports: list[int | None] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.ports.append(request.url.port)
        return await super().handle_async_request(request)


def at_desk(folder: Path, paper: Paper, **other: Any):
    return console(folder, paper, **({"worker": lambda name: InlineWorker()} | other))


def text(desk: Desk) -> str:
    """What stands in the secret case on the board."""
    found = desk.board.find("case", "s1")
    assert found is not None
    return found.text  # type: ignore[union-attr]


async def refused(desk: Desk, user: str = "shift") -> tuple[str, str]:
    with pytest.raises(Unavailable) as said:
        await desk.user.sign_in(URL, user, "x")
    return said.value.code, said.value.about


@pytest.mark.parametrize(
    ("wanted", "platform", "says"),
    [
        ("d2", "d1", ("district_differs", "d1")),
        ("d2", "d2", ("wrong_platform", "d2")),
        ("d1", "d2", ("wrong_platform", "d2")),
        ("", "d2", ("wrong_platform", "d2")),
        ("d1", "d1", None),
    ],
)
async def test_a_console_of_one_district_is_signed_in_to_that_one_alone(
    tmp_path: Path, wanted: str, platform: str, says: tuple[str, str] | None
) -> None:
    """The accounts are of d1."""
    (tmp_path / "settings.toml").write_text(f'district = "{wanted}"\n')
    paper = Paper()
    paper.hello_extra = {"district": platform}
    async with at_desk(tmp_path, paper) as desk:
        if says is None:
            await sit(desk, paper)
        else:
            assert await refused(desk) == says
            assert desk.person is None


async def test_a_line_that_waits_goes_on_at_once_at_the_address_where_the_platform_is_now(tmp_path: Path) -> None:
    waits = asyncio.Event()

    async def long(seconds: float) -> None:
        waits.set()
        await asyncio.Event().wait()

    paper = Places()
    async with at_desk(tmp_path, paper, sleep=long) as desk:
        desk.user.moved(MOVED)  # nobody is signed in: nothing is asked
        assert paper.ports == []
        await sit(desk, paper)
        paper.instead["/v1/hello"] = html(502)
        paper.raw(None)
        await until(lambda: desk.connection.state is State.WAITING)
        await waits.wait()
        del paper.instead["/v1/hello"]
        asked = len(paper.ports)
        desk.user.moved(MOVED)
        paper.beat()
        await live(desk)
        assert set(paper.ports[:asked]) == {9}
        assert set(paper.ports[asked:]) == {10}


async def test_what_is_secret_is_read_by_whoever_sits_here_as_soon_as_they_do(tmp_path: Path) -> None:
    paper = Paper()
    paper.records.append(SECRET)
    async with at_desk(tmp_path, paper) as desk:
        await sit(desk, paper)
        assert text(desk) == SECRET.text
    async with at_desk(tmp_path, paper) as desk:
        assert text(desk) == ""  # nobody sits here
        told: list[str] = []
        trips: list[float | None] = []
        desk.connection.changed.connect(lambda _: trips.append(desk.connection.round_trip))
        desk.connection.changed.connect(lambda _: told.append(text(desk) if desk.person else ""))
        paper.instead |= {"/v1/events": html(502), "/v1/snapshot": html(502)}
        await desk.user.sign_in(URL, "shift", "x")
        assert text(desk) == SECRET.text
        assert set(told) == {SECRET.text}  # nobody hears that they sit here before they can read
        assert all(trips)  # a hello took its time from the first
        assert abs(desk.now() - NOON) < timedelta(minutes=1)  # as the platform's hello said


async def test_who_sits_here_is_who_the_platform_says_and_each_change_is_told_once(tmp_path: Path) -> None:
    paper, told = Paper(), []
    paper.hello_extra = {"role": "shift_leader", "scope": {"district": "d1"}, "since": NOON}
    paper.records += [a_case(), SECRET]
    async with at_desk(tmp_path, paper) as desk:
        desk.user.became.connect(lambda _: told.append((desk.person and desk.person.role.value, desk.has_role)))
        await sit(desk, paper)
        shift = seats()["shift"].person
        assert (desk.person, desk.has_role, desk.user.since, told) == (shift, True, NOON, [])
        assert "file" in desk.may(a_case())
        assert desk.why_not("file", a_case()) is None
        later = NOON + timedelta(hours=1)
        paper.hello_extra["since"] = later
        paper.raw(None)
        await until(lambda: desk.user.since == later)
        assert told == []  # the same person in the same role
        paper.hello_extra |= {"role": "intake_clerk"}
        paper.raw(None)
        await until(lambda: told)
        assert (desk.person, told) == (replace(shift, role=seats()["clerk"].role), [("intake_clerk", True)])
        assert desk.why_not("file", a_case()) == "role"
        await until(lambda: desk.board.find("case", "s1"))
        assert text(desk) == ""  # not for a clerk who did not take it
        paper.instead["/v1/hello"] = problem(403, "no_role")
        paper.raw(None)
        await until(lambda: len(told) > 1)
        assert told[1:] == [("intake_clerk", False)]
        assert (desk.has_role, desk.user.since, desk.may(a_case())) == (False, None, ())
        assert (desk.why_not("file", a_case()), desk.why_not("take", None)) == ("no_role", "no_role")
        assert await desk.do(File("c1")) == Refused("no_role")


async def test_a_command_of_who_has_gone_meanwhile_is_not_that_of_who_sits_here_now(tmp_path: Path) -> None:
    paper = Paper()
    paper.records.append(a_case())
    async with at_desk(tmp_path, paper) as desk:
        await sit(desk, paper)
        async with desk._doing:
            giving = asyncio.create_task(desk.do(File("c1")))
            await asyncio.sleep(0)
            paper.seat = seats()["dispatcher"]
            await desk.user.sign_in(URL, "dispatcher", "x")
        assert await giving == Refused("signed_out")


@pytest.mark.parametrize(
    ("sits", "is_out", "asks", "is_forgotten"),
    [
        (None, False, "shift", True),
        (None, False, "dispatcher", True),
        ("shift", False, "shift", True),
        ("shift", False, "dispatcher", False),
        ("shift", True, "dispatcher", True),
    ],
)
async def test_a_board_is_forgotten_when_its_own_person_or_nobody_is_left_who_may_see_it(
    tmp_path: Path, sits: str | None, is_out: bool, asks: str, is_forgotten: bool
) -> None:
    paper = Paper()
    paper.records.append(a_case())
    async with at_desk(tmp_path, paper) as desk:
        await sit(desk, paper)
    async with at_desk(tmp_path, paper) as desk:
        if sits is not None:
            await sit(desk, paper)
        if is_out:
            paper.instead |= {"/v1/hello": problem(401, "signed_out"), "/v1/refresh": problem(401, "signed_out")}
            paper.raw(None)
            await until(lambda: desk.connection.state is State.SIGNED_OUT)
        paper.seat = seats()[asks]
        paper.instead["/v1/hello"] = problem(403, "no_role")
        assert (await refused(desk, asks))[0] == "no_role"
        assert (desk.position.at is None, desk.board.find("case", "c1") is None) == (is_forgotten, is_forgotten)
        paper.instead["/v1/hello"] = problem(403, "forbidden")
        assert (await refused(desk, asks))[0] == "forbidden"
        assert (desk.position.at is None) is is_forgotten


async def test_what_is_given_or_decided_leaves_at_once(tmp_path: Path) -> None:
    paper = Paper()
    paper.records.append(a_case())
    paper.results = lambda wish: {"cmd_id": wish["cmd_id"], "status": "conflict", "code": "changed"}
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        for sent in (1, 2):
            act = await (desk.do(File("c1")) if sent == 1 else desk.decisions.again(desk.acts.needing[0].cmd_id))
            assert isinstance(act, Act)
            await until(lambda: len(paper.batches) == sent and desk.acts.needing)  # noqa: B023
            seen = desk.decisions.look(desk.acts.needing[0].cmd_id)
            assert seen is not None
            assert seen.act.cmd_id == act.cmd_id


async def test_a_sign_in_that_ended_is_begun_again_at_the_most_every_ten_seconds(tmp_path: Path) -> None:
    clock = {"mono": 100.0}
    paper = Paper()
    async with at_desk(tmp_path, paper, mono=lambda: clock["mono"]) as desk:
        await sit(desk, paper)
        desk.user.stored_account = lambda: (URL, "shift", "new")
        paper.instead |= {
            "/v1/hello": problem(401, "signed_out"),
            "/v1/refresh": problem(401, "signed_out"),
            "/v1/sign-in": problem(401, "wrong_password"),
        }
        paper.raw(None)
        await until(lambda: any(entry.code == "wrong_password" for entry in desk.connection.log))
        tries = paper.asked.count("/v1/sign-in")
        for passed, more in ((0.0, 0), (SIGN_IN_AGAIN_S, 0), (0.1, 1), (SIGN_IN_AGAIN_S, 1), (0.1, 2)):
            clock["mono"] += passed
            desk.connection.note("whatever")
            await until(lambda: not [task for task in desk.tasks._running if task.get_name() == "sign in again"])
            assert paper.asked.count("/v1/sign-in") == tries + more
        desk.user.stored_account = lambda: None
        clock["mono"] += 2 * SIGN_IN_AGAIN_S
        desk.connection.note("whatever")
        assert not [task for task in desk.tasks._running if task.get_name() == "sign in again"]


async def test_a_sign_in_that_is_not_used_any_more_is_signed_off(tmp_path: Path) -> None:
    paper = Paper()
    async with at_desk(tmp_path, paper) as desk:
        paper.instead["/v1/hello"] = [problem(503, "busy")]
        assert (await refused(desk))[0] == "busy"
        assert paper.asked.count("/v1/sign-out") == 1
        await sit(desk, paper)
        assert paper.asked.count("/v1/sign-out") == 1
        await sit(desk, paper)
        assert paper.asked.count("/v1/sign-out") == 2
    assert paper.asked.count("/v1/sign-out") == 3


async def test_a_desk_that_was_closed_signs_in_no_more_and_hears_nothing(tmp_path: Path) -> None:
    paper = Paper()
    async with at_desk(tmp_path, paper) as desk:
        await sit(desk, paper)
        desk.user.stored_account = lambda: (URL, "shift", "new")
        act = await desk.do(File("c9"))
        assert not isinstance(act, Act)
    asked = len(paper.asked)
    assert desk.user._session is None
    desk.connection.to(State.SIGNED_OUT, code="signed_out")
    assert not desk.tasks._running
    assert len(paper.asked) == asked
