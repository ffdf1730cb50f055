"""Moves roles from the accounts into role spans, which have a beginning and an end."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
_PLACE = ("street", "department", "unit", "grid")
_WHAT = ("role", "district", *_PLACE)


def upgrade() -> None:
    """Gives each account one span with its role, from the beginning of time and without an end."""
    op.create_table(
        "spans",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("user", "role", "district")),
        *(sa.Column(name, sa.String) for name in _PLACE),
        sa.Column("since", sa.Float, nullable=False),
        sa.Column("until", sa.Float),
    )
    op.create_index("ix_spans_user", "spans", ["user", "since"])
    accounts, spans = _table("accounts", "user", *_WHAT), _table("spans", "user", *_WHAT, "since")
    ever = sa.select(accounts, sa.literal(0.0)).order_by(accounts.c.user)
    op.execute(sa.insert(spans).from_select(spans.c.keys(), ever))
    for name in ("role", *_PLACE):
        op.drop_column("accounts", name)
    op.drop_column("districts", "scope_ver")


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))
