"""How a crew changes with each fact about it."""

from dataclasses import replace

from commandcenter.domain import facts as fact
from commandcenter.domain.teams import Crew


def located(crew: Crew, said: fact.CrewLocated) -> Crew:
    """A new position; time in status starts anew only when the status changed."""
    since = crew.status_since if said.status is crew.status else said.at
    return replace(
        crew,
        rev=crew.rev + 1,
        spot=said.spot,
        seen_at=said.at,
        status=said.status,
        status_since=since,
        job=said.job,
    )
