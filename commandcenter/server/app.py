"""Builds the platform's HTTP application: its routes, error handlers and OpenAPI document."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.responses import Response

from commandcenter.server import documents, problems
from commandcenter.server.gate import Exposure, OriginGate
from commandcenter.server.platform import Platform
from commandcenter.server.routes import ROUTERS
from commandcenter.server.routes.dependencies import audit_refusal

OPEN = Exposure()


class _App(FastAPI):
    def openapi(self) -> dict[str, Any]:
        return documents.openapi_document(self)


def create_app(platform: Platform, exposure: Exposure = OPEN) -> FastAPI:
    """Returns the HTTP application of `platform`, as open as `exposure` allows; the caller closes the platform."""
    app = _App(
        title="commandcenter",
        version="1",
        description="The reference platform of a district's dispatch hall.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=Response,  # each route documents its own answer and media type
        lifespan=_lifespan,
    )
    app.state.platform = platform
    app.state.exposure = exposure
    app.add_middleware(OriginGate, exposure=exposure)
    problems.add_to(app, audit_refusal=audit_refusal)
    for router in ROUTERS:
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.platform.publisher.close()
