"""What a person did about what needs attention: seen, put off until a moment; and what is new since they left."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from commandcenter.attention.causes import Concern

KEPT_FOR = timedelta(days=7)  # after its beginning, what was seen is told as standing since before


class Heed(StrEnum):
    """How far something has got the attention of the person, in the order in which a list shows it."""

    FRESH = "fresh"
    SEEN = "seen"
    BEFORE = "before"  # it stood when the person came, and nothing has been done about it here
    SNOOZED = "snoozed"


class Heeding:
    """What one person has seen and put off; `since` is when they were here last, or came for the first time.

    What began before is told as standing, and not announced, unless it came by a change while they were here.
    """

    def __init__(self, since: datetime) -> None:
        self.since = since
        self._seen: set[str] = set()
        self._snoozed: dict[str, datetime] = {}
        self._told: set[str] = set()

    def see(self, found: Iterable[Concern]) -> None:
        """Remembers these as seen."""
        for one in found:
            self._seen.add(one.mark)
            self._snoozed.pop(one.mark, None)

    def snooze(self, found: Iterable[Concern], until: datetime) -> None:
        """Puts these off; at `until` they are announced again as new, unless they have ended by then."""
        for one in found:
            self._snoozed[one.mark] = until
            self._seen.discard(one.mark)
            self._told.discard(one.mark)

    def heed(self, one: Concern, now: datetime) -> Heed:
        """Returns how far it has got the person's attention."""
        if one.mark in self._seen:
            return Heed.SEEN
        until = self._snoozed.get(one.mark)
        if until is not None:
            return Heed.SNOOZED if now < until else Heed.FRESH
        return Heed.FRESH if one.since >= self.since or one.mark in self._told else Heed.BEFORE

    def snoozed_until(self, one: Concern) -> datetime | None:
        """Returns until when it is put off; None when it is not."""
        return self._snoozed.get(one.mark)

    def announce(self, found: Iterable[Concern], now: datetime, *, arrived: bool) -> tuple[Concern, ...]:
        """Returns what is to be announced of `found`, and remembers it; nothing is announced twice.

        `arrived`: it came by a change of single records, so that it is new whatever its moment.
        """
        fresh = []
        for one in found:
            is_new = self.heed(one, now) is Heed.FRESH or (arrived and self.heed(one, now) is Heed.BEFORE)
            if is_new and one.mark not in self._told:
                self._told.add(one.mark)
                fresh.append(one)
        return tuple(fresh)

    def wakes(self, now: datetime) -> bool:
        """Returns whether something that was put off is due again and has not been announced since."""
        return any(until <= now and mark not in self._told for mark, until in self._snoozed.items())

    def text(self, now: datetime) -> str:
        """Returns all that has to outlast a restart, as text; `now` is when the person was here last."""
        oldest = (now - KEPT_FOR).timestamp()
        seen = sorted(mark for mark in self._seen if _began(mark) > oldest)
        put_off = {mark: until.isoformat() for mark, until in sorted(self._snoozed.items()) if until > now - KEPT_FOR}
        return json.dumps({"here": now.isoformat(), "seen": seen, "snoozed": put_off})


def read_heeding(text: str, now: datetime) -> Heeding:
    """Returns what `Heeding.text` wrote; of a text that is none, what somebody has who comes at `now`."""
    try:
        kept = json.loads(text)
        found = Heeding(min(_moment(kept["here"]), now))
        found._seen.update(map(str, kept["seen"]))
        found._snoozed.update({str(mark): _moment(until) for mark, until in kept["snoozed"].items()})
    except (ValueError, TypeError, KeyError, AttributeError):
        return Heeding(now)
    return found


def _moment(text: str) -> datetime:
    """Raises ValueError for a text that is no moment, or one without a zone."""
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo is not None else _no_zone(text)


def _no_zone(text: str) -> datetime:
    raise ValueError(text)


def _began(mark: str) -> float:
    last = mark.rpartition(" ")[2]
    return float(last) if last.removeprefix("-").isdecimal() else 0.0
