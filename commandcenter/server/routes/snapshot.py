"""The route of the snapshot: the board as of one moment."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response, StreamingResponse

from commandcenter.protocol import paths
from commandcenter.protocol.media import NDJSON
from commandcenter.server import documents
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.errors import not_found
from commandcenter.server.routes.dependencies import (
    NO_STORE,
    SignedInToken,
    platform_of,
    queue_audit_once,
    read_as_user,
)
from commandcenter.server.storage.districts import find_district
from commandcenter.server.streaming import snapshots

# Seconds in which at most one snapshot of an account is audited, as consoles take new ones by themselves.
_TRACED = 600.0
router = APIRouter(tags=["board"])
_SAYS = documents.text_response(
    NDJSON, "A line {epoch, cursor, scope_ver, n}, a line a record, a line {end, n, sha256}"
)


@router.get(
    paths.SNAPSHOT, responses=_SAYS | documents.problem_responses(401, 403, 404, 429), summary="The board as of now"
)
async def snapshot(request: Request, seat: SignedInToken) -> Response:
    """Cases in scope that are open or ended less than 24 h ago, with crews and reference records, as NDJSON.

    At most one snapshot of an account is audited in ten minutes.
    """
    platform = platform_of(request)
    now = platform.now()

    def look(connection: Connection, current: CurrentRole) -> snapshots.SnapshotLines:
        if find_district(connection, current.scope.district) is None:
            raise not_found("district")
        return snapshots.snapshot(connection, current, now, platform.cursor_tokens)

    taken = await read_as_user(request, seat, look)
    queue_audit_once(request, seat, "snapshot", outcome="taken", seconds=_TRACED)
    return StreamingResponse(_each(taken.chunks), media_type=NDJSON, headers=NO_STORE)


async def _each(chunks: tuple[bytes, ...]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
