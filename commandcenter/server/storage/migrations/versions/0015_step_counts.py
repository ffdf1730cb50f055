"""Adds the index by which the steps of a period are counted."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Adds it."""
    op.create_index("ix_steps_verb", "steps", ["district", "verb", "acted_at"])
