"""The platform's tables (SQLAlchemy Core).

`district`, the unit of ordering and sharding, is part of every record's and log entry's key. Float columns hold seconds
since 1970; `body` columns hold a record's JSON as it is sent.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
    text,
)

metadata = MetaData()

districts = Table(
    "districts",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("zone", String, nullable=False),
    Column("prefix", String, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("bases", Text, nullable=False),  # JSON {epoch: sequence number at which it began}
    Column("head", Integer, nullable=False),  # last sequence number; incremented last in each transaction
    Column("floor", Integer, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("district", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("id", String, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("district", "kind", "id"),
)

cases = Table(
    "cases",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("district", String, nullable=False),
    Column("id", String, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("number", String),
    Column("channel", String, nullable=False),
    Column("external", String),
    Column("kind", String),
    Column("stage", String, nullable=False),
    Column("tier", String, nullable=False),
    Column("street", String),
    Column("community", String),
    Column("grid", String),
    Column("responsible", String),
    Column("received_at", Float, nullable=False),
    Column("due", Float),
    Column("green_until", Float),
    Column("reported_at", Float),
    Column("ended_at", Float),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("district", "id", name="uq_cases_id"),
)
CASE_INDEXES = (
    Index(  # covers the counts of a period: a case's body is many times as long as the counted columns
        "ix_cases_received",
        *(cases.c.district, cases.c.received_at),
        *(cases.c.tier, cases.c.stage, cases.c.channel, cases.c.kind, cases.c.street, cases.c.responsible),
    ),
    Index("ix_cases_street", cases.c.district, cases.c.street, cases.c.received_at),
    Index("ix_cases_open", cases.c.district, cases.c.ended_at),
    Index("ix_cases_stage", cases.c.district, cases.c.stage, cases.c.received_at),
    Index("ix_cases_kind", cases.c.district, cases.c.kind, cases.c.received_at),
    Index("ix_cases_external", cases.c.district, cases.c.channel, cases.c.external, cases.c.received_at),
    Index("ix_cases_number", cases.c.district, cases.c.number),
    Index("ix_cases_responsible", cases.c.district, cases.c.responsible, cases.c.received_at),
)

audience = Table(  # who else than the district and the street sees a case (domain.visibility)
    "audience",
    metadata,
    Column("district", String, nullable=False),
    Column("token", String, nullable=False),
    Column("key", Integer, nullable=False),  # of the case
    PrimaryKeyConstraint("district", "token", "key"),
    sqlite_with_rowid=False,
)

# storage.search fills the full-text table case_words (SQLite FTS5, rowid = cases.key).
log = Table(
    "log",
    metadata,
    Column("district", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("part", Integer, nullable=False),  # one row for each record that the command changed
    Column("at", Float, nullable=False),
    Column("actor", String, nullable=False),
    Column("cmd_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("record", String, nullable=False),
    Column("rev", Integer, nullable=False),
    Column("changed", Text, nullable=False),  # names of the fields that changed, joined by spaces
    Column("was", Text, nullable=False, server_default=""),  # the record's tokens before and after, a line each: they
    Column("now", Text, nullable=False, server_default=""),  # decide between put and evict; empty as `after` is NULL
    Column("facts", LargeBinary, nullable=False),  # JSON array of {"type", "fact"}
    Column("after", LargeBinary),  # the record's JSON; NULL once the entry cannot be streamed
    Column("on_behalf_of", String),  # the user in whose place the actor acted
    Column("role", String),  # of whoever acted, or in whose place; NULL where it is not known
    Column("acted_at", Float),  # NULL: at the platform's time, `at`
    PrimaryKeyConstraint("district", "seq", "part"),
)
STREAMED = log.c.after.is_not(None)  # rows from the district's floor on: a visible head is one of them
LOG_INDEXES = (Index("ix_log_record", log.c.district, log.c.record, log.c.seq),)

log_audience = Table(  # the entries that can be streamed, by each token that one of their records had before or after
    "log_audience",
    metadata,
    Column("district", String, nullable=False),
    Column("token", String, nullable=False),
    Column("seq", Integer, nullable=False),
    PrimaryKeyConstraint("district", "token", "seq"),
    sqlite_with_rowid=False,
)

# A row for each fact about a case, derived from the log. The time until the next step is that of the step's `holder`.
steps = Table(
    "steps",
    metadata,
    Column("district", String, nullable=False),
    Column("case", String, nullable=False),
    Column("rev", Integer, nullable=False),  # of the case after the step
    Column("cycle", Integer, nullable=False),  # counted from 1; an ended case that is open again begins another
    Column("verb", String, nullable=False),  # the fact's name
    Column("actor", String, nullable=False),  # whose act it is, also when another gave it in their place
    Column("role", String),  # of the actor; NULL where it is not known
    Column("holder", String),  # who is responsible after the step
    Column("due", Float),  # when the case is due after the step
    Column("at", Float, nullable=False),
    Column("acted_at", Float, nullable=False),  # earlier than `at` for an act done offline; figures count by it
    Column("worked", Float),  # working seconds since the step before, by the calendar in force; NULL for the first
    Column("carrier", String),  # who carried that time: a holder, or a role of the hall; NULL: nobody, it had ended
    Column("helpers", String, nullable=False, server_default=""),  # holders with a sub-task meanwhile, joined by spaces
    PrimaryKeyConstraint("district", "case", "rev"),
    sqlite_with_rowid=False,
)
STEP_INDEXES = (
    Index("ix_steps_holder", steps.c.district, steps.c.holder, steps.c.acted_at),
    Index("ix_steps_carrier", steps.c.district, steps.c.carrier, steps.c.acted_at),
    Index("ix_steps_helpers", steps.c.district, steps.c.acted_at, sqlite_where=steps.c.helpers != ""),
    Index("ix_steps_verb", steps.c.district, steps.c.verb, steps.c.acted_at),  # covers the counts
)

HAS_RECORD = "instr(result, '\"current\":') > 0"  # of a result; must be the exact text of the index
dedupe = Table(
    "dedupe",
    metadata,
    Column("district", String, nullable=False),
    Column("cmd_id", String, nullable=False),
    Column("console", String, nullable=False),
    Column("user", String, nullable=False),
    Column("body_hash", String, nullable=False),
    Column("result", LargeBinary, nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("district", "cmd_id"),
    Index("ix_dedupe_at", "at", sqlite_where=text(HAS_RECORD)),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("district", String, nullable=False),
    Column("at", Float, nullable=False),
    Column("user", String, nullable=False),
    Column("role", String, nullable=False),
    Column("action", String, nullable=False),
    Column("record", String, nullable=False),
    Column("cmd_id", String),
    Column("outcome", String, nullable=False),
    Column("on_behalf_of", String),
)

IS_UNKNOWN_USER = and_(audit.c.district == literal_column("''"), audit.c.user == literal_column("''"))
Index("ix_audit_nobody", audit.c.id, sqlite_where=IS_UNKNOWN_USER)

adoptions = Table(
    "adoptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("district", String, nullable=False),
    Column("at", Float, nullable=False),
    Column("leader", String, nullable=False),
    Column("owner", String, nullable=False),  # the user in whose place the leader acted
    Column("street", String),  # of the owner's scope: leaders of that street see the row
    Column("act", String, nullable=False),  # the id of the owner's act, as the leader gave it
    Column("cmd_id", String, nullable=False),
    Column("type", String, nullable=False),
    Column("record", String, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("outcome", String, nullable=False),
    Index("ix_adoptions_district", "district", "id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("user", String, primary_key=True),
    Column("password", String, nullable=False),  # argon2id
    Column("district", String, nullable=False),
    Column("active", Boolean, nullable=False),
)

spans = Table(
    "spans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user", String, nullable=False),
    Column("role", String, nullable=False),
    Column("district", String, nullable=False),
    Column("street", String),
    Column("department", String),
    Column("unit", String),
    Column("grid", String),
    Column("since", Float, nullable=False),
    Column("until", Float),  # NULL: no end yet; the only column that is updated later
    Index("ix_spans_user", "user", "since"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String, primary_key=True),  # sha256 of the refresh token
    Column("family", String, nullable=False),
    Column("user", String, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used", Boolean, nullable=False),
    Index("ix_sessions_family", "family"),
    Index("ix_sessions_user", "user", "family"),
)

vault = Table(
    "vault",
    metadata,
    Column("district", String, nullable=False),
    Column("petitioner", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Float, nullable=False),
    PrimaryKeyConstraint("district", "petitioner"),
)

numbers = Table(
    "numbers",
    metadata,
    Column("district", String, nullable=False),
    Column("day", String, nullable=False),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("district", "day"),
)

settings = Table(
    "settings",
    metadata,
    Column("rev", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("value", Float, nullable=False),
    Column("at", Float, nullable=False),
    Column("actor", String, nullable=False),
)

places = Table(
    "places",
    metadata,
    Column("district", String, nullable=False),
    Column("layer", String, nullable=False),
    Column("etag", String, nullable=False),
    Column("body", LargeBinary, nullable=False),  # GeoJSON FeatureCollection, WGS 84
    PrimaryKeyConstraint("district", "layer"),
)
