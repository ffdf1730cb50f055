"""Who the platform is, and where its log stands for whoever asks."""

from dataclasses import asdict

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.protocol import VERSION, paths
from commandcenter.protocol.frames import Hello
from commandcenter.protocol.retention import BACKED_UP, BACKUPS, FOR_EVER, OUTCOMES, RESULTS
from commandcenter.server import documents
from commandcenter.server.entry.held import Held
from commandcenter.server.entry.roles import EVER
from commandcenter.server.handling.districts import find_district
from commandcenter.server.keeping import eventlog, vault
from commandcenter.server.keeping.lineage import read_bases
from commandcenter.server.routes.cases import PAGE_MOST
from commandcenter.server.routes.commands import BATCH_MOST
from commandcenter.server.routes.doors import BODY_MOST, Seated, json, platform_of, reading
from commandcenter.server.routes.imports import ROWS_MOST
from commandcenter.server.schedule import FRAMES_KEPT, RESULTS_KEPT
from commandcenter.server.trouble import unknown

router = APIRouter(tags=["board"])
_LIMITS = {"batch": BATCH_MOST, "body": BODY_MOST, "page": PAGE_MOST, "imports": ROWS_MOST}
_KEPT = {"frames_s": FRAMES_KEPT, RESULTS: RESULTS_KEPT, OUTCOMES: FOR_EVER, BACKED_UP: BACKUPS}
_KEEP = {name: int(kept.total_seconds()) for name, kept in _KEPT.items()}


@router.get(paths.HELLO, responses=documents.says(Hello) | documents.no(401, 403, 404), summary="Who the platform is")
async def hello(request: Request, seat: Seated) -> Response:
    """Epoch, head and floor of the log, limits, the key to seal to; what the user is, and since when."""
    platform = platform_of(request)

    def look(connection: Connection, held: Held) -> Hello:
        row = find_district(connection, held.scope.district)
        if row is None:
            raise unknown("district")
        return Hello(
            proto=VERSION,
            district=row.id,
            epoch=row.epoch,
            bases={str(epoch): seq for epoch, seq in read_bases(row.bases).items()},
            head=eventlog.visible_head(connection, held.scope, row.floor),
            floor=row.floor,
            now=platform.now(),
            scope_ver=held.scope_ver,
            min_client=1,
            limits=_LIMITS,
            keep=_KEEP,
            seal_key=vault.public(platform.seal_key),
            role=held.person.role.value,
            scope=asdict(held.scope),
            since=held.since if held.since > EVER else None,
            until=held.until,
        )

    return json(await reading(request, seat, look))
