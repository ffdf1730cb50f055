"""The routes of reference records, for system and audit administrators; they are edited by commands."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.people import Role
from commandcenter.domain.records import edited_fields
from commandcenter.protocol import paths
from commandcenter.protocol.limits import ID_MOST, PAGE_MOST
from commandcenter.protocol.references import ReferenceHistory, ReferencePage
from commandcenter.server import documents
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.errors import HttpProblem, not_found
from commandcenter.server.queries import references
from commandcenter.server.routes.dependencies import SignedInToken, json, queue_audit, read_as_user

router = APIRouter(tags=["reference"])
_READERS = frozenset({Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN})
Limit = Annotated[int, Query(ge=1, le=PAGE_MOST)]


@router.get(paths.REFERENCES, **documents.reads("The records of one kind", ReferencePage))
async def listed(
    request: Request,
    seat: SignedInToken,
    kind: str,
    limit: Limit = 50,
    cursor: Annotated[str, Query(max_length=ID_MOST)] = "",
) -> Response:
    """The district's records of the kind by id, those that were retired too. Pages after the first are audited."""

    def look(connection: Connection, current: CurrentRole) -> ReferencePage:
        _check(current, kind)
        return references.page(connection, current.scope.district, kind, limit=limit, after=cursor)

    page = await read_as_user(request, seat, look)
    if cursor:
        queue_audit(request, seat, "references", outcome=f"{len(page.items)} {kind} until {page.next or 'the last'}")
    return json(page)


@router.get(paths.REFERENCE_HISTORY, **documents.reads("Its revisions", ReferenceHistory))
async def history(
    request: Request,
    seat: SignedInToken,
    kind: str,
    id: str,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,15}$")] = None,
) -> Response:
    """The record as it is, and who edited it when, newest first, with what it was then.

    Pages after the first are audited.
    """
    before = None if cursor is None else int(cursor)

    def look(connection: Connection, current: CurrentRole) -> ReferenceHistory:
        _check(current, kind)
        found = references.history(connection, current.scope.district, (kind, id), limit=limit, before=before)
        if found is None:
            raise not_found(kind)
        return found

    page = await read_as_user(request, seat, look)
    if before is not None:
        queue_audit(request, seat, "references", outcome=f"{len(page.revisions)} of {kind}:{id} before {before}")
    return json(page)


def _check(current: CurrentRole, kind: str) -> None:
    """Raises HttpProblem: 403 for another role, 404 for a kind of which there are no reference records."""
    if current.person.role not in _READERS:
        raise HttpProblem(403, "role", "This is for system and audit administrators.")
    if not edited_fields(kind):
        raise not_found("kind")
