"""The route of metrics: figures of the platform itself in Prometheus' text format, without any data of a district."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from commandcenter.domain.people import Role
from commandcenter.protocol import paths
from commandcenter.server import documents
from commandcenter.server.auth.access_tokens import AccessToken
from commandcenter.server.errors import not_found
from commandcenter.server.gate import is_loopback
from commandcenter.server.platform import Platform
from commandcenter.server.routes.dependencies import (
    NO_STORE,
    access_token_of,
    address_of,
    administrator_of,
    bearer,
    platform_of,
    spend,
)

MEDIA = "text/plain; version=0.0.4"
_FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"})
router = APIRouter(tags=["operation"])


_SAYS = documents.text_response(MEDIA, "Prometheus text")


@router.get(paths.METRICS, responses=_SAYS | documents.problem_responses(401, 403, 404, 429), summary="Its figures")
async def metrics(request: Request) -> Response:
    """Counters since the start and gauges of this moment; 404 where metrics are not switched on.

    Open to clients on this machine, and elsewhere to machines and system administrators who sign in. What a proxy on
    this machine forwards counts as coming from elsewhere.
    """
    if not request.app.state.exposure.metrics:
        raise not_found()
    if not is_loopback(address_of(request)) or not _FORWARDED.isdisjoint(request.headers.keys()):
        await _check_reader(request, await access_token_of(request, await bearer(request)))
    headers = NO_STORE | {"Content-Type": f"{MEDIA}; charset=utf-8"}
    return Response("".join(_lines(platform_of(request))), headers=headers)


async def _check_reader(request: Request, seat: AccessToken) -> None:
    spend(request, seat, "reads")
    wanted = (Role.SYSTEM, Role.SYSTEM_ADMIN)
    await platform_of(request).readers.do(lambda connection: administrator_of(connection, request, seat, *wanted))


def _lines(platform: Platform) -> list[str]:
    tally = platform.writer.tally
    rows: tuple[tuple[str, str, str, float], ...] = (
        ("jobs_total", "counter", "Jobs of the one writer.", tally.jobs),
        ("jobs_failed_total", "counter", "Jobs that ended in an error.", tally.failed),
        ("commits_total", "counter", "Commits of the one writer.", tally.commits),
        ("busy_seconds_total", "counter", "Seconds that the writer was at work.", round(tally.busy_seconds, 6)),
        ("jobs_waiting", "gauge", "Jobs that wait for the writer.", platform.writer.waiting()),
        ("streams", "gauge", "Open streams.", platform.publisher.listeners()),
        ("frames_sent_total", "counter", "Frames sent to streams.", platform.publisher.sent),
    )
    return [
        f"# HELP commandcenter_{name} {text}\n# TYPE commandcenter_{name} {kind}\ncommandcenter_{name} {value}\n"
        for name, kind, text, value in rows
    ]
