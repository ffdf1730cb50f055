"""Turns rows of the journal into the batches that the platform gets, and names the route by which they leave."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from commandcenter.cache.journal_row import JournalRow
from commandcenter.domain.people import Person
from commandcenter.protocol.messages import CommandBatch, CommandEnvelope
from commandcenter.protocol.retention import FOR_EVER

if TYPE_CHECKING:
    from commandcenter.client.session import Session


Account = tuple[str, str]  # (district, user)


@dataclass(frozen=True, slots=True)
class Route:
    """The session, person and epoch with which commands leave; `memory`: how long the platform knows their outcome."""

    session: "Session"
    person: Person
    epoch: int
    memory: timedelta = FOR_EVER

    @property
    def account(self) -> Account:
        """Returns the account by which the platform counts quotas."""
        return self.person.scope.district, self.person.user


@dataclass(frozen=True, slots=True)
class OutgoingBatch:
    """The rows of one request; with `withdraw` the platform is asked about them and must not execute them any more."""

    rows: tuple[JournalRow, ...] = ()
    withdraw: bool = False

    def batch(self, epoch: int, console_id: str) -> CommandBatch:
        """Returns the body of the request."""
        wishes = tuple(_wish(row, withdraw=self.withdraw) for row in self.rows)
        return CommandBatch(epoch=epoch, console_id=console_id, commands=wishes)


def _wish(row: JournalRow, *, withdraw: bool) -> CommandEnvelope:
    return CommandEnvelope(
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
