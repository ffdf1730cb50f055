"""The list of acts given at this console: those that are not done yet, and the last ones that ended."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from commandcenter.store.overlay import Act, Delivery
from commandcenter.store.signal import Signal
from commandcenter.sync.send_order import PARKED

RECENT = 200
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class ActList:
    """The open acts and the last ended ones; read by the screens, written by the command display alone."""

    changed: Signal[None]

    def __init__(self) -> None:
        self.changed = Signal()
        self._open: OrderedDict[str, Act] = OrderedDict()
        self._ended: deque[Act] = deque(maxlen=RECENT)

    @property
    def open(self) -> tuple[Act, ...]:
        """The acts that are kept, sent, or need a decision; the newest last."""
        return tuple(self._open.values())

    @property
    def recent(self) -> tuple[Act, ...]:
        """The last 200 acts, ended and open, in the order given (the newest last)."""
        both = (*self._ended, *self._open.values())
        return tuple(sorted(both, key=lambda act: act.cseq))[-RECENT:]

    @property
    def needing(self) -> tuple[Act, ...]:
        """The open acts that need a person's decision."""
        return tuple(act for act in self._open.values() if act.delivery is Delivery.NEEDS_YOU)

    def find(self, cmd_id: str) -> Act | None:
        """Returns the open act with this command id, or None."""
        return self._open.get(cmd_id)

    def put(self, act: Act) -> None:
        """Adds or updates an open act; one that had ended may be open again after a restore."""
        if act.cmd_id not in self._open:
            self._remove_ended(act.cmd_id)
        self._open[act.cmd_id] = act
        self.changed.emit(None)

    def retell(self, why: Mapping[str, tuple[str | None, str | None]]) -> None:
        """Sets (code, about) of open acts by command id; `changed` is emitted once for all of them."""
        told = {key: replace(self._open[key], code=code, about=about) for key, (code, about) in why.items()}
        if told:
            self._open.update(told)
            self.changed.emit(None)

    def end(self, acts: Iterable[Act]) -> None:
        """Moves acts to the ended ones (done or dropped); a dropped act may later turn out to be done."""
        for act in acts:
            if self._open.pop(act.cmd_id, None) is None:
                self._remove_ended(act.cmd_id)
            self._ended.append(act)
        self.changed.emit(None)

    def fill(self, ended: Iterable[Act]) -> None:
        """Adds acts that ended in an earlier run."""
        self._ended.extend(ended)

    def _remove_ended(self, cmd_id: str) -> None:
        """Removes an act from the ended ones."""
        self._ended = deque((one for one in self._ended if one.cmd_id != cmd_id), maxlen=RECENT)


def in_order(acts: Iterable[Act], user: str) -> tuple[Act, ...]:
    """Returns the acts that `user` must look at.

    First their own acts that need a decision or are parked, the last changed first, each followed by those held behind
    it; then the acts of others that this console keeps, in the order given.
    """
    opened = tuple(acts)
    mine = [act for act in opened if act.user == user and _is_for_person(act)]
    heads = sorted((act for act in mine if act.code != "held"), key=_turned, reverse=True)
    held = sorted((act for act in mine if act.code == "held"), key=lambda act: act.cseq)
    found: list[Act] = []
    for head in heads:
        found += [head, *(act for act in held if act.about == head.cmd_id)]
    placed = {act.cmd_id for act in found}
    lost = [act for act in held if act.cmd_id not in placed]
    others = [act for act in opened if act.user != user and act.delivery is not Delivery.SENT]
    return (*found, *lost, *sorted(others, key=lambda act: act.cseq))


def _is_for_person(act: Act) -> bool:
    return act.delivery is Delivery.NEEDS_YOU or (act.delivery is Delivery.KEPT and act.code == PARKED)


def _turned(act: Act) -> tuple[datetime, int]:
    return (act.moved_at or _LONG_AGO, act.cseq)
