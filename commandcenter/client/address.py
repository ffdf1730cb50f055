"""Validates platform addresses, so that no password is sent unencrypted over a network."""

import ipaddress
from urllib.parse import urlsplit

from commandcenter.client.errors import NotAPlatform


def checked_address(url: str) -> str:
    """Returns `url` without a trailing slash.

    Raises NotAPlatform with the code bad_address, not_secure or with_password when a session must not use it. Plain
    http is allowed to this machine only; over a network it has to be https. An address that contains a name or a
    password is refused and not repeated in the error, since addresses are shown and logged.

    >>> checked_address("http://127.0.0.1:8000/")
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
    """Whether `host` is a loopback address or "localhost"."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
