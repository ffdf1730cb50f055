"""Refuses requests for foreign hosts and from pages of foreign origins before any route runs."""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from commandcenter.server import problems
from commandcenter.server.auth.networks import unmapped

STREAMS_MOST = 1_000
_FOREIGN_SIGNS = frozenset("@/?#\\")  # they occur in URLs, never in a host with its port


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a platform exposes, and under which host names.

    `hosts` are its own names besides the loopback names (None: any host is accepted); a name that begins with `*.`
    stands for any one label in that place. `metrics`: whether the metrics are served; `streams`: the most open streams
    in all.
    """

    hosts: frozenset[str] | None = None
    metrics: bool = False
    streams: int = STREAMS_MOST

    def is_own(self, authority: str) -> bool:
        """Returns whether `authority`, a host with or without a port, names this platform."""
        host = _host(authority)
        alike = f"*.{host.partition('.')[2]}"
        return self.hosts is None or is_loopback(host) or host in self.hosts or alike in self.hosts


def is_loopback(host: str) -> bool:
    """Returns whether `host` is `localhost` or a loopback address, also in the mapped form `::ffff:127.0.0.1`."""
    try:
        return unmapped(host).is_loopback
    except ValueError:
        return host == "localhost"


def normalized_host(host: str) -> str:
    """Returns `host` in the form used for comparison: an address in its shortest form, a name in lower case."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host.lower()


class OriginGate:
    """ASGI middleware: 421 for a foreign, missing or repeated Host, 403 for an Origin that is not the Host's own.

    When `Exposure.hosts` is None, no Host is refused.
    """

    def __init__(self, app: ASGIApp, exposure: Exposure) -> None:
        self.app = app
        self._is_own = lru_cache(maxsize=256)(exposure.is_own)
        self._any = exposure.hosts is None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request that is refused; passes every other one on."""
        if scope["type"] == "http":
            refused = self._refusal(scope)
            if refused is not None:
                await refused(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        host = hosts[0].decode("latin-1").lower() if len(hosts) == 1 else ""
        if not (self._any or self._is_own(host)):
            return problems.answer(421, "foreign_host", "This platform is not called so: see serve --name.")
        if any(origin.decode("latin-1").lower().partition("://")[2] != host for origin in origins):
            return problems.answer(403, "foreign_origin", "A page of somebody else may ask nothing here.")
        return None


def _host(authority: str) -> str:
    """Returns the host of `authority`; empty unless it is exactly a host with an optional port."""
    if not _FOREIGN_SIGNS.isdisjoint(authority):
        return ""
    try:
        return normalized_host(urlsplit(f"//{authority}").hostname or "")
    except ValueError:
        return ""
