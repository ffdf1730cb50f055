"""Records as NumPy columns for table, map and wall; a record keeps its slot for as long as it is on the board."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import RUNNING, Case, Stage
from commandcenter.domain.kinds import Kind
from commandcenter.domain.lights import THRESHOLDS
from commandcenter.domain.records import KIND_OF, Record, RecordKind
from commandcenter.store.codes import Codes

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

LIGHT_CODES = ("on_time", "soon", "overdue", "paused", "none", "ended")
ON_TIME, SOON, OVERDUE, PAUSED, NO_LIGHT, ENDED = range(6)
ABSENT = 255
_FIRST = 1024
_BY_KIND = 2  # whether its limit is urgent; a case that keeps its limit has 1 or 0
_NO_LIMIT = 1e12  # seconds; more than any limit leaves
_TIE = 1e-9  # of the time around the clock: tells apart what falls due while working time rests


class RecordColumns:
    """The columns by name (`self[name]`, each of length `size`), one slot per record; `alive` is False in a free slot.

    Coded columns (int32) index `codes[name].words`; times (float64) are seconds since 1970 (NaN: not yet).
    """

    def __init__(self, kind: RecordKind) -> None:
        self.codes = {name: Codes() for name in kind.codes}
        self._times = kind.times
        self.clear()

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """Returns the column `name` as a view, not to be written to; it shows later changes until the columns grow."""
        return self._data[name][: self.size]

    def __len__(self) -> int:
        return len(self._slot)

    def slot(self, key: str) -> int | None:
        """Returns the slot of the record with the id `key`, or None when it is not on the board."""
        return self._slot.get(key)

    def put(self, records: Sequence[Any], deliveries: Sequence[int]) -> list[int]:
        """Writes each of `records`, with its delivery state, into its slot (a new one if needed); returns the slots.

        Column by column, which for a whole board takes less time than record by record.
        """
        at = [self._slot_of(record.id) for record in records]
        for name, codes in self.codes.items():
            self._data[name][at] = [codes.code(getattr(record, name)) for record in records]
        for name in self._times:
            self._data[name][at] = [_seconds(getattr(record, name)) for record in records]
        self._data["delivery"][at] = deliveries
        self._data["alive"][at] = True
        return at

    def remove(self, key: str) -> None:
        """Frees the slot of the record `key`, if it has one."""
        at = self._slot.pop(key, None)
        if at is not None:
            self._data["alive"][at] = False
            self.ids[at] = ""
            self._free.append(at)

    def clear(self) -> None:
        """Removes every record; the codes stay."""
        self.size = 0
        self.ids: list[str] = []
        self._slot: dict[str, int] = {}
        self._free: list[int] = []
        self._data = self._empty(_FIRST)

    def _empty(self, size: int) -> dict[str, npt.NDArray[Any]]:
        data: dict[str, npt.NDArray[Any]] = {name: np.zeros(size, np.int32) for name in self.codes}
        data |= {name: np.full(size, np.nan) for name in self._times}
        return data | {"alive": np.zeros(size, bool), "delivery": np.zeros(size, np.uint8)}

    def _slot_of(self, key: str) -> int:
        at = self._slot.get(key)
        return self._take_slot(key) if at is None else at

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


class CaseColumns(RecordColumns):
    """The columns of the cases, with their lights and times left; `kinds` are those on the board, by id.

    `lon` and `lat` are WGS 84 degrees (NaN: no exact position); `due_work` is the due time in the working seconds of
    `calendar` (NaN: no limit).
    """

    def __init__(self, kinds: Mapping[str, Record]) -> None:
        super().__init__(KIND_OF[Case])
        self._kinds = kinds
        self.calendar: Calendar | None = None  # None: unknown
        self._weeks: dict[int, Calendar] = {}  # earlier revisions of it by which cases are counted

    def count_by(self, calendar: Calendar | None) -> None:
        """Counts working time by `calendar`, for all cases anew when it is another one.

        A case is counted by its revision at the filing, one of which that is not known by the calendar as it is.
        """
        if calendar == self.calendar:
            return
        self.calendar, self._weeks = calendar, {}
        for at in np.flatnonzero(self["alive"] & ~np.isnan(self["due"])):
            due = datetime.fromtimestamp(float(self["due"][at]), UTC)
            self._data["due_work"][at] = self._work(due, int(self["week"][at]))

    def week_of(self, rev: int) -> Calendar | None:
        """Returns the calendar at its revision `rev` (0: as it is); None while there is none."""
        if self.calendar is None or rev == 0:
            return self.calendar
        if rev not in self._weeks:
            self._weeks[rev] = self.calendar.at(rev)
        return self._weeks[rev]

    def put(self, records: Sequence[Case], deliveries: Sequence[int]) -> list[int]:
        """Writes each of the cases, as of any record, and what follows from its place, number and limit."""
        at, data = super().put(records, deliveries), self._data
        weeks = [0 if case.basis is None else case.basis.calendar_rev for case in records]
        data["lon"][at] = [case.spot.lon if case.spot else math.nan for case in records]
        data["lat"][at] = [case.spot.lat if case.spot else math.nan for case in records]
        data["number"][at] = [_digits(case.number) for case in records]
        data["week"][at] = weeks
        data["due_work"][at] = [self._work(case.due, week) for case, week in zip(records, weeks, strict=True)]
        data["applied"][at] = [case.application is not None for case in records]
        data["urgent"][at] = [_BY_KIND if case.basis is None else case.basis.limit.is_urgent for case in records]
        return at

    @property
    def is_open(self) -> Flags:
        """bool[size]: the slots whose case still needs work; says nothing of free slots."""
        is_open: Flags = np.isnan(self["ended_at"])
        return is_open

    @property
    def is_running(self) -> Flags:
        """bool[size]: the slots whose case is at a stage at which its limit runs; says nothing of free slots."""
        is_running: Flags = np.isin(self["stage"], [self.codes["stage"].code(stage) for stage in RUNNING])
        return is_running

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
        around_the_clock = self["due"] - self._moments(now)
        return np.where(self._is_urgent(), around_the_clock, self._work_left(now))

    def urgency(self, now: float) -> Floats:
        """Returns float64[size]: sort keys by the time left; without a limit last, the longest waiting first.

        A case that is not overdue counts by the working time until it is due, also under a limit around the clock: of
        two cases the one that is due first comes first, whatever their limits count by.
        """
        work, around_the_clock, urgent = self._work_left(now), self["due"] - self._moments(now), self._is_urgent()
        ahead = np.maximum(work, 0.0) + around_the_clock * _TIE
        keys = np.where(urgent, np.where(around_the_clock > 0, ahead, around_the_clock), work)
        return np.where(np.isnan(keys), _NO_LIMIT + self["received_at"], keys)

    def _work_left(self, now: float) -> Floats:
        """Returns float64[size]: the working seconds until each case is due; around the clock without a calendar."""
        moment = self._moments(now)
        if self.calendar is None:
            around_the_clock: Floats = self["due"] - moment
            return around_the_clock
        elapsed = np.full(self.size, self.calendar.elapsed(datetime.fromtimestamp(now, UTC)))
        for rev, week in self._weeks.items():
            if week is not self.calendar:
                elapsed[self["week"] == rev] = week.elapsed(datetime.fromtimestamp(now, UTC))
        for at in np.flatnonzero((moment != now) & self["alive"]):
            elapsed[at] = self._work(datetime.fromtimestamp(float(moment[at]), UTC), int(self["week"][at]))
        work_left: Floats = self["due_work"] - elapsed
        return work_left

    def _moments(self, now: float) -> Floats:
        """The time at which each case is judged: now while it is open, else when it was reported or ended."""
        reported = np.where(np.isnan(self["reported_at"]), self["ended_at"], self["reported_at"])
        return np.where(self.is_running | np.isnan(reported), now, reported)

    def _is_urgent(self) -> Flags:
        """Returns bool[size]: the slots whose limit counts around the clock, by the kinds now where none was kept."""
        kinds = map(self._kinds.get, self.codes["kind"].words)
        by_kind = np.array([isinstance(kind, Kind) and kind.limit.is_urgent for kind in kinds])[self["kind"]]
        urgent: Flags = np.where(self["urgent"] == _BY_KIND, by_kind, self["urgent"] == 1)
        return urgent

    def _work(self, due: datetime | None, rev: int) -> float:
        week = self.week_of(rev)
        return math.nan if due is None or week is None else week.elapsed(due)

    def _empty(self, size: int) -> dict[str, npt.NDArray[Any]]:
        more: dict[str, npt.NDArray[Any]] = {name: np.full(size, np.nan) for name in ("lon", "lat", "due_work")}
        more |= {"applied": np.zeros(size, bool), "number": np.zeros(size, np.int64)}
        more |= {"urgent": np.zeros(size, np.uint8), "week": np.zeros(size, np.int32)}
        return super()._empty(size) | more


def _seconds(moment: datetime | None) -> float:
    return math.nan if moment is None else moment.timestamp()


def _digits(number: str | None) -> int:
    """A case number as one integer (date and count) that sorts like its text; 0 without a number."""
    digits = "".join(filter(str.isdigit, number)) if number else ""
    return int(digits[-17:]) if digits else 0
