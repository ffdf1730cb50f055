"""Adds indexes for visible heads, lists of a street or holder, counts of a period, and the trimming of results."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
_COUNTED = ("tier", "stage", "channel", "kind", "street", "responsible")
_STREAMED = "after IS NOT NULL"


def upgrade() -> None:
    """Widens two existing indexes and creates the others."""
    for name in ("received", "responsible"):
        op.drop_index(f"ix_cases_{name}", "cases")
    op.create_index("ix_cases_received", "cases", ["district", "received_at", *_COUNTED])
    op.create_index("ix_cases_street", "cases", ["district", "street", "received_at"])
    op.create_index("ix_cases_responsible", "cases", ["district", "responsible", "received_at"])
    op.create_index("ix_dedupe_at", "dedupe", ["at"])
    _on_log("reference", "seq", where="kind NOT IN ('case', 'crew')")
    for name in ("street", "holder"):
        _on_log(name, "kind", name, "seq")
        _on_log(f"left_{name}", "kind", f"was_{name}", "seq", where=f"was_{name} IS NOT {name}")


def _on_log(name: str, *columns: str, where: str = "") -> None:
    """Indexes only the rows that can still be streamed: most of the log cannot."""
    condition = f"{_STREAMED} AND {where}" if where else _STREAMED
    op.create_index(f"ix_log_{name}", "log", ["district", *columns], sqlite_where=sa.text(condition))
