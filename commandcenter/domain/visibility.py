"""Decides who sees which record: a seat sees a record if and only if the two have an audience token in common.

The declaration of a record's kind names the fields of its tokens. Those of a case: `d` for its district, `s:<street>`,
`h:<holder>` for whoever is responsible and for the units whose crews were sent to it, `g:<grid>` for the team of the
basic grid that it lies in, `p:<user>` for the account that took it in, which only a grid leader's seat bears. A crew is
on the boards of its street (`cs:`) and of its unit (`cu:`), and on those of the streets and holders to whose cases it
was sent. Reference records have the token of everybody.
"""

from collections.abc import Iterator

from commandcenter.domain.people import NOWHERE, Person, Role
from commandcenter.domain.records import KIND_OF, Audience, Record

Tokens = frozenset[str]
DISTRICT = "d"
STREET = "s:"
EVERYBODY: Tokens = frozenset({"*"})
NOBODY: Tokens = frozenset()


def sees(by: Person, record: Record | None) -> bool:
    """Returns whether `by` may see `record`, which is one of their district; nobody sees None."""
    return not tokens_of(by).isdisjoint(audience(record))


def audience(record: Record | None) -> Tokens:
    """Returns the tokens of all who may see `record`; none for None."""
    if record is None:
        return NOBODY
    named = KIND_OF[type(record)].audience
    return frozenset(_told(record, named)) | {DISTRICT} if named else EVERYBODY


def street_audience(street: str | None) -> Tokens:
    """Returns the tokens of a case of which no more is known than its street."""
    return _tokens(s=street)


def tokens_of(seat: Person) -> Tokens:
    """Returns the tokens of a seat: its district's, its street's, or its holder's.

    A grid leader's seat also has those of its grid and its user, as long as it is one; an administrator's has none.
    """
    scope = seat.scope
    if scope.street == NOWHERE:
        return EVERYBODY
    crews = {"cs": scope.street} if scope.street is not None else {"cu": scope.holder}
    if scope.holder is not None:
        taker = seat.user if seat.role is Role.GRID_LEADER else None
        return EVERYBODY | _named(h=scope.holder, g=seat.own_grid, p=taker, **crews)
    return EVERYBODY | (_tokens() if scope.street is None else _named(s=scope.street, **crews))


def _told(record: Record, named: Audience) -> Iterator[str]:
    for token, fields in named.items():
        for field in fields:
            value = getattr(record, field)
            keys = value if isinstance(value, tuple) else (value,)
            yield from (f"{token}:{key}" for key in keys if key is not None)


def _tokens(**keys: str | None) -> Tokens:
    return _named(**keys) | {DISTRICT}


def _named(**keys: str | None) -> Tokens:
    return frozenset(f"{kind}:{key}" for kind, key in keys.items() if key is not None)
