"""What a console still keeps long after the platform answered it: however late it comes again, it happened once."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from commandcenter.domain.commands import File, LocateCrew
from commandcenter.domain.places import Spot
from commandcenter.domain.teams import CrewStatus
from commandcenter.operations.backup import backup
from commandcenter.protocol.retention import FOR_EVER
from commandcenter.server import schedule
from commandcenter.server.platform import Platform
from commandcenter.server.storage.restoring import restore
from tests.kit.console import Ticking, Wire, console, idle, running_platform, seated, take, until
from tests.kit.district import NOON, PASSWORD
from tests.kit.loopback import serving
from tests.kit.scripted import Paper, a_case, html, sit

MONTH = 31 * 86400.0


class Forgetful(Wire):
    """The platform hears the commands; from then on nothing comes back from it."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0

    async def carry(self, request: httpx.Request) -> httpx.Response:
        answer = await super().carry(request)
        if request.url.path == "/v1/commands":
            await answer.aread()
            self.lost += 1
            self.cut()
            raise httpx.ReadError("the answer was lost")
        return answer


def effects(data: Path, cmd_id: str) -> int:
    with closing(sqlite3.connect(data / "platform.db")) as connection:
        found: int = connection.execute("SELECT COUNT(*) FROM log WHERE cmd_id = ?", (cmd_id,)).fetchone()[0]
        return found


def trim(platform: Platform) -> None:
    platform.writer.submit(lambda connection: schedule.trim(connection, platform.now())).result()


def crew_on_its_way() -> LocateCrew:
    return LocateCrew("east-crew", Spot(117.3, 31.8), CrewStatus.EN_ROUTE)


@pytest.mark.parametrize("machine", [0.0, 40 * 86400.0, -40 * 86400.0], ids=["right", "ahead", "behind"])
@pytest.mark.parametrize(("user", "wish"), [("clerk", take), ("east-urban", crew_on_its_way)], ids=["take", "locate"])
async def test_an_act_whose_answer_was_lost_a_month_ago_has_one_effect_and_ends_done(
    tmp_path: Path, user: str, wish: Any, machine: float
) -> None:
    clock, network = Ticking(), Forgetful()
    wall = lambda: clock().timestamp() + machine  # noqa: E731
    with running_platform(tmp_path / "p", clock) as platform:
        async with serving(platform) as http:
            url = str(http.base_url).rstrip("/")
            async with seated(tmp_path / "a", url, user, network, wall=wall) as desk:
                act = await desk.do(wish())
                await until(lambda: network.lost)
            clock.ahead += MONTH
            trim(platform)
            async with console(tmp_path / "a", wall=wall, boot="another") as desk:
                await desk.user.sign_in(url, user, PASSWORD)
                await idle(desk)
                assert [(one.cmd_id, one.state) for one in desk.acts.recent] == [(act.cmd_id, "done")]
    assert effects(tmp_path / "p", act.cmd_id) == 1


@pytest.mark.parametrize("is_in_backup", [True, False], ids=["backup behind it", "backup before it"])
async def test_a_restore_in_between_leaves_it_at_one_effect(tmp_path: Path, is_in_backup: bool) -> None:
    clock, network, data, file = Ticking(), Forgetful(), tmp_path / "p", tmp_path / "hall.backup"
    with running_platform(data, clock) as platform:
        async with serving(platform) as http:
            url = str(http.base_url).rstrip("/")
            async with seated(tmp_path / "a", url, "east-urban", network) as desk:
                if not is_in_backup:
                    backup(data, file)
                act = await desk.do(crew_on_its_way())
                await until(lambda: network.lost)
        clock.ahead += MONTH
        trim(platform)
        if is_in_backup:
            backup(data, file)
    restore(file, data, now=clock(), force=True)
    assert effects(data, act.cmd_id) == int(is_in_backup)
    with running_platform(data, clock) as platform:
        async with serving(platform) as http, console(tmp_path / "a") as desk:
            await desk.user.sign_in(str(http.base_url).rstrip("/"), "east-urban", PASSWORD)
            await idle(desk)
            assert [(one.cmd_id, one.state) for one in desk.acts.recent] == [(act.cmd_id, "done")]
    assert effects(data, act.cmd_id) == 1


async def test_a_platform_that_forgets_is_asked_about_what_it_may_have_forgotten_before_that_is_offered(tmp_path):
    paper = Paper()
    paper.records += [a_case("c1"), a_case("c2")]
    paper.instead["/v1/commands"] = html(502)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        await until(lambda: "/v1/commands" in paper.asked)
    del paper.instead["/v1/commands"]
    paper.hello_extra = {"now": NOON + timedelta(days=30), "keep": {"results_s": 30 * 86400}}
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await until(lambda: desk.acts.needing)
        young = await desk.do(File("c2"))
        await until(lambda: len(paper.batches) == 2)
        sent = [(wish["cmd_id"], wish["withdraw"]) for batch in paper.batches for wish in batch["commands"]]
        assert sent == [(act.cmd_id, True), (young.cmd_id, False)]


async def test_a_platform_that_forgets_nothing_is_offered_what_is_a_month_old_as_it_is(tmp_path):
    paper = Paper()
    paper.records.append(a_case("c1"))
    paper.instead["/v1/commands"] = html(502)
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        act = await desk.do(File("c1"))
        await until(lambda: "/v1/commands" in paper.asked)
    del paper.instead["/v1/commands"]
    kept = {"results_s": 30 * 86400, "outcomes_s": int(FOR_EVER.total_seconds())}
    paper.hello_extra = {"now": NOON + timedelta(days=31), "keep": kept}
    async with console(tmp_path, paper) as desk:
        await sit(desk, paper)
        await until(lambda: paper.batches)
        assert [(wish["cmd_id"], wish["withdraw"]) for wish in paper.batches[0]["commands"]] == [(act.cmd_id, False)]
