"""Address completion from the board's cases, grids, communities and streets, by name, pinyin or initials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commandcenter.domain.cases import Case
from commandcenter.domain.places import Community, Grid, Spot, Street
from ui.kit import records
from ui.kit.search.candidates import Candidate
from ui.kit.search.spelling import fit, spelling
from ui.kit.texts import names

if TYPE_CHECKING:
    from commandcenter.store.board import Board

MOST = 6
KNOWN = 3000  # newest cases whose addresses are offered


@dataclass(frozen=True, slots=True)
class Address:
    """A place as text with the ids and the spot known of it; `is_area` marks a whole grid, community or street."""

    text: str
    street: str | None = None
    community: str | None = None
    grid: str | None = None
    spot: Spot | None = None
    is_area: bool = False


class AddressIndex:
    """The addresses on the board at the time of creation; `warm` prepares their spellings in small steps."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._known = {(one.text, one.street): one for one in (*_areas(board), *_of_cases(board))}
        self._cold = iter(tuple(text for text, _ in self._known))

    def like(self, typed: str) -> tuple[Candidate, ...]:
        """Returns at most MOST candidates for `typed`, best first, none for blank text; `thing` is an Address."""
        if not typed.strip():
            return ()
        scored = []
        for address in self._known.values():
            rank = fit(typed, address.text)
            if rank is not None:
                scored.append((rank + address.is_area, len(address.text), address))
        scored.sort(key=lambda row: row[:2])
        return tuple(self._offer(address, typed) for *_, address in scored[:MOST])

    def warm(self, count: int = 40) -> bool:
        """Prepares the next `count` spellings, so that the first letters typed need not wait; False if none is left."""
        for _ in range(count):
            text = next(self._cold, None)
            if text is None:
                return False
            spelling(text)
        return True

    def _offer(self, address: Address, typed: str) -> Candidate:
        parts = (names.name(self._board, "street", address.street), names.name(self._board, "grid", address.grid))
        aside = " · ".join(part for part in parts if part and part != address.text)
        return Candidate(address.text, address, "", aside, marks=matched(address.text, typed))


def matched(text: str, typed: str) -> tuple[tuple[int, int], ...]:
    """Returns the [start, end) spans of `text` that the typed words match, literally or by initials; none overlap."""
    spelt, found = spelling(text), []
    one_each = len(spelt.initials) == len(text) == len(spelt.plain)
    for part in typed.lower().split():
        at = spelt.plain.find(part)
        if at < 0 and one_each:
            at = spelt.initials.find(part)
        if at >= 0 and len(spelt.plain) == len(text):
            found.append((at, at + len(part)))
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return tuple(apart)


def _of_cases(board: Board) -> Iterator[Address]:
    cases = [case for case in records.every(board, Case) if case.place]
    for case in sorted(cases, key=lambda case: case.received_at)[-KNOWN:]:
        yield Address(case.place, case.street, case.community, case.grid, case.spot)


def _areas(board: Board) -> Iterator[Address]:
    for street in records.current(board, Street):
        yield Address(street.name, street.id, spot=None, is_area=True)
    for community in records.current(board, Community):
        yield Address(community.name, community.street, community.id, is_area=True)
    for grid in records.current(board, Grid):
        if grid.until is None:
            of = names.name(board, "street", grid.street)
            yield Address(f"{of}{grid.name}", grid.street, grid.community, grid.id, is_area=True)
