"""Creates the first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates all tables."""
    _orders()
    _cases()
    _log()
    _people()
    _kept_aside()
    op.execute("CREATE VIRTUAL TABLE case_words USING fts5(words, tokenize='unicode61')")


def _need(name: str, kind: type[sa.types.TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _orders() -> None:
    op.create_table(
        "districts",
        sa.Column("id", sa.String, primary_key=True),
        *(_need(name, sa.String) for name in ("name", "zone", "prefix")),
        _need("epoch", sa.Integer),
        _need("bases", sa.Text),
        *(_need(name, sa.Integer) for name in ("head", "floor", "scope_ver")),
    )
    op.create_table(
        "records",
        *(_need(name, sa.String) for name in ("district", "kind", "id")),
        _need("rev", sa.Integer),
        _need("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("district", "kind", "id"),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("key", sa.Integer, primary_key=True),
        *(_need(name, sa.String) for name in ("district", "id")),
        _need("rev", sa.Integer),
        sa.Column("number", sa.String),
        _need("channel", sa.String),
        *(sa.Column(name, sa.String) for name in ("external", "kind")),
        *(_need(name, sa.String) for name in ("stage", "tier")),
        *(sa.Column(name, sa.String) for name in ("street", "community", "grid", "responsible")),
        _need("received_at", sa.Float),
        *(sa.Column(name, sa.Float) for name in ("due", "green_until", "reported_at", "ended_at")),
        _need("body", sa.LargeBinary),
        sa.UniqueConstraint("district", "id", name="uq_cases_id"),
    )
    for name, columns in (
        ("received", ["received_at"]),
        ("open", ["ended_at"]),
        ("stage", ["stage", "received_at"]),
        ("external", ["channel", "external"]),
        ("number", ["number"]),
        ("responsible", ["responsible"]),
    ):
        op.create_index(f"ix_cases_{name}", "cases", ["district", *columns])


def _log() -> None:
    op.create_table(
        "log",
        _need("district", sa.String),
        *(_need(name, sa.Integer) for name in ("seq", "part")),
        _need("at", sa.Float),
        *(_need(name, sa.String) for name in ("actor", "cmd_id", "kind", "record")),
        _need("rev", sa.Integer),
        _need("changed", sa.Text),
        *(sa.Column(name, sa.String) for name in ("was_street", "was_holder", "street", "holder")),
        _need("facts", sa.LargeBinary),
        sa.Column("after", sa.LargeBinary),
        sa.PrimaryKeyConstraint("district", "seq", "part"),
    )
    op.create_index("ix_log_record", "log", ["district", "record", "seq"])
    op.create_table(
        "dedupe",
        *(_need(name, sa.String) for name in ("district", "cmd_id", "console", "user", "body_hash")),
        _need("result", sa.LargeBinary),
        _need("at", sa.Float),
        sa.PrimaryKeyConstraint("district", "cmd_id"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        _need("district", sa.String),
        _need("at", sa.Float),
        *(_need(name, sa.String) for name in ("user", "role", "action", "record")),
        sa.Column("cmd_id", sa.String),
        _need("outcome", sa.String),
    )


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("user", sa.String, primary_key=True),
        *(_need(name, sa.String) for name in ("password", "role", "district")),
        *(sa.Column(name, sa.String) for name in ("street", "department", "unit", "grid")),
        _need("active", sa.Boolean),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String, primary_key=True),
        *(_need(name, sa.String) for name in ("family", "user")),
        _need("expires_at", sa.Float),
        _need("used", sa.Boolean),
    )
    op.create_index("ix_sessions_family", "sessions", ["family"])


def _kept_aside() -> None:
    op.create_table(
        "vault",
        *(_need(name, sa.String) for name in ("district", "petitioner")),
        _need("sealed", sa.LargeBinary),
        _need("at", sa.Float),
        sa.PrimaryKeyConstraint("district", "petitioner"),
    )
    op.create_table(
        "numbers",
        *(_need(name, sa.String) for name in ("district", "day")),
        _need("last", sa.Integer),
        sa.PrimaryKeyConstraint("district", "day"),
    )
    op.create_table(
        "places",
        *(_need(name, sa.String) for name in ("district", "layer", "etag")),
        _need("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("district", "layer"),
    )
