"""The route of adoptions: what shift leaders did in the place of others."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.people import Role
from commandcenter.protocol import paths
from commandcenter.protocol.limits import PAGE_MOST
from commandcenter.protocol.messages import AdoptionPage
from commandcenter.server import documents
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.command_pipeline import adoptions
from commandcenter.server.errors import HttpProblem
from commandcenter.server.routes.dependencies import SignedInToken, json, queue_audit, read_as_user

_READERS = frozenset({Role.SHIFT_LEADER, Role.LEADER})
router = APIRouter(tags=["audit"])


@router.get(paths.ADOPTIONS, **documents.reads("What leaders did for others", AdoptionPage))
async def adopted(
    request: Request,
    seat: SignedInToken,
    limit: Annotated[int, Query(ge=1, le=PAGE_MOST)] = 50,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,15}$")] = None,
) -> Response:
    """Each act that a shift leader took over, or tried to, newest first; for shift leaders and leaders.

    One whose scope is a street sees the acts of people of that street. Every page after the first is audited.
    """

    def look(connection: Connection, current: CurrentRole) -> AdoptionPage:
        if current.person.role not in _READERS or current.scope.holder is not None:
            raise HttpProblem(403, "role", "Only shift leaders and leaders may read this.")
        before = None if cursor is None else int(cursor)
        return adoptions.page(connection, current.scope, limit=limit, before=before)

    page = await read_as_user(request, seat, look)
    if cursor is not None:
        queue_audit(request, seat, "adoptions", outcome=f"{len(page.items)} before {cursor}")
    return json(page)
