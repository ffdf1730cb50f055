"""The cases as NumPy columns for table, map and wall; a case keeps its slot for as long as it is on the board."""

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import RUNNING, Case, Stage
from commandcenter.domain.lights import THRESHOLDS
from commandcenter.store.codes import Codes

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

CODED = ("stage", "tier", "channel", "kind", "street", "responsible")
TIMES = ("received_at", "filed_at", "due", "green_until", "reported_at", "ended_at")
LIGHT_CODES = ("on_time", "soon", "overdue", "paused", "none", "ended")
ON_TIME, SOON, OVERDUE, PAUSED, NO_LIGHT, ENDED = range(6)
ABSENT = 255
_FIRST = 1024
_NO_LIMIT = 1e12  # seconds; more than any limit leaves


class CaseColumns:
    """The columns by name (`self[name]`, each of length `size`), one slot per case; `alive` is False in a free slot.

    Coded columns (int32) index `codes[name].words`; times (float64) are seconds since 1970 (NaN: not yet); `lon` and
    `lat` are WGS 84 degrees (NaN: no exact position); `due_work` is the due time in the calendar's working seconds (NaN
    for limits around the clock).
    """

    def __init__(self) -> None:
        self.size = 0
        self.ids: list[str] = []
        self.codes = {name: Codes() for name in CODED}
        self._calendar: Calendar | None = None
        self._slot: dict[str, int] = {}
        self._free: list[int] = []
        self._data = _empty(_FIRST)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """Returns the column `name` as a view, not to be written to; it shows later changes until the columns grow."""
        return self._data[name][: self.size]

    def __len__(self) -> int:
        return len(self._slot)

    @property
    def calendar(self) -> Calendar | None:
        """The calendar by which working time is counted; None while it is unknown."""
        return self._calendar

    @calendar.setter
    def calendar(self, calendar: Calendar | None) -> None:
        """Recomputes the deadlines of all cases when the calendar is another one."""
        if calendar == self._calendar:
            return
        self._calendar = calendar
        for at in np.flatnonzero(self["alive"] & ~np.isnan(self["due"])):
            due = datetime.fromtimestamp(float(self["due"][at]), UTC)
            self._data["due_work"][at] = self._work(due, bool(self["urgent"][at]))

    def slot(self, key: str) -> int | None:
        """Returns the slot of the case with the id `key`, or None when it is not on the board."""
        return self._slot.get(key)

    def put(self, case: Case, *, urgent: bool, delivery: int = 0) -> int:
        """Writes `case` into its slot (a new one if needed) and returns the slot."""
        at = self._slot.get(case.id)
        if at is None:
            at = self._take_slot(case.id)
        data = self._data
        for name in CODED:
            data[name][at] = self.codes[name].code(getattr(case, name))
        for name in TIMES:
            data[name][at] = _seconds(getattr(case, name))
        data["lon"][at], data["lat"][at] = (case.spot.lon, case.spot.lat) if case.spot else (math.nan, math.nan)
        data["number"][at] = _digits(case.number)
        data["urgent"][at] = urgent
        data["due_work"][at] = self._work(case.due, urgent)
        data["applied"][at] = case.application is not None
        data["delivery"][at] = delivery
        data["alive"][at] = True
        return at

    def remove(self, key: str) -> int | None:
        """Frees the slot of the case `key` and returns it; None when the case had none."""
        at = self._slot.pop(key, None)
        if at is not None:
            self._data["alive"][at] = False
            self.ids[at] = ""
            self._free.append(at)
        return at

    def clear(self) -> None:
        """Removes every case; the codes stay."""
        self.size, self.ids, self._slot, self._free = 0, [], {}, []
        self._data = _empty(_FIRST)

    @property
    def is_open(self) -> Flags:
        """bool[size]: the slots whose case still needs work; says nothing of free slots."""
        is_open: Flags = np.isnan(self["ended_at"])
        return is_open

    def at_stage(self, stage: Stage) -> Flags:
        """Returns bool[size]: the slots whose case is at `stage`; says nothing of free slots."""
        code = self.codes["stage"].known(stage)
        return np.isin(self["stage"], [] if code is None else [code])

    def lights(self, now: float) -> Bytes:
        """Returns uint8[size]: the light code of every slot at `now` (seconds since 1970), ABSENT for free slots."""
        moment = self._moments(now)
        lights = np.full(self.size, ON_TIME, np.uint8)
        for light, field in reversed(THRESHOLDS):
            lights[moment > self[field]] = LIGHT_CODES.index(light)
        lights[np.isnan(self["due"])] = NO_LIGHT
        lights[~np.isnan(self["ended_at"])] = ENDED
        lights[~self["alive"]] = ABSENT
        return lights

    def left(self, now: float) -> Floats:
        """Returns float64[size]: the seconds left until each case is due, negative when overdue, NaN without a limit.

        Urgent limits count around the clock, the others in working time (around the clock while there is no calendar).
        """
        moment = self._moments(now)
        around_the_clock = self["due"] - moment
        if self.calendar is None:
            return around_the_clock
        stopped = moment != now
        elapsed = np.full(self.size, self.calendar.elapsed(datetime.fromtimestamp(now, UTC)))
        for at in np.flatnonzero(stopped & self["alive"] & ~self["urgent"]):
            elapsed[at] = self.calendar.elapsed(datetime.fromtimestamp(float(moment[at]), UTC))
        return np.where(self["urgent"], around_the_clock, self["due_work"] - elapsed)

    def urgency(self, now: float) -> Floats:
        """Returns float64[size]: sort keys by the time left; without a limit last, the longest waiting first."""
        left = self.left(now)
        return np.where(np.isnan(left), _NO_LIMIT + self["received_at"], left)

    def _moments(self, now: float) -> Floats:
        """The time at which each case is judged: now while it is open, else when it was reported or ended."""
        reported = np.where(np.isnan(self["reported_at"]), self["ended_at"], self["reported_at"])
        open_again = np.isin(self["stage"], [self.codes["stage"].code(stage) for stage in RUNNING])
        return np.where(open_again | np.isnan(reported), now, reported)

    def _take_slot(self, key: str) -> int:
        if self._free:
            at = self._free.pop()
            self.ids[at] = key
        else:
            at = self.size
            self.size += 1
            self.ids.append(key)
            if at == len(self._data["alive"]):
                self._data = {name: np.concatenate([column, column]) for name, column in self._data.items()}
        self._slot[key] = at
        return at

    def _work(self, due: datetime | None, urgent: bool) -> float:
        if due is None or urgent or self.calendar is None:
            return math.nan
        return self.calendar.elapsed(due)


def _empty(size: int) -> dict[str, npt.NDArray[Any]]:
    data: dict[str, npt.NDArray[Any]] = {name: np.zeros(size, np.int32) for name in CODED}
    data |= {name: np.full(size, np.nan) for name in (*TIMES, "lon", "lat", "due_work")}
    data |= {name: np.zeros(size, bool) for name in ("alive", "urgent", "applied")}
    return data | {"number": np.zeros(size, np.int64), "delivery": np.zeros(size, np.uint8)}


def _seconds(moment: datetime | None) -> float:
    return math.nan if moment is None else moment.timestamp()


def _digits(number: str | None) -> int:
    """A case number as one integer (date and count) that sorts like its text; 0 without a number."""
    digits = "".join(filter(str.isdigit, number)) if number else ""
    return int(digits[-17:]) if digits else 0
