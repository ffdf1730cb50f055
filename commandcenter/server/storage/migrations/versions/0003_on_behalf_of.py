"""Adds `on_behalf_of` to the log and the audit: the person in whose place a shift leader acts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Leaves existing rows NULL: until now everybody acted for themselves."""
    for table in ("log", "audit"):
        op.add_column(table, sa.Column("on_behalf_of", sa.String))
