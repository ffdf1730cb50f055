"""Sends command batches and accepts only well-formed results for commands that were in the batch."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from commandcenter.domain.records import KINDS
from commandcenter.protocol import intervals, paths
from commandcenter.protocol.codec import NewerContent, Unreadable, encode, read_facts, read_record
from commandcenter.protocol.intervals import Interval
from commandcenter.protocol.media import CURSOR_TOKEN, OUTAGES
from commandcenter.protocol.messages import CommandBatch, Result, Results
from commandcenter.protocol.statuses import Status

if TYPE_CHECKING:
    from commandcenter.client.session import Session

_STATUSES = frozenset(Status)


async def post(
    session: "Session", batch: CommandBatch, cursor_token: str | None = None, away: Iterable[Interval] = ()
) -> tuple[Result, ...]:
    """Sends `batch` and returns the platform's results in their order; commands without a valid result are missing.

    `cursor_token` is the newest one the platform issued. When its log no longer has that entry, it executes no command.
    `away` are the outages in which some of the commands were given. Raises PlatformFault.
    """
    shown = {} if cursor_token is None else {CURSOR_TOKEN: cursor_token}
    shown |= {OUTAGES: told} if (told := intervals.written(away)) else {}
    answer = await session.ask("POST", paths.COMMANDS, Results, body=encode(batch), headers=shown)
    return well_formed(batch, answer)


def well_formed(batch: CommandBatch, answer: Results) -> tuple[Result, ...]:
    """Returns the valid results of commands in `batch`, at most one for each command."""
    open_ids = {envelope.cmd_id for envelope in batch.commands}
    good = []
    for result in answer.results:
        if result.cmd_id in open_ids and result.status in _STATUSES and result.seq != 0 and _is_whole(result):
            open_ids.discard(result.cmd_id)
            good.append(result)
    return tuple(good)


def _is_whole(result: Result) -> bool:
    """Whether the facts and the record of a conflict are in order; a newer platform's may be beyond this program.

    Its kind may not: the command that this program gave names only what it knows.
    """
    try:
        read_facts(result.since)
        if result.current is not None:
            read_record(result.current.kind, result.current.record)
    except NewerContent:
        return result.current is None or result.current.kind in KINDS
    except Unreadable:
        return False
    return True
