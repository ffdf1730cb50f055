"""Who the platform is, and where its log stands for whoever asks."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.protocol import VERSION, paths
from commandcenter.protocol.frames import Hello
from commandcenter.server import documents
from commandcenter.server.handling.districts import find_district
from commandcenter.server.keeping import eventlog, vault
from commandcenter.server.keeping.lineage import read_bases
from commandcenter.server.routes.cases import PAGE_MOST
from commandcenter.server.routes.commands import BATCH_MOST
from commandcenter.server.routes.doors import BODY_MOST, Seated, json, platform_of, scope_of
from commandcenter.server.routes.imports import ROWS_MOST
from commandcenter.server.schedule import FRAMES_KEPT, RESULTS_KEPT
from commandcenter.server.trouble import unknown

router = APIRouter(tags=["board"])
_LIMITS = {"batch": BATCH_MOST, "body": BODY_MOST, "page": PAGE_MOST, "imports": ROWS_MOST}
_KEEP = {"frames_s": int(FRAMES_KEPT.total_seconds()), "results_s": int(RESULTS_KEPT.total_seconds())}


@router.get(paths.HELLO, responses=documents.says(Hello) | documents.no(401, 404), summary="Who the platform is")
async def hello(request: Request, seat: Seated) -> Response:
    """Epoch, head and floor of the log, limits, the key to seal to."""
    platform, scope = platform_of(request), scope_of(seat)

    def look(connection: Connection) -> Hello:
        row = find_district(connection, scope.district)
        if row is None:
            raise unknown("district")
        return Hello(
            proto=VERSION,
            district=row.id,
            epoch=row.epoch,
            bases={str(epoch): seq for epoch, seq in read_bases(row.bases).items()},
            head=eventlog.visible_head(connection, scope, row.floor),
            floor=row.floor,
            now=platform.now(),
            scope_ver=row.scope_ver,
            min_client=1,
            limits=_LIMITS,
            keep=_KEEP,
            seal_key=vault.public(platform.seal_key),
        )

    return json(await platform.readers.do(look))
