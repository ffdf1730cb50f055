"""The route of commands, which are sent in batches."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.calendar import YEARS
from commandcenter.protocol import intervals, paths
from commandcenter.protocol.limits import COMMANDS_MOST
from commandcenter.protocol.media import OUTAGES
from commandcenter.protocol.messages import CommandBatch, Results
from commandcenter.server import documents
from commandcenter.server.command_pipeline.pipeline import execute_batch
from commandcenter.server.errors import HttpProblem
from commandcenter.server.identifiers import is_uuid, is_valid_id
from commandcenter.server.routes.dependencies import (
    ShownCursorToken,
    SignedInToken,
    body_of,
    json,
    platform_of,
    role_of_request,
    spend,
)
from commandcenter.server.storage import epochs

router = APIRouter(tags=["commands"])


@router.post(
    paths.COMMANDS, **documents.writes("What a console wants done", Results, CommandBatch, (404, *documents.WRITE))
)
async def commands(
    request: Request,
    seat: SignedInToken,
    cursor_token: ShownCursorToken = None,
    outages: Annotated[
        str, Header(alias=OUTAGES, description="When the console was without the platform: since/until, since/until")
    ] = "",
) -> Response:
    """Performs at most a hundred commands of one console in order and answers each; it stops at the first `retry`.

    Where the cursor token shows that the log was set back, a new epoch begins and none of the commands is performed.
    What was given during one of the outages counts as done then.
    """
    batch, away = await body_of(request, CommandBatch), intervals.read(outages)
    _check(batch)
    platform = platform_of(request)
    spend(request, seat, "commands", len(batch.commands))
    spend(request, seat, "takes", sum(envelope.type == "take" for envelope in batch.commands))

    def work(connection: Connection) -> Results:
        person, now, tokens = role_of_request(connection, request, seat).person, platform.now(), platform.cursor_tokens
        if cursor_token:
            epochs.check_cursor_token(
                connection, tokens, person.scope.district, cursor_token, epoch=batch.epoch, now=now
            )
        return execute_batch(connection, batch, person, now, platform.site_key, tokens, away)

    return json(await platform.writer.do(work))


def _check(batch: CommandBatch) -> None:
    if not 1 <= len(batch.commands) <= COMMANDS_MOST:
        raise HttpProblem(422, "too_many", f"A batch has 1 to {COMMANDS_MOST} commands.", about="commands")
    if not is_valid_id(batch.console_id):
        raise HttpProblem(422, "bad_id", "The id of the console is not a plain one.", about="console_id")
    ids = (
        key for envelope in batch.commands for key in (envelope.cmd_id, envelope.dep, *envelope.acts) if key is not None
    )
    if not all(map(is_uuid, ids)):
        raise HttpProblem(422, "bad_id", "The id of a command is a UUID.", about="cmd_id")
    if not all(moment.tzinfo is not None and moment.year in YEARS for moment in _moments(batch)):
        raise HttpProblem(422, "bad_time", "A moment has a zone and a year of some calendar.", about="made_at")


def _moments(batch: CommandBatch) -> Iterator[datetime]:
    for envelope in batch.commands:
        yield envelope.made_at
        if envelope.attested:
            yield envelope.attested.made_at
