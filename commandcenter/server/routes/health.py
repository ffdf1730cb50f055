"""Whether the platform lives."""

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from commandcenter.protocol import VERSION, paths
from commandcenter.server import documents
from commandcenter.server.routes.dependencies import json, platform_of

router = APIRouter(tags=["operation"])


class Health(msgspec.Struct, frozen=True):
    """`ok`, and the protocol that it speaks."""

    status: str
    proto: int


@router.get(paths.HEALTH, responses=documents.says(Health) | documents.no(), summary="Whether it lives")
async def health(request: Request) -> Response:
    """It lives when its writer does."""
    await platform_of(request).writer.do(lambda connection: None)
    return json(Health("ok", VERSION))
