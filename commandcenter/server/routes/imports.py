"""The route of imports: reference records and cases of another system, row by row."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.people import Role
from commandcenter.protocol import paths
from commandcenter.protocol.imports import ImportBatch, ImportResults
from commandcenter.server import documents
from commandcenter.server.command_pipeline.imports import import_batch
from commandcenter.server.errors import HttpProblem, not_found
from commandcenter.server.routes.dependencies import SignedInToken, body_of, json, platform_of, role_of_request, spend

router = APIRouter(tags=["imports"])


@router.post(paths.IMPORTS, **documents.writes("Take over cases", ImportResults, ImportBatch, (404, *documents.WRITE)))
async def imports(request: Request, seat: SignedInToken) -> Response:
    """Imports each row by itself: new, changed, unchanged, or refused with a code; the same rows again change nothing.

    429 (over_quota) beyond an account's rows a minute: it names the time to wait, and none of the rows was imported.
    """
    told = await body_of(request, ImportBatch)
    platform = platform_of(request)
    spend(request, seat, "rows", max(1, len(told.commands) + len(told.reference)))

    def work(connection: Connection) -> ImportResults:
        person = role_of_request(connection, request, seat).person
        if told.district != person.scope.district:
            raise not_found("district")
        if person.role not in (Role.SYSTEM, Role.CHANNEL):
            raise HttpProblem(403, "role", "Only a system or a channel may import.")
        return import_batch(
            *(connection, told.reference, told.commands, person, platform.now()),
            new_id=platform.new_id,
            site=platform.site_key,
        )

    return json(await platform.writer.do(work))
