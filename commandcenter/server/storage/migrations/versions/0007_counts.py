"""Counts of a period by channel and by kind in the order of an index, without sorting what is counted."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """The one of channels in a wider form, one for kinds."""
    op.drop_index("ix_cases_external", "cases")
    op.create_index("ix_cases_external", "cases", ["district", "channel", "external", "received_at"])
    op.create_index("ix_cases_kind", "cases", ["district", "kind", "received_at"])
