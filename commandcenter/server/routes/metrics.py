"""Figures of the platform itself, in the text format of Prometheus; nothing of any district."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from commandcenter.domain.people import Role
from commandcenter.protocol import paths
from commandcenter.server import documents
from commandcenter.server.entry.seats import Seat
from commandcenter.server.gate import is_loopback
from commandcenter.server.platform import Platform
from commandcenter.server.routes.doors import NO_STORE, address_of, bearer, platform_of, reading, seat_of
from commandcenter.server.trouble import Trouble, unknown

MEDIA = "text/plain; version=0.0.4"
_FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
router = APIRouter(tags=["operation"])


_SAYS = documents.text(MEDIA, "Prometheus text")


@router.get(paths.METRICS, responses=_SAYS | documents.no(401, 403, 404, 429), summary="Its figures")
async def metrics(request: Request) -> Response:
    """Counters since the start, and gauges of this moment; 404 where they are not switched on.

    They are for this machine, and for whoever signs in to administer the platform. What a proxy on this machine
    forwards comes from elsewhere.
    """
    if not request.app.state.exposure.metrics:
        raise unknown()
    if not is_loopback(address_of(request)) or not _FORWARDED.isdisjoint(request.headers.keys()):
        await _administrator(request, await seat_of(request, await bearer(request)))
    headers = NO_STORE | {"Content-Type": f"{MEDIA}; charset=utf-8"}
    return Response("".join(_lines(platform_of(request))), headers=headers)


async def _administrator(request: Request, seat: Seat) -> None:
    role = await reading(request, seat, lambda _, held: held.person.role)
    if role is not Role.SYSTEM:
        raise Trouble(403, "role", "This is for the administrators of the platform.")


def _lines(platform: Platform) -> list[str]:
    tally = platform.lane.tally
    rows: tuple[tuple[str, str, str, float], ...] = (
        ("jobs_total", "counter", "Jobs of the one writer.", tally.jobs),
        ("jobs_failed_total", "counter", "Jobs that ended in an error.", tally.failed),
        ("commits_total", "counter", "Commits of the one writer.", tally.commits),
        ("busy_seconds_total", "counter", "Seconds that the writer was at work.", round(tally.busy_seconds, 6)),
        ("jobs_waiting", "gauge", "Jobs that wait for the writer.", platform.lane.waiting()),
        ("streams", "gauge", "Open streams.", platform.publisher.listeners()),
        ("frames_sent_total", "counter", "Frames sent to streams.", platform.publisher.sent),
    )
    return [
        f"# HELP commandcenter_{name} {text}\n# TYPE commandcenter_{name} {kind}\ncommandcenter_{name} {value}\n"
        for name, kind, text, value in rows
    ]
