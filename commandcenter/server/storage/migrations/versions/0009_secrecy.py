"""Adds to secret cases who took them, and hides in the full text what their petitioners said.

Only these cases are indexed again: withheld words begin with U+E000, which nobody can type into a search.
"""

import json
import re
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_CASES = sa.text(
    """SELECT "key", district, id, body FROM cases WHERE instr(body, CAST('"secret"\\:true' AS BLOB)) > 0"""
)
_FACTS = sa.text(
    "SELECT facts FROM log WHERE district = :d AND record = :i AND kind = 'case' ORDER BY seq, part LIMIT 1"
)
_IMAGES = sa.text("""SELECT seq, part, "after" FROM log
                     WHERE district = :d AND record = :i AND kind = 'case' AND "after" IS NOT NULL""")
_RUNS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[^\W_\u3400-\u9fff\U00020000-\U0003ffff]+")
_LAST_DIGITS = re.compile(r"[0-9]{1,12}$")


def upgrade() -> None:
    """Adds `taken_by` to secret cases, so that the user who took one by hand can still read it."""
    connection = op.get_bind()
    for key, district, case, body in connection.execute(_CASES).all():
        place = {"d": district, "i": case}
        taken_by = _taken_by(connection.execute(_FACTS, place).scalar())
        connection.execute(
            sa.text('UPDATE cases SET body = :b WHERE "key" = :k'), {"b": _with(body, taken_by), "k": key}
        )
        for seq, part, image in connection.execute(_IMAGES, place).all():
            connection.execute(
                sa.text('UPDATE log SET "after" = :b WHERE district = :d AND seq = :s AND part = :p'),
                {"b": _with(image, taken_by), "d": district, "s": seq, "p": part},
            )
        connection.execute(sa.text("DELETE FROM case_words WHERE rowid = :k"), {"k": key})
        insert = sa.text("INSERT INTO case_words (rowid, words) VALUES (:k, :w)")
        connection.execute(insert, {"k": key, "w": _words(json.loads(body))})


def _taken_by(facts: bytes | None) -> str | None:
    return next((said["fact"]["by"] for said in json.loads(facts or b"[]") if said["type"] == "taken"), None)


def _with(body: bytes, taken_by: str | None) -> bytes:
    return json.dumps(json.loads(body) | {"taken_by": taken_by}, ensure_ascii=False, separators=(",", ":")).encode()


def _words(case: dict[str, str | None]) -> str:
    hidden = ("\ue000" + word for word in _of((case.get("external"), case.get("text")), case.get("external")))
    return " ".join((*_of((case.get("number"), case.get("place")), case.get("number")), "\ue000\ue000", *hidden))


def _of(parts: tuple[str | None, ...], number: str | None) -> Iterator[str]:
    for run in (run for part in parts if part for run in _RUNS.findall(part.lower())):
        if "\u3400" <= run[0] <= "\u9fff" or run[0] >= "\U00020000":
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            yield run[-1]
        else:
            yield run
    found = _LAST_DIGITS.search(number or "")
    last = found[0] if found else ""
    yield from (last[at:] for at in range(1, len(last) - 2))
