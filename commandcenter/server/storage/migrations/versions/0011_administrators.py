"""Makes the administrator of before a security administrator: `system` is the role of a machine."""

import time

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_HELD = """FROM spans WHERE "user" = 'admin' AND role = 'system' AND since <= :now
           AND ("until" IS NULL OR "until" > :now)"""
_BEGIN = """INSERT INTO spans ("user", role, district, street, since, "until")
            SELECT "user", 'security_admin', district, '', :now, "until" """


def upgrade() -> None:
    """Ends the span that the account `admin`, the only person in that role, has now, and begins another."""
    connection, now = op.get_bind(), {"now": time.time()}
    connection.execute(sa.text(_BEGIN + _HELD), now)
    connection.execute(sa.text(f'UPDATE spans SET "until" = :now WHERE id IN (SELECT id {_HELD})'), now)
