"""What shift leaders did in the place of others stands in a list of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adoptions of earlier versions are told by the log and the audit; the list begins now."""
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
