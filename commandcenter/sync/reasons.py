"""Why each kept command has not left yet, said in the list of acts; what goes wrong with all of them, in the log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from commandcenter.cache.row import Row
from commandcenter.client.errors import SignedOut
from commandcenter.sync.connection import Connection
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.order import Hindrance, all_wait
from commandcenter.sync.parking import Parking, Reason

_QUEUED: Reason = ("queue", "")
_ASKED_FIRST: Reason = ("asked_first", "")
_UNANSWERED: Reason = ("unanswered", "")


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing leaves: what `user` did waits for what `code` and `about` say, the rest for its own people."""

    user: str
    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """`free` may leave, in order; `hindered` cannot, and why."""

    free: tuple[Row, ...]
    hindered: Mapping[str, Hindrance]


class Reasons:
    """`closed` is why nothing leaves while there is no way; `trouble` what came of the last request, until one is
    answered; `is_slow`: the one that is on its way waits for its answer.
    """

    def __init__(self, ledger: Ledger, parking: Parking, connection: Connection) -> None:
        self.closed = Closed("", SignedOut.code)
        self.trouble: Reason | None = None
        self.is_slow = False
        self._ledger = ledger
        self._parking = parking
        self._connection = connection

    def fails(self, code: str, about: str) -> None:
        """A request had no answer; logged once for as long as it lasts."""
        if self.trouble is None or self.trouble[0] != code:
            self._connection.note(code, about)
        self.trouble = (code, about)

    def say_closed(self) -> None:
        """Nothing can leave."""
        closed = self.closed
        why = all_wait(self._ledger.rows, closed.user, closed.code, closed.about)
        self._ledger.explain(why | self._parking.own)

    def say(self, plan: Plan, leaving: Collection[Row] = ()) -> None:
        """`leaving` are on their way now; all else has a reason, and they too as long as the last request had none."""
        now = {row.cmd_id for row in leaving}
        common = self._common
        said = {key: _said(reason, common) for key, reason in plan.hindered.items()}
        wait = {row.cmd_id: common or _QUEUED for row in plan.free if common or row.cmd_id not in now}
        self._ledger.explain(said | wait | self._parking.own)

    def report(self, cmd_id: str, rows: Sequence[Row]) -> None:
        """A command is parked: logged once."""
        reason = self._parking.news(cmd_id)
        if reason is not None:
            names = (f"{row.type} {':'.join(row.refs[0])}" for row in rows if row.cmd_id == cmd_id)
            self._connection.note(reason[0], f"{next(names, cmd_id)}: {reason[1]}")

    @property
    def _common(self) -> Reason | None:
        """What everything waits for that may leave."""
        return self.trouble or (_UNANSWERED if self.is_slow else None)


def _said(reason: Hindrance, common: Reason | None) -> Reason:
    return (common or _ASKED_FIRST) if reason.code == "stuck" else (reason.code, reason.about)
