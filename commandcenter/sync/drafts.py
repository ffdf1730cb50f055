"""Keeps the unfinished input of forms on disk, for each person."""

import json
from collections.abc import Awaitable, Callable

from commandcenter.cache.faults import FileFault
from commandcenter.sync.connection import Connection

Fields = dict[str, str]


class Drafts:
    """The drafts of whoever is signed in, by key, never with who called; file faults go to the connection's log."""

    def __init__(
        self,
        keep: Callable[[str, str, bytes | None], Awaitable[None]],
        read: Callable[[str, str], Awaitable[bytes | None]],
        user: Callable[[], str | None],
        connection: Connection,
    ) -> None:
        """`keep` and `read` a draft's content of a user and key on disk; `user` is signed in."""
        self._keep, self._read, self._user = keep, read, user
        self._connection = connection

    @property
    def user(self) -> str | None:
        """Whose drafts they are; None while nobody is signed in."""
        return self._user()

    async def keep(self, key: str, fields: Fields | None) -> None:
        """Stores `fields` under `key`; None deletes them."""
        user = self._user()
        if user is not None:
            body = None if fields is None else json.dumps(fields, ensure_ascii=False).encode()
            try:
                await self._keep(user, key, body)
            except FileFault as fault:
                self._connection.note(fault.code, fault.about)

    async def of(self, key: str) -> Fields:
        """Returns the fields under `key`; empty without any, or when the disk cannot read them."""
        user = self._user()
        try:
            body = None if user is None else await self._read(user, key)
        except FileFault as fault:
            self._connection.note(fault.code, fault.about)
            return {}
        return {} if body is None else json.loads(body)
