"""Restores the present image of each reference record in the log, which keeps their former revisions from now on."""

from alembic import op

revision = "0013"
down_revision = "0012"

_IMAGES = """UPDATE log SET "after" = r.body FROM records AS r
             WHERE log.kind IN ('district', 'street', 'community', 'grid', 'channel', 'kind', 'holder')
               AND log."after" IS NULL AND r.district = log.district AND r.kind = log.kind AND r.id = log.record
               AND r.rev = log.rev"""


def upgrade() -> None:
    """Fills in what trimming dropped; former revisions that were trimmed are gone."""
    op.execute(_IMAGES)
