"""Restores deleted results of commands from the log and the audit; from now on none is deleted."""

from alembic import op

revision = "0005"
down_revision = "0004"

_APPLIED = """
INSERT INTO dedupe (district, cmd_id, console, user, body_hash, result, at)
SELECT a.district, a.cmd_id, '', a.user, '',
       CAST(json_object('cmd_id', a.cmd_id, 'status', 'applied', 'seq', l.seq, 'revs', json(COALESCE(l.revs, '{}')))
            AS BLOB), MIN(a.at)
FROM audit AS a
LEFT JOIN (SELECT district, cmd_id, MIN(seq) AS seq, json_group_object(kind || ':' || record, rev) AS revs
           FROM log GROUP BY district, cmd_id) AS l
       ON l.district = a.district AND l.cmd_id = a.cmd_id
WHERE a.outcome = 'applied' AND a.cmd_id IS NOT NULL AND a.action <> 'import'
  AND NOT EXISTS (SELECT 1 FROM dedupe AS d WHERE d.district = a.district AND d.cmd_id = a.cmd_id)
GROUP BY a.district, a.cmd_id
"""
# the audit row of the command that replaced an act directly follows the act's own `withdrawn` row
_WITHDRAWN = """
INSERT INTO dedupe (district, cmd_id, console, user, body_hash, result, at)
SELECT a.district, a.cmd_id, '', COALESCE(a.on_behalf_of, a.user), '',
       CAST(json_object('cmd_id', a.cmd_id, 'status', 'refused', 'code', 'withdrawn', 'about', b.cmd_id) AS BLOB),
       MAX(a.at)
FROM audit AS a
LEFT JOIN audit AS b ON b.id = a.id + 1 AND b.user = a.user AND b.on_behalf_of = a.on_behalf_of
WHERE a.outcome = 'withdrawn' AND a.cmd_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM dedupe AS d WHERE d.district = a.district AND d.cmd_id = a.cmd_id)
GROUP BY a.district, a.cmd_id
"""


def upgrade() -> None:
    """Restores the results that were deleted after a month, as far as they are still known."""
    op.execute(_APPLIED)
    op.execute(_WITHDRAWN)
    op.drop_index("ix_dedupe_at", "dedupe")
    op.execute("""CREATE INDEX ix_dedupe_at ON dedupe (at) WHERE instr(result, '"current":') > 0""")
