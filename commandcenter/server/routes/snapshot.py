"""The board as of one moment."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response, StreamingResponse

from commandcenter.protocol import paths
from commandcenter.server import documents
from commandcenter.server.entry.held import Held
from commandcenter.server.handling.districts import find_district
from commandcenter.server.routes.doors import NO_STORE, Seated, platform_of, reading, trace_once
from commandcenter.server.telling import board
from commandcenter.server.trouble import unknown

MEDIA = "application/x-ndjson"
_TRACED = (
    600.0  # seconds within which of an account's snapshots one leaves a trace: consoles take new ones by themselves
)
router = APIRouter(tags=["board"])
_SAYS = documents.text(MEDIA, "A line {epoch, cursor, scope_ver, n}, a line a record, a line {end, n, sha256}")


@router.get(paths.SNAPSHOT, responses=_SAYS | documents.no(401, 403, 404, 429), summary="The board as of now")
async def snapshot(request: Request, seat: Seated) -> Response:
    """What is live or ended less than 24 h ago in scope, with crews and reference records, as NDJSON.

    It leaves a trace, of an account's every ten minutes one.
    """
    platform = platform_of(request)
    now = platform.now()

    def look(connection: Connection, held: Held) -> board.Snapshot:
        if find_district(connection, held.scope.district) is None:
            raise unknown("district")
        return board.snapshot(connection, held, now, platform.cursor_tokens)

    taken = await reading(request, seat, look)
    trace_once(request, seat, "snapshot", outcome="taken", seconds=_TRACED)
    return StreamingResponse(_each(taken.chunks), media_type=MEDIA, headers=NO_STORE)


async def _each(chunks: tuple[bytes, ...]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
