"""Turns the facts of generated cases into database rows: one record per case, one numbered log entry per fact."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from commandcenter.domain.calendar import Calendar
from commandcenter.domain.cases import Case
from commandcenter.domain.decisions import evolve
from commandcenter.domain.facts import Fact
from commandcenter.domain.ids import uuid7
from commandcenter.domain.visibility import audience
from commandcenter.protocol.codec import record_bytes
from commandcenter.server.command_pipeline.effect import changed_fields
from commandcenter.server.storage import event_log
from commandcenter.server.storage.projections import case_row
from commandcenter.server.storage.scope import listed
from commandcenter.server.storage.steps import StepRow, step_row
from commandcenter.server.storage.tables import cases, log
from commandcenter.simulation.case_histories import role_in

CASE_COLUMNS = tuple(column.name for column in cases.columns)
_NULL = ("on_behalf_of", "acted_at")
LOG_COLUMNS = tuple(column.name for column in log.columns if column.name not in _NULL)
_AFTER = LOG_COLUMNS.index("after")

Row = tuple[Any, ...]


@dataclass(slots=True)
class RowBatch:
    """Rows ready to be written: of cases, of who sees them, of their steps and of the log; and the keyed cases."""

    cases: list[Row]
    audience: list[Row]
    steps: list[Row]
    log: list[Row]
    keyed: list[tuple[int, Case]]


class RowMaker:
    """Turns cases, in order of arrival, into rows; the log is numbered in order of time across all cases.

    After-images are kept for facts from `images_since` on. `head` is the last sequence number given, `floor` the first
    one with an after-image (None: none so far).
    """

    def __init__(
        self, district: str, calendar: Calendar, *, head: int, images_since: datetime, chance: np.random.Generator
    ) -> None:
        self._district = district
        self._calendar = calendar
        self._images_since = images_since
        self._chance = chance
        self._waiting: list[tuple[float, Row]] = []
        self.head = head
        self.floor: int | None = None
        self.case_count = 0
        self.fact_count = 0

    def batches(self, lives: Iterable[list[Fact]], *, size: int) -> Iterator[RowBatch]:
        """Yields the rows of `lives` (the facts of each case) in batches of `size` cases, the last may have fewer."""
        batch = RowBatch([], [], [], [], [])
        for life in lives:
            if len(batch.cases) == size:
                batch.log = self._numbered(until=life[0].at.timestamp())
                yield batch
                batch = RowBatch([], [], [], [], [])
            self._enter(life, batch)
        batch.log = self._numbered(until=float("inf"))
        yield batch

    def _enter(self, life: Sequence[Fact], batch: RowBatch) -> None:
        case = self._fold(life, batch)
        self.case_count += 1
        row = case_row(self._district, case, record_bytes(case)) | {"key": self.case_count}
        batch.cases.append(tuple(row[name] for name in CASE_COLUMNS))
        batch.audience += [(self._district, token, self.case_count) for token in listed(audience(case))]
        batch.keyed.append((self.case_count, case))

    def _fold(self, life: Sequence[Fact], batch: RowBatch) -> Case:
        noise = self._chance.bytes(10 * len(life))
        before: Case | None = None
        step: StepRow | None = None
        for at, fact in enumerate(life):
            after = evolve(before, fact)
            assert isinstance(after, Case)
            when, role = fact.at.timestamp(), role_in(fact, after).value
            command = uuid7(round(when * 1000), noise[10 * at : 10 * at + 10])
            self._waiting.append((when, self._row(before, after, fact, command, role)))
            how: dict[str, Any] = {"role": role, "at": when, "acted_at": when, "calendar": self._calendar}
            step = step_row(self._district, step, fact, before, after, **how)
            batch.steps.append(tuple(step.values()))
            before = after
        assert before is not None
        self.fact_count += len(life)
        return before

    def _row(self, before: Case | None, after: Case, fact: Fact, command: str, role: str) -> Row:
        """Returns the row's columns after `at`, in their order."""
        is_streamed = fact.at >= self._images_since
        return (
            fact.by,
            command,
            "case",
            after.id,
            after.rev,
            changed_fields(before, after),
            event_log.tokens_text(audience(before)) if is_streamed else "",
            event_log.tokens_text(audience(after)) if is_streamed else "",
            event_log.encode_facts([fact]),
            record_bytes(after) if is_streamed else None,
            role,
        )

    def _numbered(self, *, until: float) -> list[Row]:
        """Numbers the waiting rows before `until` in order of time; no fact still to come is earlier."""
        self._waiting.sort(key=lambda entry: entry[0])
        ready = bisect_left(self._waiting, until, key=lambda entry: entry[0])
        rows = [
            (self._district, self.head + number, 0, at, *rest)
            for number, (at, rest) in enumerate(self._waiting[:ready], 1)
        ]
        self.head += ready
        del self._waiting[:ready]
        if self.floor is None:
            self.floor = next((row[1] for row in rows if row[_AFTER] is not None), None)
        return rows
