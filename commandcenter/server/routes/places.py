"""The route of the district's geometry, in layers of the map."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from sqlalchemy import Connection, Row, select
from starlette.responses import Response

from commandcenter.protocol import paths
from commandcenter.protocol.media import GEO_JSON
from commandcenter.server import documents
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.errors import not_found
from commandcenter.server.routes.dependencies import SignedInToken, read_as_user
from commandcenter.server.storage import tables

router = APIRouter(tags=["places"])
_SAYS = documents.text_response(GEO_JSON, "A FeatureCollection in WGS 84")
_SAYS[304] = {"description": "As it was"}


@router.get(paths.PLACES, responses=_SAYS | documents.problem_responses(*documents.READ), summary="A layer of the map")
async def places(
    request: Request, seat: SignedInToken, layer: str, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """The outline, the streets or the grids, as GeoJSON with an ETag."""

    def look(connection: Connection, current: CurrentRole) -> Row[Any] | None:
        kept = tables.places.c
        here = (kept.district == current.scope.district, kept.layer == layer)
        return connection.execute(select(kept.etag, kept.body).where(*here)).first()

    row = await read_as_user(request, seat, look)
    if row is None:
        raise not_found("layer")
    headers = {"ETag": row.etag, "Cache-Control": "private, no-cache"}
    known = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    if row.etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(row.body, media_type=GEO_JSON, headers=headers)
