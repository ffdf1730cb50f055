"""Adds indexes for the sign-ins of an account, and for failed sign-ins under unknown names."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Creates the two indexes."""
    op.create_index("ix_sessions_user", "sessions", ["user", "family"])
    op.create_index("ix_audit_nobody", "audit", ["id"], sqlite_where=sa.text("district = '' AND user = ''"))
