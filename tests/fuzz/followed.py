"""Follows the log of a platform row by row: where each record was, and whether each act was allowed.

It judges by the hand-written rules of `tests.faults.rules` and takes only what happened from the platform.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row, select

from commandcenter.domain.people import Person
from commandcenter.server.platform import Platform
from commandcenter.server.storage.tables import audit, log
from tests.faults.rules import COMMANDS, Case, Place, after, may_adopt, reads, sees, why_not

Key = tuple[str, str, str]  # district, kind, id


@dataclass(slots=True)
class Followed:
    """The records as the log has them.

    `who(user)`: who the user is now or was last. `stood`: every place that a record ever had.
    """

    platform: Platform
    who: Callable[[str], Person | None]
    stood: dict[Key, set[Place]] = field(default_factory=dict)
    revs: dict[str, int] = field(default_factory=dict)  # by record id
    acts: int = 0  # how many were judged
    _cases: dict[Key, Case | None] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)

    def look(self, asker: Person | None = None, *, judged: bool = True) -> list[str]:
        """Returns what is wrong with the log entries since the last look, all written in the request of `asker`.

        `asker` is None when nobody with a role asked. Without `judged` the entries are only followed.
        """
        self.platform.writer.submit(lambda connection: None).result()
        found = []
        for row in self.platform.readers.now(lambda connection: list(self._rows(connection))):
            key = (row.district, row.kind, row.record)
            before = self._cases.get(key)
            self._take(row, key)
            if judged and not _is_put(row):
                self.acts += 1
                found += [f"a power: {why}" for why in self._wrong(row, key, before, asker)]
        return found

    def stage(self, district: str, case: str) -> str:
        """Returns the stage of a case as far as the log was followed; empty when there is no such case."""
        known = self._cases.get((district, "case", case))
        return "" if known is None else known.stage

    def may_see(self, person: Person, key: Key) -> bool:
        """Whether `person` sees a place where the record is or once was."""
        return any(sees(person, key[1], place) for place in self.stood.get(key, ()))

    def may_read(self, person: Person, key: Key) -> bool:
        """Whether `person` could ever read what the petitioner said; of a secret case: its taker, holders, leaders."""
        case = self._cases.get(key)
        stood = self.stood.get(key, ()) if case is not None else ()
        return any(reads(person, replace(case, street=there.street, holder=there.holder)) for there in stood)

    def _rows(self, connection: Any) -> Iterator[Row[Any]]:
        for (district,) in connection.execute(select(log.c.district).distinct()):
            behind = log.c.seq > self._seen.get(district, 0)
            rows = connection.execute(select(log).where(log.c.district == district, behind).order_by(log.c.seq)).all()
            self._seen[district] = max([self._seen.get(district, 0), *(row.seq for row in rows)])
            yield from rows

    def _take(self, row: Row[Any], key: Key) -> None:
        case = self._cases.get(key)
        for said in json.loads(row.facts):
            case = after(case, said["type"], said["fact"])
        self._cases[key] = case
        place = Place() if case is None else case.place
        if row.kind == "crew":
            crew = json.loads(row.after)
            place = Place(crew["street"], crew["unit"])
        self.stood.setdefault(key, set()).add(place)
        self.revs[row.record] = row.rev

    def _wrong(self, row: Row[Any], key: Key, before: Case | None, asker: Person | None) -> Iterator[str]:
        command = COMMANDS[json.loads(row.facts)[0]["type"]]
        hand, owner = self.who(row.actor), self.who(row.on_behalf_of or row.actor)
        if hand is None or owner is None or asker is None or row.actor != asker.user:
            yield f"{command} by {row.actor} for {row.on_behalf_of} in the request of {asker}"
            return
        if hand.scope.district != row.district:
            yield f"{hand} did {command} in {row.district}"
        if row.on_behalf_of is not None and not may_adopt(hand, owner):
            yield f"{hand} did {command} in the place of {owner}"
        now = self._cases[key]
        if command == "locate_crew" and str(owner.role) == "unit" and owner.scope.unit not in self._units(key):
            yield f"{owner} located {key}"
        streets = {there.street for there in self.stood[key]} if now is None else {now.street}
        why = next((no for no in (why_not(command, owner, before, street) for street in streets) if no), None)
        if why is not None:
            yield why
        wanted = (row.actor, str(hand.role), command, f"{row.kind}:{row.record}", row.on_behalf_of)
        told = self._audited(row)
        if told != [wanted]:
            yield f"audit says {told} instead of {wanted}"

    def _units(self, key: Key) -> set[str | None]:
        return {there.holder for there in self.stood[key]}

    def _audited(self, row: Row[Any]) -> list[tuple[Any, ...]]:
        """Returns the audit rows of the act as (user, role, action, record, on_behalf_of)."""
        columns = (audit.c.user, audit.c.role, audit.c.action, audit.c.record, audit.c.on_behalf_of)
        applied = (audit.c.district == row.district, audit.c.cmd_id == row.cmd_id, audit.c.outcome == "applied")
        found = select(*columns).where(*applied)
        return [tuple(one) for one in self.platform.readers.now(lambda connection: connection.execute(found).all())]


def _is_put(row: Row[Any]) -> bool:
    """Whether it is a record that another system put in, by no command."""
    return not row.cmd_id and all(said["type"].startswith("reference_") for said in json.loads(row.facts))
