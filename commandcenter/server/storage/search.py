"""Full-text search of cases over SQLite's FTS5: Chinese in overlapping pairs of characters, other scripts in words."""

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, Select, and_, column, literal, or_, select, table, text, union_all

from commandcenter.domain.cases import Case
from commandcenter.domain.people import Person
from commandcenter.server.storage.prepared import PreparedStatement
from commandcenter.server.storage.secrecy import readable_filter
from commandcenter.server.storage.tables import cases

_RUNS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[^\W_\u3400-\u9fff\U00020000-\U0003ffff]+")
_LAST_DIGITS = re.compile(r"[0-9]{1,12}$")
_AS_LISTED = re.compile(r"[0-9]{4}(-[0-9]{5})")  # a number as the queue shows it: month and day, then the last part
_TAIL = 3  # fewest last digits of a number that are indexed
_INSERT = PreparedStatement(text("INSERT INTO case_words (rowid, words) VALUES (:key, :words)"))
_DELETE = text("DELETE FROM case_words WHERE rowid = :key")
_words = table("case_words", column("rowid"), column("words"), column("case_words"))
_HIDDEN = "\ue000"  # private use: part of a word for the index, but of no run in a search
_IS_HIDDEN = _HIDDEN * 2  # a word of each case with hidden words


def content(case: Case) -> tuple[str | None, ...]:
    """Returns the searchable fields of a case."""
    return (case.number, case.external, case.place, case.text)


def words(case: Case) -> str:
    """Returns the content of a case as words of the index, joined by spaces.

    A run of Chinese characters 合肥路 is indexed as 合肥 肥路 路, so that any part of it is found: two or more
    characters as a phrase of pairs, one character as the beginning of a word. Numbers are also indexed by their last
    digits, as people quote them: 00488 as 00488 0488 488. What is withheld of a secret case (domain.secrecy) is indexed
    with a prefix that nobody can type into a search, and is searched only for those who may read it.
    """
    if not case.secret:
        return " ".join(_words_of(content(case), (case.number, case.external)))
    hidden = (_HIDDEN + word for word in _words_of((case.external, case.text), (case.external,)))
    return " ".join((*_words_of((case.number, case.place), (case.number,)), _IS_HIDDEN, *hidden))


def index(connection: Connection, key: int, case: Case) -> None:
    """Adds the new case with the integer `key` to the index."""
    _INSERT.run(connection, {"key": key, "words": words(case)})


def reindex(connection: Connection, key: int, case: Case) -> None:
    """Replaces the index entry of a case whose content has changed."""
    connection.execute(_DELETE, {"key": key})
    index(connection, key, case)


def index_many(connection: Connection, rows: Iterable[tuple[int, Case]]) -> None:
    """Adds many new cases, given as (key, case), to the index at once, for a seed."""
    connection.exec_driver_sql(
        "INSERT INTO case_words (rowid, words) VALUES (?, ?)", [(key, words(case)) for key, case in rows]
    )


def condition(wanted: str, person: Person) -> ColumnElement[bool]:
    """Returns the condition on the table of cases that selects those containing all of `wanted`.

    Only what `person` may read of a case is searched. Text without letters or digits is searched in the numbers.
    """
    if listed := _AS_LISTED.fullmatch(wanted.strip()):
        return and_(condition(listed[1], person), cases.c.number.endswith(wanted.strip()))
    runs = _runs(wanted)
    if not runs:
        number, external = (
            name.contains(wanted.strip(), autoescape=True) for name in (cases.c.number, cases.c.external)
        )
        return or_(number, and_(external, readable_filter(person)))
    open_words = _matches([_phrase(run) for run in runs])
    hidden_too = _matches([_IS_HIDDEN, *(f"({_phrase(run)} OR {_phrase(run, _HIDDEN)})" for run in runs)])
    hidden = select(cases.c.key).where(cases.c.key.in_(hidden_too), readable_filter(person)).correlate(None)
    return cases.c.key.in_(union_all(open_words, hidden))


def _matches(terms: list[str]) -> Select[tuple[int]]:
    return select(_words.c.rowid).where(_words.c.case_words.op("MATCH")(literal(" AND ".join(terms))))


def _words_of(parts: Iterable[str | None], numbers: Iterable[str | None]) -> Iterator[str]:
    yield from (word for part in parts if part for run in _runs(part) for word in _pieces(run))
    yield from (tail for number in numbers if number for tail in _tails(number))


def _runs(part: str) -> list[str]:
    return _RUNS.findall(part.lower())


def _pieces(run: str) -> list[str]:
    if not _is_chinese(run):
        return [run]
    return [*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]]


def _tails(number: str) -> list[str]:
    found = _LAST_DIGITS.search(number)
    last = found[0] if found else ""
    return [last[at:] for at in range(1, len(last) - _TAIL + 1)]


def _phrase(run: str, behind: str = "") -> str:
    if _is_chinese(run) and len(run) > 1:
        return '"' + " ".join(behind + run[at : at + 2] for at in range(len(run) - 1)) + '"'
    return f'"{behind}{run}" *'


def _is_chinese(run: str) -> bool:
    return run[0] >= "\u3400" and (run[0] <= "\u9fff" or run[0] >= "\U00020000")
