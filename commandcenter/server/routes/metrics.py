"""Figures of the platform itself, in the text format of Prometheus; nothing of any district."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from commandcenter.protocol import paths
from commandcenter.server import documents
from commandcenter.server.platform import Platform
from commandcenter.server.routes.doors import platform_of

MEDIA = "text/plain; version=0.0.4"
router = APIRouter(tags=["operation"])


@router.get(paths.METRICS, responses=documents.text(MEDIA, "Prometheus text") | documents.no(), summary="Its figures")
async def metrics(request: Request) -> Response:
    """Counters since the start, and gauges of this moment."""
    return Response("".join(_lines(platform_of(request))), headers={"Content-Type": f"{MEDIA}; charset=utf-8"})


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
