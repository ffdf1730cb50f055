"""The tables of current records: cases with columns to filter and count by, all others by kind and id."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from commandcenter.domain.cases import Case
from commandcenter.domain.places import District
from commandcenter.domain.records import KIND_OF, Record, kind_of
from commandcenter.domain.visibility import audience as audience_of
from commandcenter.protocol.codec import read_record, record_bytes
from commandcenter.server.storage import search
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.scope import listed
from commandcenter.server.storage.tables import audience, cases, districts, records

_TEXT = ("id", "rev", "number", "channel", "external", "kind", "stage", "tier")
_PLACED = ("street", "community", "grid", "responsible")
_TIMES = tuple(name for name in KIND_OF[Case].times if name in cases.c)

_CASE = PreparedStatement(select(cases.c.body).where(cases.c.district == bindparam("d"), cases.c.id == bindparam("i")))
_RECORD = PreparedStatement(
    select(records.c.body).where(
        records.c.district == bindparam("d"), records.c.kind == bindparam("k"), records.c.id == bindparam("i")
    )
)
_OWN_TABLES = {"case": _CASE}  # of the kinds whose records are filtered and counted by column
_COLUMNS = (*_TEXT, *_PLACED, *_TIMES, "district", "body")
_ADD_CASE = PreparedStatement(cases.insert().returning(cases.c.key), columns=_COLUMNS)
_OF_CASE = (cases.c.district == bindparam("d"), cases.c.id == bindparam("i"))
_CHANGE_CASE = PreparedStatement(cases.update().where(*_OF_CASE).returning(cases.c.key), columns=_COLUMNS)
_LIST = PreparedStatement(audience.insert(), columns=tuple(one.name for one in audience.c))
_UNLIST = PreparedStatement(audience.delete().where(*(column == bindparam(column.name) for column in audience.c)))
_CHANGE_RECORD = records.update().where(
    records.c.district == bindparam("d"), records.c.kind == bindparam("k"), records.c.id == bindparam("i")
)


def find(connection: Connection, district: str, kind: str, key: str) -> Record | None:
    """Returns the record of `kind` with the id `key` regardless of scope, None when there is none."""
    body = _OWN_TABLES.get(kind, _RECORD).run(connection, {"d": district, "k": kind, "i": key}).scalar()
    return None if body is None else read_record(kind, body)


def store(connection: Connection, district: str, record: Record, *, before: Record | None) -> bytes:
    """Writes `record` in place of `before` (None for a new record) and returns its JSON.

    A case whose searchable content changed is indexed again; who sees it is written when that changed.
    """
    body = record_bytes(record)
    if isinstance(record, Case):
        _store_case(connection, district, record, body, before if isinstance(before, Case) else None)
    elif before is None:
        row = {"district": district, "kind": kind_of(record), "id": record.id, "rev": record.rev, "body": body}
        connection.execute(records.insert(), row)
    else:
        key = {"d": district, "k": kind_of(record), "i": record.id}
        connection.execute(_CHANGE_RECORD, {**key, "rev": record.rev, "body": body})
        if isinstance(record, District):
            connection.execute(districts.update().where(districts.c.id == district).values(name=record.name))
    return body


def case_row(district: str, case: Case, body: bytes) -> dict[str, Any]:
    """Returns the row of a case in the table of cases, without its integer key."""
    row: dict[str, Any] = {name: getattr(case, name) for name in (*_TEXT, *_PLACED)}
    for name in _TIMES:
        moment = getattr(case, name)
        row[name] = None if moment is None else moment.timestamp()
    row["stage"], row["tier"] = case.stage.value, case.tier.value
    return row | {"district": district, "body": body}


def _store_case(connection: Connection, district: str, case: Case, body: bytes, before: Case | None) -> None:
    row = case_row(district, case, body)
    if before is None:
        key = int(_ADD_CASE.run(connection, row).scalar_one())
        search.index(connection, key, case)
    else:
        key = int(_CHANGE_CASE.run(connection, {"d": district, "i": case.id, **row}).scalar_one())
        if search.content(before) != search.content(case):
            search.reindex(connection, key, case)
    was, now = listed(audience_of(before)), listed(audience_of(case))
    for statement, tokens in ((_UNLIST, was - now), (_LIST, now - was)):
        statement.run_all(connection, [{"district": district, "token": token, "key": key} for token in tokens])
