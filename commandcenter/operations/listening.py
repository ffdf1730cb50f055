"""Where a platform listens: its address, its certificate, and the socket."""

import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from commandcenter.operations.connection_pool import capacity
from commandcenter.server.errors import UnusableEnvironment
from commandcenter.server.gate import STREAMS_MOST, Exposure, normalized_host


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """Host and port (0: a free one), and the certificate with its key for TLS.

    `proxies`: addresses whose forwarded headers are believed; `names`: further host names of the platform;
    `metrics`: whether the metrics are served.
    """

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    proxies: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    metrics: bool = False

    def url(self, port: int) -> str:
        """Returns the URL of the platform on `port`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{port}"

    def exposure(self) -> Exposure:
        """Returns what the platform exposes: under the host, the certificate's names and those that were given."""
        own = {self.host, *self.names, *(() if self.certificate is None else _names(self.certificate))}
        return Exposure(frozenset(map(normalized_host, own)), self.metrics, min(STREAMS_MOST, capacity() // 2))


@contextmanager
def bound_socket(listen: ListenOptions) -> Iterator[socket.socket]:
    """Yields a socket bound to host and port.

    Raises UnusableEnvironment in one sentence when the port is taken, the address is not this machine's or the
    certificate is no good.
    """
    _check_certificate(listen)
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    # TCP is named, or asyncio leaves Nagle's algorithm on, and each answer waits 40 ms for an acknowledgement.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(made, listen)
        yield made
    finally:
        made.close()


def _check_certificate(listen: ListenOptions) -> None:
    for file in (listen.certificate, listen.key):
        if file is not None and not file.is_file():
            raise UnusableEnvironment("no_certificate", f"{file} is not there: name the certificate and its key.")
    if listen.certificate is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(listen.certificate, listen.key)
    except OSError as wrong:
        pair = f"{listen.certificate} and {listen.key or 'its key'}"
        raise UnusableEnvironment(
            "no_certificate", f"{pair} are no certificate with its key (PEM): name others."
        ) from wrong


def _names(certificate: Path) -> list[str]:
    """Returns the host names and addresses that a certificate is for."""
    read = ssl._ssl._test_decode_cert(str(certificate))  # type: ignore[attr-defined]  # there is no public way
    return [value for kind, value in read.get("subjectAltName", ()) if kind in ("DNS", "IP Address")]


def _bind(made: socket.socket, listen: ListenOptions) -> None:
    try:
        made.bind((listen.host, listen.port))
    except OSError as wrong:
        reason = wrong.strerror or str(wrong)
        sentence = f"Port {listen.port} on {listen.host} cannot be had ({reason}): stop what uses it, or take --port 0."
        raise UnusableEnvironment("port", sentence) from wrong
