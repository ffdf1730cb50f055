"""The route of the audit, for audit administrators."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.people import Role
from commandcenter.protocol import paths
from commandcenter.protocol.audit import AuditPage
from commandcenter.protocol.limits import ID_MOST, NUMBER_MOST, PAGE_MOST
from commandcenter.server import documents
from commandcenter.server.routes.dependencies import (
    SignedInToken,
    administrator_of,
    json,
    platform_of,
    queue_audit,
    spend,
)
from commandcenter.server.storage import audit

router = APIRouter(tags=["audit"])


@router.get(paths.AUDIT, **documents.reads("Who did what", AuditPage, (401, 403, 422, 429)))
async def listed(
    request: Request,
    seat: SignedInToken,
    user: Annotated[str, Query(max_length=ID_MOST)] = "",
    action: Annotated[str, Query(max_length=ID_MOST)] = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_MOST)] = 50,
    cursor: Annotated[int, Query(ge=0, le=NUMBER_MOST)] = 0,
) -> Response:
    """The audit of the administrator's district, or of the platform; of one user or action if named.

    Pages after the first are audited themselves.
    """
    spend(request, seat, "reads")

    def look(connection: Connection) -> AuditPage:
        within = administrator_of(connection, request, seat, Role.AUDIT_ADMIN).scope.district
        only = {name: value for name, value in (("district", within), ("user", user), ("action", action)) if value}
        return audit.page(connection, only, before=cursor, limit=limit)

    page = await platform_of(request).readers.do(look)
    if cursor:
        queue_audit(request, seat, "audit", outcome=f"{len(page.items)} before {cursor}")
    return json(page)
