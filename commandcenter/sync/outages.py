"""The history of outages: from when to when, why, the acts given meanwhile, and when all of them were answered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from commandcenter.cache.outages import MOST, Outage, OutageFile
from commandcenter.protocol import codes
from commandcenter.protocol.intervals import Interval, lies_in
from commandcenter.store.overlay import Delivery
from commandcenter.store.signal import Signal
from commandcenter.sync.act_list import ActList
from commandcenter.sync.background_tasks import BackgroundTasks
from commandcenter.sync.clock import PlatformClock
from commandcenter.sync.connection import Connection, State

LEAST = timedelta(seconds=3)  # shorter ones are normal reconnects: a token renewed, a proxy that closes the connection
_AWAY = frozenset({State.WAITING, State.SIGNED_OUT, State.REFUSED})
_ON_ITS_WAY = frozenset({Delivery.KEPT, Delivery.SENT})


class Outages:
    """Observes the connection and the acts; `history` is read by the screens, oldest first."""

    changed: Signal[None]

    def __init__(
        self, file: OutageFile, *, connection: Connection, acts: ActList, clock: PlatformClock, tasks: BackgroundTasks
    ) -> None:
        self.changed = Signal()
        self.history: tuple[Outage, ...] = ()
        self._file = file
        self._connection = connection
        self._acts = acts
        self._now = clock.now
        self._mono = clock.mono
        self._tasks = tasks
        self._meanwhile: set[str] = set()
        self._began_unheard_at: float | None = None  # monotonic start of an outage before the platform was ever heard

    async def open(self) -> None:
        """Loads earlier outages and starts observing; one that outlived the program goes on until the state is LIVE."""
        self.history = await self._file.load()
        for heard in (self._connection.changed, self._acts.changed):
            heard.connect(self._hear)

    def close(self) -> None:
        """Stops observing and closes the file."""
        for heard in (self._connection.changed, self._acts.changed):
            heard.disconnect(self._hear)
        self._file.close()

    @property
    def current(self) -> Outage | None:
        """The outage that lasts now, or None."""
        return self.history[-1] if self.history and self.history[-1].until is None else None

    def at(self, moments: Iterable[datetime]) -> tuple[Interval, ...]:
        """Returns when the outages began and ended in which one of `moments` lies; the one that lasts ends now."""
        given, spans = tuple(moments), [(one.since, one.until or self._now()) for one in self.history]
        return tuple(span for span in spans if any(lies_in(at, [span]) for at in given))

    def _hear(self, _nothing: None) -> None:
        state, last = self._connection.state, self.current
        if last is None and state in _AWAY and self._connection.code != codes.NO_ROLE:  # then the platform has answered
            self._begin()
        elif last is not None and state is State.LIVE:
            self._end(last)
        elif last is not None:
            self._count(last)
        settled = tuple(map(self._settled, self.history))
        if settled != self.history:
            self._put(settled)

    def _begin(self) -> None:
        since = self._connection.last_heard or self._now()
        self._meanwhile = self._given(since)
        self._began_unheard_at = None if self._connection.last_heard else self._mono()
        began = Outage(since, self._connection.code or "world", kept=len(self._meanwhile))
        self._put((*self.history, began)[-MOST:], keep=False)

    def _count(self, last: Outage) -> None:
        code = self._connection.code if self._connection.state in _AWAY else None
        self._meanwhile |= self._given(last.since)
        fresh = replace(last, kept=max(last.kept, len(self._meanwhile)), code=code or last.code)
        if fresh != last:
            self._change(fresh, keep=self._now() - last.since >= LEAST)

    def _end(self, last: Outage) -> None:
        """Ends the outage; one that was too short to matter, and in which nobody acted, is removed."""
        now = self._now()
        last = replace(last, since=self._since(last, now))
        if now - last.since < LEAST and not last.kept:
            self._put(self.history[:-1], keep=False)
            return
        self._change(replace(last, until=now))

    def _since(self, last: Outage, now: datetime) -> datetime:
        """When it began, by the corrected platform time: the machine's own clock may have been years off."""
        if self._began_unheard_at is None:
            return min(last.since, now)
        return now - timedelta(seconds=self._mono() - self._began_unheard_at)

    def _settled(self, one: Outage) -> Outage:
        """`one` with the number of its acts that need a decision, and the time by which all of them were answered."""
        if one.until is None or one.settled_at is not None:
            return one
        meanwhile = self._given(one.since, one.until)
        if one is self.history[-1]:
            meanwhile |= self._meanwhile
        mine = [act for act in self._acts.open if act.cmd_id in meanwhile]
        asked = sum(act.delivery is Delivery.NEEDS_YOU for act in mine)
        is_settled = not any(act.delivery in _ON_ITS_WAY for act in mine)
        return replace(one, asked=asked, settled_at=self._now() if is_settled else None)

    def _given(self, since: datetime, until: datetime | None = None) -> set[str]:
        """Ids of the open acts that were given from `since` to `until`."""
        dated = ((act.cmd_id, act.made_at) for act in self._acts.open if act.made_at is not None)
        return {key for key, at in dated if since <= at and (until is None or at <= until)}

    def _change(self, fresh: Outage, *, keep: bool = True) -> None:
        """Replaces the last outage by `fresh`."""
        self._put((*self.history[:-1], fresh), keep=keep)

    def _put(self, history: tuple[Outage, ...], *, keep: bool = True) -> None:
        self.history = history
        self.changed.emit(None)
        if keep:
            self._tasks.run(self._keep(history), "keep the history of outages")

    async def _keep(self, history: tuple[Outage, ...]) -> None:
        try:
            await self._file.keep(history)
        except OSError as wrong:
            self._connection.note("disk", str(wrong.strerror or wrong))


__all__ = ["Outage", "OutageFile", "Outages"]
