"""The routes for signing in, refreshing tokens and signing out."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from commandcenter.protocol import paths
from commandcenter.protocol.messages import RefreshRequest, SignInRequest, SignOutAnswer, TokenPair
from commandcenter.server import documents
from commandcenter.server.routes.dependencies import address_of, body_of, json, platform_of

router = APIRouter(tags=["sign-in"])


@router.post(paths.SIGN_IN, **documents.writes("Sign in", TokenPair, SignInRequest))
async def sign_in(request: Request) -> Response:
    """Exchanges name and password for a pair of tokens."""
    asked = await body_of(request, SignInRequest)
    sign_ins = platform_of(request).sign_ins
    return json(await sign_ins.sign_in(asked.user[:200], asked.password[:1000], address=address_of(request)))


@router.post(paths.REFRESH, **documents.writes("Stay in", TokenPair, RefreshRequest))
async def refresh(request: Request) -> Response:
    """Exchanges a refresh token for the next pair; each is good once, and using one again ends the whole sign-in."""
    asked = await body_of(request, RefreshRequest)
    return json(await platform_of(request).sign_ins.refresh(asked.refresh, address=address_of(request)))


@router.post(paths.SIGN_OUT, **documents.writes("Sign out", SignOutAnswer, RefreshRequest, (408, 413, 415, 422)))
async def sign_out(request: Request) -> Response:
    """Ends the sign-in of the refresh token with all its tokens; an unknown token gets the same answer."""
    asked = await body_of(request, RefreshRequest)
    await platform_of(request).sign_ins.sign_out(asked.refresh, address=address_of(request))
    return json(SignOutAnswer())
