"""What shift leaders did in the place of others."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.people import Role
from commandcenter.protocol import paths
from commandcenter.protocol.frames import AdoptionPage
from commandcenter.server import documents
from commandcenter.server.entry.held import Held
from commandcenter.server.handling import adoptions
from commandcenter.server.routes.doors import Seated, json, reading, trace
from commandcenter.server.trouble import Trouble

PAGE_MOST = 200
_READERS = frozenset({Role.SHIFT_LEADER, Role.LEADER})
router = APIRouter(tags=["audit"])


@router.get(
    paths.ADOPTIONS,
    responses=documents.says(AdoptionPage) | documents.no(401, 403, 404, 422, 429),
    summary="What leaders did for others",
)
async def adopted(
    request: Request,
    seat: Seated,
    limit: Annotated[int, Query(ge=1, le=PAGE_MOST)] = 50,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,15}$")] = None,
) -> Response:
    """Each act that a shift leader took over, or tried to, the newest first; for leaders, those of a street its own.

    It leaves a trace beyond the first page.
    """

    def look(connection: Connection, held: Held) -> AdoptionPage:
        if held.person.role not in _READERS or held.scope.holder is not None:
            raise Trouble(403, "role", "Only shift leaders and leaders may read this.")
        before = None if cursor is None else int(cursor)
        return adoptions.page(connection, held.scope, limit=limit, before=before)

    page = await reading(request, seat, look)
    if cursor is not None:
        trace(request, seat, "adoptions", outcome=f"{len(page.items)} before {cursor}")
    return json(page)
