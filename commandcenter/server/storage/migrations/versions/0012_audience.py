"""Adds who sees what as sets of tokens: of cases, and of the log entries that can still be streamed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_OF_AFTER = {"g": "grid", "p": "taken_by"}
_SAME = {token: f"json_extract(CAST(\"after\" AS TEXT), '$.{name}')" for token, name in _OF_AFTER.items()}
_TOKENS = (  # of a kind of record: where they stood before and after
    ("case", {"s": "was_street", "h": "was_holder"} | _SAME, {"s": "street", "h": "holder"} | _SAME),
    ("crew", {"cs": "was_street", "cu": "was_holder"}, {"cs": "street", "cu": "holder"}),
)
_REFERENCE = "\"after\" IS NOT NULL AND kind NOT IN ('case', 'crew')"


def upgrade() -> None:
    """Fills in the audiences from the records, then drops what they replace."""
    _create("audience", "key")
    taker = "json_extract(CAST(body AS TEXT), '$.taken_by')"
    for token, value in (("h", "responsible"), ("g", "grid"), ("p", taker)):
        _list("audience", token, value, '"key" FROM cases WHERE 1')
    _create("log_audience", "seq")
    for name in ("was", "now"):
        op.add_column("log", sa.Column(name, sa.Text, nullable=False, server_default=""))
    for kind, was, now in _TOKENS:
        rows = f"\"after\" IS NOT NULL AND kind = '{kind}'"
        _fill(_text(was), _text(now), rows)
        for token, value in (*was.items(), *now.items()):
            _list("log_audience", token, value, f"seq FROM log WHERE {rows}")
    _fill("'*'", "'*'", _REFERENCE)
    op.execute(f"INSERT OR IGNORE INTO log_audience SELECT district, '*', seq FROM log WHERE {_REFERENCE}")
    for name in ("reference", "street", "holder", "left_street", "left_holder"):
        op.drop_index(f"ix_log_{name}", "log")
    for name in ("was_street", "was_holder", "street", "holder"):
        op.drop_column("log", name)


def _create(table: str, of: str) -> None:
    names = (sa.Column(name, sa.String, nullable=False) for name in ("district", "token"))
    key = sa.PrimaryKeyConstraint("district", "token", of)
    op.create_table(table, *names, sa.Column(of, sa.Integer, nullable=False), key, sqlite_with_rowid=False)


def _fill(was: str, now: str, rows: str) -> None:
    op.execute(f"UPDATE log SET was = CASE WHEN changed <> '*' THEN {was} ELSE '' END, now = {now} WHERE {rows}")


def _list(table: str, token: str, value: str, of: str) -> None:
    op.execute(f"INSERT OR IGNORE INTO {table} SELECT district, '{token}:' || {value}, {of} AND {value} IS NOT NULL")


def _text(tokens: dict[str, str]) -> str:
    return "'d'" + "".join(f" || coalesce(char(10) || '{token}:' || {value}, '')" for token, value in tokens.items())
