"""A case of the small district that ended last month: no board has it any more, and the platform still does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from commandcenter.domain.commands import Accept, Close, Command, Dispatch, File, Report
from commandcenter.protocol.messages import Result
from commandcenter.server.command_pipeline.pipeline import perform
from commandcenter.server.platform import Platform
from commandcenter.server.storage.projections import find
from tests.kit.console import Ticking, running_platform, take
from tests.kit.district import DISTRICT, seats
from tests.kit.loopback import serving
from tests.kit.platform import new_id

MONTH = 30 * 86400.0  # seconds


@dataclass
class OldHall:
    """A platform on the loopback at `url`, on a clock that tests move."""

    platform: Platform
    clock: Ticking
    url: str = ""

    def does(self, user: str, command: Command) -> Result:
        """Executes a command of `user` on the case as it is."""
        person = seats()[user].person

        def work(connection: Connection) -> Result:
            key = getattr(command, "case", "")
            there: Any = find(connection, DISTRICT.id, "case", key)
            bases = {} if there is None else {f"case:{key}": there.rev}
            return perform(connection, command, person, self.clock(), cmd_id=new_id(), bases=bases)

        result = self.platform.writer.submit(work).result()
        assert result.status == "applied", result
        return result

    def closes(self, to: str = "east-urban", **other: Any) -> str:
        """Takes a case, has it settled by `to` and closes it; returns its id."""
        taken = take(**other)
        self.does("clerk", taken)
        key = taken.case
        for user, command in (
            ("shift", File(key)),
            ("dispatcher", Dispatch(key, to)),
            (to, Accept(key)),
            (to, Report(key, "已抽排")),
            ("shift", Close(key)),
        ):
            self.does(user, command)
        return key


@asynccontextmanager
async def old_hall(data: Path) -> AsyncIterator[OldHall]:
    """Serves the small district, whose clock the test moves on by months."""
    clock = Ticking()
    with running_platform(data, clock) as platform:
        async with serving(platform) as http:
            yield OldHall(platform, clock, str(http.base_url).rstrip("/"))
