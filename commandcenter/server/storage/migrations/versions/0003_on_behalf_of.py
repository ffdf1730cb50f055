"""A shift leader acts in the place of another: the log and the audit name both."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """What was before, everybody did with their own hand."""
    for table in ("log", "audit"):
        op.add_column(table, sa.Column("on_behalf_of", sa.String))
