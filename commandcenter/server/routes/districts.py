"""The route of new districts, for system administrators of the whole platform; commands change and retire them."""

import msgspec
from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.decisions import Refused
from commandcenter.domain.people import Role
from commandcenter.domain.places import District
from commandcenter.protocol import paths
from commandcenter.protocol.codec import RecordEnvelope, record_envelope
from commandcenter.protocol.references import NewDistrict
from commandcenter.server import documents
from commandcenter.server.command_pipeline.districts import create_district_as
from commandcenter.server.errors import HttpProblem
from commandcenter.server.routes.dependencies import SignedInToken, body_of, json, platform_of, spend, whole_platform

router = APIRouter(tags=["reference"])


@router.post(paths.DISTRICTS, **documents.writes("Create a district", RecordEnvelope, NewDistrict))
async def created(request: Request, seat: SignedInToken) -> Response:
    """Creates a district that works by office hours and has no streets, holders, kinds or channels yet."""
    asked, platform = await body_of(request, NewDistrict), platform_of(request)
    spend(request, seat, "commands")
    wanted = District(rev=1, **msgspec.structs.asdict(asked))

    def work(connection: Connection) -> District | Refused:
        by = whole_platform(connection, request, seat, Role.SYSTEM_ADMIN)
        return create_district_as(connection, by, wanted, now=platform.now())

    made = await platform.writer.do(work)  # a refusal is returned, not raised, so that its audit is kept
    if isinstance(made, Refused):
        raise HttpProblem(422, made.code, "The district was not created.", about=made.about)
    return json(record_envelope(made))
