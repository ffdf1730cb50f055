"""The route of the health check."""

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from commandcenter.protocol import VERSION, paths
from commandcenter.server import documents
from commandcenter.server.routes.dependencies import json, platform_of

router = APIRouter(tags=["operation"])


class Health(msgspec.Struct, frozen=True):
    """The status `ok`, and the version of the protocol that the platform speaks."""

    status: str
    proto: int


@router.get(paths.HEALTH, **documents.reads("Whether it lives", Health, ()))
async def health(request: Request) -> Response:
    """Answers when the platform's writer has done an empty job: without its writer the platform is not alive."""
    await platform_of(request).writer.do(lambda connection: None)
    return json(Health("ok", VERSION))
