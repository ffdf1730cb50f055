"""What the shift sees: open cases, sub-tasks and crews, followed over the event stream as any console does."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from commandcenter.client.errors import MalformedAnswer
from commandcenter.client.session import Session
from commandcenter.client.snapshot import snapshot
from commandcenter.client.stream import open_stream
from commandcenter.demonstration.shift_clients import PlannedCommand
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import Command, records_of
from commandcenter.domain.kinds import Kind
from commandcenter.domain.people import Holder
from commandcenter.domain.records import KINDS, Record, ref_text
from commandcenter.domain.rosters import Roster
from commandcenter.domain.tasks import Task
from commandcenter.domain.teams import Crew
from commandcenter.protocol.codec import RecordEnvelope, Unreadable, read_record
from commandcenter.protocol.events import Evict, Frame, ScopeChanged

_VISITOR_PAUSE = timedelta(minutes=10)


class ShiftView:
    """What is in the watcher's scope, by kind; `given` are the ids of the shift's own commands."""

    def __init__(self, given: set[str]) -> None:
        self._given = given
        self._touched: dict[str, datetime] = {}
        self._people: dict[str, datetime] = {}
        self._records: dict[str, dict[str, Any]] = {name: {} for name in KINDS}
        self.cases: dict[str, Case] = self._records["case"]
        self.crews: dict[str, Crew] = self._records["crew"]
        self.rosters: dict[str, Roster] = self._records["roster"]
        self.tasks: dict[str, Task] = self._records["task"]
        self.kinds: dict[str, Kind] = self._records["kind"]
        self.holders: dict[str, Holder] = self._records["holder"]
        self.is_ready = asyncio.Event()

    async def follow(self, session: Session) -> None:
        """Loads a snapshot and applies the stream after it.

        Returns when the stream ends or the scope changes; raises PlatformFault.
        """
        async with snapshot(session) as taken:
            for known in self._records.values():
                known.clear()
            async for bundle in taken.bundles:
                for kept in bundle:
                    self._keep(kept)
                await asyncio.sleep(0)
        self.is_ready.set()
        async with open_stream(
            session, epoch=taken.head.epoch, after=taken.head.cursor, scope_ver=taken.head.scope_ver
        ) as stream:
            async for arrived in stream:
                for one in arrived:
                    if isinstance(one.message, ScopeChanged):
                        return
                    self.apply(one.message)

    def planned(self, command: Command) -> PlannedCommand:
        """Returns the command, based on its records as they are seen now."""
        seen = ((ref, self._records[ref[0]].get(ref[1])) for ref in records_of(command))
        return PlannedCommand(command, {ref_text(*ref): record.rev for ref, record in seen if record is not None})

    def was_changed_by_visitor(self, case: Case) -> bool:
        """Whether a visitor has acted on the case since the shift began."""
        return case.id in self._touched

    def was_used_by_visitor(self, user: str) -> bool:
        """Whether a visitor has acted as `user` in the last ten minutes; the shift then leaves the account alone."""
        last = self._people.get(user)
        return last is not None and datetime.now(UTC) - last < _VISITOR_PAUSE

    def apply(self, message: object) -> None:
        """Applies a message of the stream."""
        gone = message.records if isinstance(message, Evict) else message.evicted if isinstance(message, Frame) else ()
        for ref in gone:
            self._records.get(ref.kind, {}).pop(ref.id, None)
        if isinstance(message, Frame):
            records = [self._keep(kept) for kept in message.records]
            if message.cmd_id and message.cmd_id not in self._given:
                self._people[message.actor] = message.at
                self._touched |= {record.id: message.at for record in records if isinstance(record, Case)}
            self._given.discard(message.cmd_id)

    def _keep(self, kept: RecordEnvelope) -> Record | None:
        if kept.kind not in self._records:
            return None
        try:
            record = read_record(kept.kind, kept.record)
        except Unreadable as wrong:
            raise MalformedAnswer(str(wrong)) from wrong
        if isinstance(record, Case) and not record.is_open:
            self.cases.pop(record.id, None)
        else:
            self._records[kept.kind][record.id] = record
        return record
