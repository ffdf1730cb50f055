"""The route of hello: what the platform is, and where its log stands for the user."""

from dataclasses import asdict
from datetime import timedelta

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.protocol import VERSION, paths
from commandcenter.protocol.limits import BODY_MOST, COMMANDS_MOST, IMPORT_ROWS_MOST, PAGE_MOST
from commandcenter.protocol.messages import Hello
from commandcenter.protocol.retention import announced
from commandcenter.server import documents
from commandcenter.server.auth.access_tokens import AccessToken
from commandcenter.server.auth.current_role import CurrentRole
from commandcenter.server.auth.roles import EVER
from commandcenter.server.errors import not_found
from commandcenter.server.platform import Platform
from commandcenter.server.routes.dependencies import ShownCursorToken, SignedInToken, json, platform_of, read_as_user
from commandcenter.server.storage import epochs, event_log, vault
from commandcenter.server.storage.cursor_tokens import CursorToken
from commandcenter.server.storage.districts import find_district
from commandcenter.server.storage.epochs import read_bases
from commandcenter.server.storage.settings import FRAMES_DAYS, RESULTS_DAYS

router = APIRouter(tags=["board"])
_LIMITS = {"batch": COMMANDS_MOST, "body": BODY_MOST, "page": PAGE_MOST, "imports": IMPORT_ROWS_MOST}


@router.get(paths.HELLO, **documents.reads("Who the platform is", Hello))
async def hello(request: Request, seat: SignedInToken, cursor_token: ShownCursorToken = None) -> Response:
    """Epoch, head and floor of the log, limits, the key to seal to, and the user's role with its period.

    Where the cursor token shows that the log was set back, a new epoch begins first, as after a restore.
    """
    platform = platform_of(request)

    def look(connection: Connection, current: CurrentRole) -> Hello:
        row = find_district(connection, current.scope.district)
        if row is None:
            raise not_found("district")
        return Hello(
            proto=VERSION,
            district=row.id,
            epoch=row.epoch,
            bases={str(epoch): seq for epoch, seq in read_bases(row.bases).items()},
            head=event_log.visible_head(connection, current.person, row.floor),
            floor=row.floor,
            now=platform.now(),
            scope_ver=current.scope_ver,
            min_client=1,
            limits=_LIMITS,
            keep=announced(frames=_days(platform, FRAMES_DAYS), results=_days(platform, RESULTS_DAYS)),
            seal_key=vault.public(platform.seal_key),
            role=current.person.role.value,
            scope=asdict(current.scope),
            since=current.since if current.since > EVER else None,
            until=current.until,
            own_grid=current.person.own_grid,
        )

    if cursor_token:
        await _compare(request, seat, cursor_token)
    return json(await read_as_user(request, seat, look))


def _days(platform: Platform, name: str) -> timedelta:
    return timedelta(days=platform.settings[name])


async def _compare(request: Request, seat: AccessToken, shown: str) -> None:
    """Begins a new epoch when the log is not the one in which the token `shown` was made.

    A reader looks first and the writer decides, so that of several consoles that show it at once one begins the epoch.
    """
    platform = platform_of(request)

    def parted(connection: Connection, current: CurrentRole) -> tuple[str, CursorToken] | None:
        district = current.scope.district
        token = platform.cursor_tokens.read(district, shown)
        if token is None or find_district(connection, district) is None:
            return None
        return None if epochs.last_shared_seq(connection, district, token) is None else (district, token)

    found = await read_as_user(request, seat, parted)
    if found is not None:
        await platform.writer.do(
            lambda connection: epochs.begin_epoch_if_set_back(connection, *found, now=platform.now())
        )
