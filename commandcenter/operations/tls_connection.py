"""A connection under TLS, counted from its first moment because an unfinished handshake holds an open file as well."""

import asyncio
import ssl
from typing import Any

from commandcenter.operations.http_connection import FIRST_BYTE, LINGER, HttpConnection


class TlsConnection(HttpConnection):
    """A connection that speaks HTTP once the handshake under `context` is over."""

    def __init__(self, context: ssl.SSLContext, **of_connection: Any) -> None:
        super().__init__(**of_connection)
        self._context = context
        self._is_secure = False
        self._early = bytearray()  # bytes that came with the end of the handshake

    def connection_made(self, transport: Any) -> None:
        """Enters the pool, then begins the handshake."""
        super().connection_made(transport)
        if not transport.is_closing():
            task = self.loop.create_task(self._secure(transport))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    def data_received(self, data: bytes) -> None:
        """Parses what has arrived, or keeps it until the handshake is over and answers can be written."""
        if self._is_secure:
            super().data_received(data)
        else:
            self._early += data

    async def _secure(self, plain: asyncio.Transport) -> None:
        secure = await self._shake_hands(plain)
        if secure is None:
            self.connection_lost(None)
            return
        self.start_http(secure)
        self._is_secure = True
        if self._early:
            super().data_received(bytes(self._early))
            self._early.clear()

    async def _shake_hands(self, plain: asyncio.Transport) -> asyncio.Transport | None:
        """Returns the secure transport; None when the client has gone, was dropped or speaks no TLS."""
        try:
            return await self.loop.start_tls(
                *(plain, self, self._context),
                server_side=True,
                ssl_handshake_timeout=FIRST_BYTE,
                ssl_shutdown_timeout=LINGER,
            )
        except OSError:
            return None
