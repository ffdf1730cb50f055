"""After an upgrade everybody sees what the hand-written rule says of the records, as if it had always been so."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from commandcenter.server.storage import database
from commandcenter.server.storage.tables import audience, cases, log, log_audience
from tests.faults.rules import Place, told
from tests.upgrade.record import RELEASES, made

RECORDED = sorted(release for release in RELEASES.iterdir() if release.is_dir())


@pytest.mark.parametrize("release", RECORDED, ids=lambda release: release.name)
def test_who_sees_what_is_filled_in_from_the_records(tmp_path: Path, release: Path) -> None:
    made(release, tmp_path)
    with database.writing(tmp_path / "platform") as connection:
        listed = set(connection.execute(select(audience.c.key, audience.c.token)).tuples())
        stood = connection.execute(select(cases.c.key, cases.c.body)).all()
        assert listed == {(row.key, token) for row in stood for token in _told("case", row.body) if token[0] in "hgp"}
        known: dict[tuple[str, str], frozenset[str]] = {}
        found: set[tuple[int, str]] = set()
        for row in connection.execute(select(log).order_by(log.c.seq, log.c.part)).all():
            now, was = _told(row.kind, row.after), known.get((row.kind, row.record), frozenset())
            assert (frozenset(row.was.split()), frozenset(row.now.split())) == (was, now)
            found |= {(row.seq, token) for token in (was | now) - {"d"}}
            known[row.kind, row.record] = now
        assert set(connection.execute(select(log_audience.c.seq, log_audience.c.token)).tuples()) == found != set()


def _told(kind: str, body: bytes) -> frozenset[str]:
    record: dict[str, Any] = json.loads(body)
    holder = record.get("unit") if kind == "crew" else record.get("responsible")
    return told(kind, Place(record.get("street"), holder, record.get("grid"), record.get("taken_by")))
