"""Shows in the act list why each kept command has not left yet; logs faults that concern all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from commandcenter.cache.journal_row import JournalRow
from commandcenter.client.errors import SignedOut
from commandcenter.sync.command_store import CommandStore
from commandcenter.sync.connection import Connection
from commandcenter.sync.parking import Parking, Reason
from commandcenter.sync.send_order import Blocker, all_wait

_QUEUED: Reason = ("queue", "")
_ASKED_FIRST: Reason = ("asked_first", "")
_UNANSWERED: Reason = ("unanswered", "")


@dataclass(frozen=True, slots=True)
class NoRoute:
    """Nothing leaves: commands of `user` wait for the reason `code`, `about`; those of others for their own users."""

    user: str
    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class SendPlan:
    """`free` may leave, in this order; `hindered`: what prevents the others, by command id."""

    free: tuple[JournalRow, ...]
    hindered: Mapping[str, Blocker]


class WaitReasons:
    """`closed`: why nothing leaves without a route; `trouble`: the fault of the last request, until one is answered.

    `is_slow`: the request under way still waits for its answer.
    """

    def __init__(self, store: CommandStore, parking: Parking, connection: Connection) -> None:
        self.closed = NoRoute("", SignedOut.code)
        self.trouble: Reason | None = None
        self.is_slow = False
        self._store = store
        self._parking = parking
        self._connection = connection

    def fails(self, code: str, about: str) -> None:
        """Records that a request had no answer; logged once while the same fault lasts."""
        if self.trouble is None or self.trouble[0] != code:
            self._connection.note(code, about)
        self.trouble = (code, about)

    def show_closed(self) -> None:
        """Shows the reasons while nothing can leave."""
        closed = self.closed
        why = all_wait(self._store.rows, closed.user, closed.code, closed.about)
        self._store.explain(why | self._parking.own)

    def say(self, plan: SendPlan, leaving: Collection[JournalRow] = ()) -> None:
        """Shows why commands wait; those `leaving` now show a reason only while the last request had no answer."""
        now = {row.cmd_id for row in leaving}
        common = self._common_reason
        said = {key: _said(reason, common) for key, reason in plan.hindered.items()}
        wait = {row.cmd_id: common or _QUEUED for row in plan.free if common or row.cmd_id not in now}
        self._store.explain(said | wait | self._parking.own)

    def report(self, cmd_id: str, rows: Sequence[JournalRow]) -> None:
        """Logs once that a command is parked."""
        reason = self._parking.news(cmd_id)
        if reason is not None:
            names = (f"{row.type} {':'.join(row.refs[0])}" for row in rows if row.cmd_id == cmd_id)
            self._connection.note(reason[0], f"{next(names, cmd_id)}: {reason[1]}")

    @property
    def _common_reason(self) -> Reason | None:
        """Returns the reason for which everything waits that may leave."""
        return self.trouble or (_UNANSWERED if self.is_slow else None)


def _said(reason: Blocker, common: Reason | None) -> Reason:
    return (common or _ASKED_FIRST) if reason.code == "stuck" else (reason.code, reason.about)
