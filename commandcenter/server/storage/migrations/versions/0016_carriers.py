"""Adds to the steps of cases who carried the time until each, derived from the log; nobody helped anybody so far."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_ENTRIES = """SELECT district, record, rev, facts FROM log WHERE kind = 'case'
              ORDER BY district, record, seq, part"""
_SET = 'UPDATE steps SET carrier = ? WHERE district = ? AND "case" = ? AND rev = ?'
_STAGES = {  # after each fact; those that are not named leave it as it is
    "taken": "received",
    "filed": "filed",
    "dispatched": "held",
    "accepted": "held",
    "recalled": "filed",
    "escalated": "filed",
    "sent_down": "filed",
    "return_approved": "filed",
    "reported": "reported",
    "closed": "ended",
}
_OF_IMPORTED = {"received": "received", "filed": "filed", "dispatched": "held", "handling": "held"}
_AT = {"received": "shift_leader", "reported": "intake_clerk"}


def upgrade() -> None:
    """Fills the columns."""
    connection = op.get_bind()
    op.add_column("steps", sa.Column("carrier", sa.String))
    op.add_column("steps", sa.Column("helpers", sa.String, nullable=False, server_default=""))
    rows = _carriers(connection)
    while together := list(islice(rows, 10_000)):
        connection.exec_driver_sql(_SET, together)
    op.create_index("ix_steps_carrier", "steps", ["district", "carrier", "acted_at"])
    helped = sa.text("helpers != ''")
    op.create_index("ix_steps_helpers", "steps", ["district", "acted_at"], sqlite_where=helped)


def _carriers(connection: sa.Connection) -> Iterator[tuple[Any, ...]]:
    known: tuple[str, str] = ("", "")
    stage, tier, holder = "", "grid", None
    carrier: str | None = None
    for district, case, rev, facts in connection.execute(sa.text(_ENTRIES).execution_options(yield_per=10_000)):
        if known != (district, case):
            known, stage, tier, holder, carrier = (district, case), "", "grid", None, None
        happened = json.loads(facts)
        for before, said in enumerate(happened, 1 - len(happened)):
            verb, fact = said["type"], said["fact"]
            yield carrier, district, case, rev + before
            tier = fact.get("tier") or tier
            stage = _stage(verb, fact, stage)
            holder = _holder(verb, fact, stage, holder)
            carrier = _carrier(stage, tier, holder)


def _stage(verb: str, fact: dict[str, Any], stage: str) -> str:
    if verb == "imported":
        return "reported" if fact["stage"] == "reported" else _OF_IMPORTED.get(fact["stage"], "ended")
    if verb == "reopened":
        return "filed" if fact["to"] is None else "held"
    return _STAGES.get(verb, stage)


def _holder(verb: str, fact: dict[str, Any], stage: str, holder: str | None) -> str | None:
    if verb == "imported":
        there: str | None = fact.get("responsible")
        return there
    return fact.get("to", holder) if verb in ("dispatched", "reopened") else None if stage == "filed" else holder


def _carrier(stage: str, tier: str, holder: str | None) -> str | None:
    if stage == "ended":
        return None
    if stage == "held" and holder is not None:
        return holder
    return "coordinator" if (stage, tier) == ("filed", "district") else _AT.get(stage, "dispatcher")
