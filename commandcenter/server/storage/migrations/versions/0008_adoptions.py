"""Adds the list of adoptions: what shift leaders did in the place of others."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Creates an empty list; adoptions of earlier versions are in the log and the audit only."""
    op.create_table(
        "adoptions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("district", sa.String, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("leader", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("street", sa.String),
        sa.Column("act", sa.String, nullable=False),
        sa.Column("cmd_id", sa.String, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("record", sa.String, nullable=False),
        sa.Column("made_at", sa.Float, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
    )
    op.create_index("ix_adoptions_district", "adoptions", ["district", "id"])
