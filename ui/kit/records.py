"""Records of the board by their type."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeVar

from commandcenter.domain.cases import Case
from commandcenter.domain.records import KIND_OF, Record
from commandcenter.domain.teams import Crew
from commandcenter.store.board import Board

R = TypeVar("R", bound=Record)


def find(board: Board, kind: type[R], key: str | None) -> R | None:
    """Returns the record with the id `key` as displayed; None without one."""
    found = board.find(KIND_OF[kind].name, key) if key else None
    return found if isinstance(found, kind) else None


def every(board: Board, kind: type[R]) -> Iterator[R]:
    """Returns all records of one type as displayed."""
    return (record for record in board.all(KIND_OF[kind].name) if isinstance(record, kind))


def current(board: Board, kind: type[R]) -> Iterator[R]:
    """Returns the records of one type that can be chosen: all but the retired ones."""
    return (record for record in every(board, kind) if not getattr(record, "retired", False))


def crews_by_unit(board: Board) -> dict[str, tuple[Crew, ...]]:
    """Returns the crews in use of each unit, by its id; in the order of theirs."""
    found: defaultdict[str, list[Crew]] = defaultdict(list)
    for crew in current(board, Crew):
        found[crew.unit].append(crew)
    return {unit: tuple(sorted(crews, key=lambda crew: crew.id)) for unit, crews in found.items()}


def street(record: Record) -> str:
    """Returns the id of the street to which a record belongs; "" without one."""
    return getattr(record, KIND_OF[type(record)].street, None) or ""


def case_at(board: Board, slot: int) -> Case | None:
    """Returns the case in a slot of the board's columns; None in a free one."""
    return find(board, Case, board.cases.ids[slot])
