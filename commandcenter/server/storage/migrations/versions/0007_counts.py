"""Adds indexes by which a period is counted by channel and by kind without sorting."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Widens the index of channels and adds one of kinds."""
    op.drop_index("ix_cases_external", "cases")
    op.create_index("ix_cases_external", "cases", ["district", "channel", "external", "received_at"])
    op.create_index("ix_cases_kind", "cases", ["district", "kind", "received_at"])
