"""Signing in, staying in, signing out."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from commandcenter.protocol import paths
from commandcenter.protocol.frames import Renewal, SignedOff, SignIn, Tokens
from commandcenter.server import documents
from commandcenter.server.routes.doors import address_of, body_of, json, platform_of

router = APIRouter(tags=["sign-in"])
_NO = documents.no(401, 403, 408, 413, 415, 422, 429)


@router.post(
    paths.SIGN_IN, responses=documents.says(Tokens) | _NO, openapi_extra=documents.body(SignIn), summary="Sign in"
)
async def sign_in(request: Request) -> Response:
    """Name and password for a pair of tokens."""
    asked = await body_of(request, SignIn)
    entrance = platform_of(request).entrance
    return json(await entrance.sign_in(asked.user[:200], asked.password[:1000], address=address_of(request)))


@router.post(
    paths.REFRESH, responses=documents.says(Tokens) | _NO, openapi_extra=documents.body(Renewal), summary="Stay in"
)
async def refresh(request: Request) -> Response:
    """A refresh token for the next pair; each buys once, and using one again ends the whole sign-in."""
    asked = await body_of(request, Renewal)
    return json(await platform_of(request).entrance.refresh(asked.refresh, address=address_of(request)))


@router.post(
    paths.SIGN_OUT,
    responses=documents.says(SignedOff) | documents.no(408, 413, 415, 422),
    openapi_extra=documents.body(Renewal),
    summary="Sign out",
)
async def sign_out(request: Request) -> Response:
    """The refresh token and all tokens of its sign-in end; the same answer for one that is unknown."""
    asked = await body_of(request, Renewal)
    await platform_of(request).entrance.sign_out(asked.refresh, address=address_of(request))
    return json(SignedOff())
