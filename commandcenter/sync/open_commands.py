"""The commands that have not ended, and what is known of the effect of those that were dropped; memory only."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from commandcenter.cache.journal_row import WAITING, JournalRow, RowState
from commandcenter.sync.act_list import RECENT

_NOT_SENT = 0  # no epoch of a platform has this number


class OpenCommands:
    """Read by all who send, show or decide; a new state is in the journal before it is here.

    `platform_epoch`: the platform's current one, which the board may not have reached; None before any was heard of.
    """

    def __init__(self) -> None:
        self.platform_epoch: int | None = None
        self._rows: dict[str, JournalRow] = {}
        self._dropped: OrderedDict[str, JournalRow] = OrderedDict()  # the last ones
        self._unsettled: dict[str, JournalRow] = {}  # dropped, but may have an effect
        self._sent_in: dict[str, int | None] = {}  # by id: the epoch when last sent; absent: it is of an earlier run

    @property
    def by_id(self) -> Mapping[str, JournalRow]:
        """The open commands by their ids."""
        return self._rows

    @property
    def rows(self) -> list[JournalRow]:
        """The open commands in the order given."""
        return sorted(self._rows.values(), key=lambda row: row.cseq)

    @property
    def sent(self) -> list[JournalRow]:
        """The commands that the platform has acknowledged and whose effect the board has not reached."""
        return [row for row in self._rows.values() if row.state is RowState.SENT]

    @property
    def unsent(self) -> dict[str, int]:
        """The number of commands per user that wait at this console without the platform having them."""
        return Counter(row.user for row in self._rows.values() if row.state in (RowState.KEPT, RowState.HELD))

    def dropped(self, cmd_id: str) -> JournalRow | None:
        """Returns the command if it is one of the last dropped ones, or may have an effect; otherwise None."""
        return self._unsettled.get(cmd_id) or self._dropped.get(cmd_id)

    def asked_about(self, cmd_id: str) -> JournalRow | None:
        """Returns the command if the platform can be asked what became of it: open, or dropped and unsettled."""
        return self._rows.get(cmd_id) or self._unsettled.get(cmd_id)

    def known(self, cmd_ids: Iterable[str]) -> list[JournalRow]:
        """Returns those of the commands that are open, or of the last dropped ones."""
        found = (self._rows.get(key) or self._dropped.get(key) for key in cmd_ids)
        return [row for row in found if row is not None]

    def is_never_sent(self, row: JournalRow) -> bool:
        """Returns whether a command was given in this run and never sent."""
        return self._sent_in.get(row.cmd_id) == _NOT_SENT

    def may_have_left_in(self, row: JournalRow, epoch: int | None) -> bool:
        """Returns whether a command was sent since the platform began `epoch`, as far as is known here."""
        return self._sent_in.get(row.cmd_id, epoch) == epoch

    def is_settled(self, row: JournalRow) -> bool:
        """Returns whether an unanswered command is known to have no effect: never sent, or the platform said so."""
        return self.is_never_sent(row) or (row.epoch is not None and row.epoch == self.platform_epoch)

    def unsettled(self, user: str, district: str) -> list[JournalRow]:
        """Returns the commands that wait for `user` or were dropped by them, and may have an effect unknown here."""
        both = (*self._unsettled.values(), *(row for row in self.rows if row.state in WAITING))
        return [row for row in both if (row.user, row.district) == (user, district) and not self.is_settled(row)]

    def mark_sending(self, rows: Iterable[JournalRow]) -> None:
        """Marks `rows` as being sent: from now on they may have an effect that is unknown here."""
        self._sent_in.update((row.cmd_id, self.platform_epoch) for row in rows)

    def put(self, row: JournalRow, *, is_new: bool = False) -> None:
        """Adds an open command or sets its state; a dropped one may be open again. `is_new`: it was given just now."""
        self._unsettled.pop(row.cmd_id, None)
        self._dropped.pop(row.cmd_id, None)
        self._rows[row.cmd_id] = row
        if is_new:
            self._sent_in[row.cmd_id] = _NOT_SENT

    def end(self, row: JournalRow) -> None:
        """Removes a command that is done or dropped; a dropped one without a known effect stays unsettled."""
        self._unsettled.pop(row.cmd_id, None)
        if row.state is RowState.DROPPED and not self.is_settled(row):
            self._unsettled[row.cmd_id] = row
        self._rows.pop(row.cmd_id, None)
        self._dropped.pop(row.cmd_id, None)
        self._sent_in.pop(row.cmd_id, None)
        if row.state is RowState.DROPPED:
            self.remember([row])

    def remember(self, dropped: Iterable[JournalRow]) -> None:
        """Adds commands to the last dropped ones, also of an earlier run."""
        self._dropped.update((row.cmd_id, row) for row in dropped)
        while len(self._dropped) > RECENT:
            self._dropped.popitem(last=False)

    def begin_epoch(self, epoch: int, dropped: Iterable[JournalRow], lost: Iterable[JournalRow]) -> None:
        """Records the platform's epoch, with commands of former ones: `dropped` ones are unsettled, others `lost`."""
        self.platform_epoch = epoch
        self._sent_in.update((row.cmd_id, row.epoch) for row in lost)
        self._unsettled = {row.cmd_id: row for row in dropped}

    def explain(self, why: Mapping[str, tuple[str, str]]) -> Mapping[str, tuple[str | None, str | None]]:
        """Sets why kept commands do not leave: (code, about) by id, none for others; returns what has changed."""
        kept = ((row, why.get(row.cmd_id, (None, None))) for row in self._rows.values() if row.state is RowState.KEPT)
        news = {row.cmd_id: said for row, said in kept if (row.code, row.about) != said}
        self._rows |= {key: replace(self._rows[key], code=code, about=about) for key, (code, about) in news.items()}
        return news
