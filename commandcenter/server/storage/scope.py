"""Who may see a record (domain.visibility), as a filter of the table of cases.

District and street are columns of a case, because every list and count begins with one of them; the table `audience`
has its other tokens, of which a case may have several of a kind.
"""

from sqlalchemy import ColumnElement, and_, or_, select

from commandcenter.domain.people import Person
from commandcenter.domain.visibility import DISTRICT, EVERYBODY, STREET, Tokens, tokens_of
from commandcenter.server.storage.tables import audience, cases


def listed(tokens: Tokens) -> Tokens:
    """Returns those of the tokens of a case that are no columns of it, but rows of `audience`."""
    return frozenset(token for token in tokens - EVERYBODY - {DISTRICT} if not token.startswith(STREET))


def case_filter(seat: Person) -> ColumnElement[bool]:
    """Returns the condition on the table of cases that selects those that `seat` sees."""
    tokens, district = tokens_of(seat), seat.scope.district
    inside = cases.c.district == district
    if DISTRICT in tokens:
        return inside
    streets = [cases.c.street == token.removeprefix(STREET) for token in tokens if token.startswith(STREET)]
    named = (audience.c.district == district, audience.c.token.in_(sorted(listed(tokens))))
    return and_(inside, or_(*streets) if streets else cases.c.key.in_(select(audience.c.key).where(*named)))
