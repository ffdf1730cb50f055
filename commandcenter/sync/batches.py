"""Rows of the journal as the platform gets them, and by which way."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from commandcenter.cache.row import Row
from commandcenter.domain.people import Person
from commandcenter.protocol.frames import Batch, Wish
from commandcenter.protocol.retention import FOR_EVER

if TYPE_CHECKING:
    from commandcenter.client.session import Session


Account = tuple[str, str]  # (district, user)


@dataclass(frozen=True, slots=True)
class Route:
    """Under whose sign-in, and in which epoch, commands leave, and how long the platform knows what became of them."""

    session: "Session"
    person: Person
    epoch: int
    memory: timedelta = FOR_EVER

    @property
    def account(self) -> Account:
        """What the platform counts a quota by."""
        return self.person.scope.district, self.person.user


@dataclass(frozen=True, slots=True)
class Load:
    """What goes in one request; `withdraw`: it is asked about, and not to be done any more."""

    rows: tuple[Row, ...] = ()
    withdraw: bool = False

    def batch(self, epoch: int, console_id: str) -> Batch:
        """As it stands in the request."""
        wishes = tuple(_wish(row, withdraw=self.withdraw) for row in self.rows)
        return Batch(epoch=epoch, console_id=console_id, commands=wishes)


def _wish(row: Row, *, withdraw: bool) -> Wish:
    return Wish(
        cmd_id=row.cmd_id,
        cseq=row.cseq,
        type=row.type,
        args=msgspec.Raw(row.args),
        made_at=row.made_at,
        bases=row.bases,
        dep=row.dep,
        withdraw=withdraw,
        on_behalf_of=msgspec.UNSET if row.behalf is None else row.behalf.person.user,
        replaces=msgspec.UNSET if row.behalf is None else row.behalf.act,
        attested=msgspec.UNSET if row.behalf is None or row.behalf.attested is None else row.behalf.attested,
    )
