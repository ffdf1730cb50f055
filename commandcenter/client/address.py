"""Addresses of platforms: what may be asked, and what would send a password in clear."""

import ipaddress
from urllib.parse import urlsplit

from commandcenter.client.errors import NotAPlatform


def checked(url: str) -> str:
    """`url` without a trailing slash; NotAPlatform (bad_address, not_secure, with_password) when no session goes there.

    Plain http only reaches this machine itself; over a network it has to be https. A name or password in an address
    would be shown and logged wherever the address is: it is refused, and not repeated.

    >>> checked("http://127.0.0.1:8000/")
    'http://127.0.0.1:8000'
    """
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if "@" in url:
        raise NotAPlatform(host, code="with_password")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise NotAPlatform(url, code="bad_address")
    if parts.scheme == "http" and not is_this_machine(host):
        raise NotAPlatform(host, code="not_secure")
    return url.strip().rstrip("/")


def is_this_machine(host: str) -> bool:
    """Whether `host` names the loopback."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
