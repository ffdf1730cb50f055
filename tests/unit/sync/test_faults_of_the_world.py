"""Clocks that are days off, a sign-in revoked while offline, a proxy that answers: nothing is lost by them."""

import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete

from commandcenter.domain.commands import Dispatch, File
from commandcenter.server.storage.tables import sessions
from commandcenter.store.overlay import Act, Delivery
from tests.kit.console import Wire, case, console, done, hall, idle, live, running_platform, seated, take, until
from tests.kit.district import NOON, PASSWORD
from tests.kit.loopback import serving
from tests.kit.scripted import html, problem

DAY = 86400.0


@pytest.mark.parametrize("off", [-DAY, -3600.0, 3600.0, DAY])
async def test_a_console_s_clock_that_is_off_changes_no_result(tmp_path: Path, off: float) -> None:
    wall = lambda: time.time() + off  # noqa: E731
    network, wish, late = Wire(), take(), take()
    async with (
        hall(tmp_path / "platform") as url,
        seated(tmp_path / "clerk", url, "clerk", network, wall=wall) as clerk,
        seated(tmp_path / "shift", url, "shift", wall=wall) as shift,
        seated(tmp_path / "dispatcher", url, "dispatcher") as right,
    ):
        await done(clerk, wish)
        network.cut()
        await until(lambda: clerk.connection.state == "waiting")
        assert isinstance(await clerk.do(late), Act)
        network.mend()
        await idle(clerk)
        await until(lambda: shift.board.find("case", late.case))
        for one in (wish, late):
            await done(shift, File(one.case))
            await until(lambda one=one: right.may(case(right, one.case)))
            await done(right, Dispatch(one.case, "east-urban"))
        await until(lambda: case(shift, late.case) == case(right, late.case))
        for one in (wish, late):
            found = case(right, one.case)
            assert abs(found.received_at - NOON) < timedelta(minutes=5)
            assert found.due is not None
            assert abs(found.due - NOON - timedelta(hours=4)) < timedelta(minutes=5)
        assert abs(shift.now() - NOON) < timedelta(minutes=5)


async def test_what_was_given_before_the_platform_s_time_was_ever_known_is_done_all_the_same(tmp_path: Path) -> None:
    network, wish = Wire(), take()
    async with hall(tmp_path / "platform") as url:
        async with seated(tmp_path / "clerk", url, "clerk", network) as clerk:
            network.cut()
            await clerk.do(wish)
        async with console(tmp_path / "clerk", wall=lambda: time.time() - DAY) as clerk:
            assert [act.delivery for act in clerk.acts.open] == [Delivery.KEPT]
            await clerk.user.sign_in(url, "clerk", PASSWORD)
            await live(clerk)
            await idle(clerk)
            assert case(clerk, wish.case).number is not None


async def test_a_sign_in_revoked_while_offline_keeps_everything_for_the_next_one(tmp_path: Path) -> None:
    network, wish = Wire(), take()
    with running_platform(tmp_path / "platform") as platform:
        async with serving(platform) as http:
            url = str(http.base_url).rstrip("/")
            async with seated(tmp_path / "clerk", url, "clerk", network) as clerk:
                network.cut()
                await until(lambda: clerk.connection.state == "waiting")
                act = await clerk.do(wish)
                platform.seats.revoke(user="clerk")
                await platform.writer.do(lambda connection: connection.execute(delete(sessions)))
                network.mend()
                await until(lambda: clerk.connection.state == "signed_out")
                assert [(one.cmd_id, one.delivery) for one in clerk.acts.open] == [(act.cmd_id, Delivery.KEPT)]
                assert clerk.unsent == {"clerk": 1}
                later = await clerk.do(take())
                assert isinstance(later, Act)
                await clerk.user.sign_in(url, "clerk", PASSWORD)
                await live(clerk)
                await idle(clerk)
                assert {act.cmd_id, later.cmd_id} <= {one.cmd_id for one in clerk.acts.recent}
                assert case(clerk, wish.case).rev == 1


@pytest.mark.parametrize("status", [200, 302, 401, 403, 404, 407, 413, 429, 502, 503])
async def test_a_proxy_that_answers_for_the_platform_ends_no_act(tmp_path: Path, status: int) -> None:
    network = Wire()
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "clerk", url, "clerk", network) as clerk:
        answers: list[httpx.Response] = []

        def proxy(request: httpx.Request) -> httpx.Response:
            answers.append(html(status))
            return answers[-1]

        network.cut()
        network.mend()
        network.instead = proxy
        act = await clerk.do(take())
        await until(lambda: len(answers) > 6)
        assert [(one.cmd_id, one.delivery) for one in clerk.acts.open] == [(act.cmd_id, Delivery.KEPT)]
        assert clerk.connection.state not in ("signed_out", "live")
        network.instead = lambda request: None
        await live(clerk)
        await idle(clerk)


async def test_a_refusal_in_the_platform_s_own_words_ends_none_either(tmp_path: Path) -> None:
    network = Wire()
    async with hall(tmp_path / "platform") as url, seated(tmp_path / "clerk", url, "clerk", network) as clerk:
        for status, code in ((400, "http"), (403, "role"), (404, "unknown"), (408, "too_slow"), (500, "internal")):
            asked: list[str] = []

            def instead(request: httpx.Request, no=(status, code), asked=asked) -> httpx.Response | None:
                if request.url.path != "/v1/commands":
                    return None
                asked.append(request.url.path)
                return problem(*no)

            network.instead = instead
            act = await clerk.do(take())
            await until(lambda asked=asked: len(asked) > 2)
            assert [(one.cmd_id, one.delivery) for one in clerk.acts.open] == [(act.cmd_id, Delivery.KEPT)]
            network.instead = lambda request: None
            await idle(clerk)
