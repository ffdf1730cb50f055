"""What people did at this console: what is not done yet, and the last that came to its end."""

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
    """Read by the screens, written by the ledger alone."""

    changed: Signal[None]

    def __init__(self) -> None:
        self.changed = Signal()
        self._open: OrderedDict[str, Act] = OrderedDict()
        self._ended: deque[Act] = deque(maxlen=RECENT)

    @property
    def open(self) -> tuple[Act, ...]:
        """Kept, sent, or needing the person; the newest last."""
        return tuple(self._open.values())

    @property
    def recent(self) -> tuple[Act, ...]:
        """The last 200, those that came to their end first, then the open ones; the newest last."""
        both = (*self._ended, *self._open.values())
        return tuple(sorted(both, key=lambda act: act.cseq))[-RECENT:]

    @property
    def needing(self) -> tuple[Act, ...]:
        """Those that wait for a person."""
        return tuple(act for act in self._open.values() if act.delivery is Delivery.NEEDS_YOU)

    def find(self, cmd_id: str) -> Act | None:
        """The act, if it is open."""
        return self._open.get(cmd_id)

    def put(self, act: Act) -> None:
        """Open, or come further; one that had come to its end may be open again after a restore."""
        if act.cmd_id not in self._open:
            self._recall(act.cmd_id)
        self._open[act.cmd_id] = act
        self.changed.emit(None)

    def retell(self, why: Mapping[str, tuple[str | None, str | None]]) -> None:
        """Open acts have another (code, about), by id; told once for all of them."""
        told = {key: replace(self._open[key], code=code, about=about) for key, (code, about) in why.items()}
        if told:
            self._open.update(told)
            self.changed.emit(None)

    def end(self, acts: Iterable[Act]) -> None:
        """They came to their end: done, or dropped; what passed for dropped may turn out to be done."""
        for act in acts:
            if self._open.pop(act.cmd_id, None) is None:
                self._recall(act.cmd_id)
            self._ended.append(act)
        self.changed.emit(None)

    def fill(self, ended: Iterable[Act]) -> None:
        """What came to its end before this start."""
        self._ended.extend(ended)

    def _recall(self, cmd_id: str) -> None:
        """It is not among those that have ended any more."""
        self._ended = deque((one for one in self._ended if one.cmd_id != cmd_id), maxlen=RECENT)


def in_order(acts: Iterable[Act], user: str) -> tuple[Act, ...]:
    """What somebody must look at: the own acts that wait or are parked, the newest consequence first and what is held
    behind one after it; then the acts of others that this console keeps, in the order given.
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
