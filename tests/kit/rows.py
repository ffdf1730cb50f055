"""Builds rows of a console's journal."""

from typing import Any

from commandcenter.cache.journal_row import JournalRow, RowState
from commandcenter.domain.people import Person, Role, Scope
from tests.kit.district import NOON


def row(number: int, *records: str, state: RowState = RowState.KEPT, user: str = "a", **other: Any) -> JournalRow:
    """Returns the row of the `number`th command, by default a report on the cases `records`."""
    return JournalRow(
        cmd_id=f"cmd{number}",
        cseq=number,
        person=Person(user, Role.UNIT, Scope(other.pop("district", "d1"))),
        type=other.pop("type", "report"),
        args=b"{}",
        refs=tuple(("case", record) for record in records),
        bases={},
        dep=None,
        made_at=NOON,
        acted_at=0.0,
        boot="b",
        state=state,
        **other,
    )
