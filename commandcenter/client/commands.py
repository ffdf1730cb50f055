"""Commands on their way to the platform: only a well-formed result for a command that was sent is an answer to it."""

from typing import TYPE_CHECKING

from commandcenter.protocol import paths
from commandcenter.protocol.codec import Unreadable, encode, read_facts, read_record
from commandcenter.protocol.messages import CommandBatch, Result, Results

if TYPE_CHECKING:
    from commandcenter.client.session import Session

MOST = 100
STATUSES = frozenset({"applied", "conflict", "refused", "wrong_epoch", "retry"})


async def post(session: "Session", batch: CommandBatch, cursor_token: str | None = None) -> tuple[Result, ...]:
    """What the platform answers to the commands of `batch`, in its order; those without an answer are not in it.

    `cursor_token`: the newest that it gave, without whose entry in its log it does none of them.
    """
    shown = {} if cursor_token is None else {"cursor-token": cursor_token}
    answer = await session.ask("POST", paths.COMMANDS, Results, body=encode(batch), headers=shown)
    return well_formed(batch, answer)


def well_formed(batch: CommandBatch, answer: Results) -> tuple[Result, ...]:
    """The results that answer a command of `batch` in words of the protocol, the first for each."""
    open_ids = {envelope.cmd_id for envelope in batch.commands}
    good = []
    for result in answer.results:
        if result.cmd_id in open_ids and result.status in STATUSES and result.seq != 0 and _is_whole(result):
            open_ids.discard(result.cmd_id)
            good.append(result)
    return tuple(good)


def _is_whole(result: Result) -> bool:
    """Whether what a conflict shows can be shown."""
    try:
        read_facts(result.since)
        if result.current is not None:
            read_record(result.current.kind, result.current.record)
    except Unreadable:
        return False
    return True
