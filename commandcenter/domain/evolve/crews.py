"""Applies each fact about a crew."""

from dataclasses import replace

from commandcenter.domain import facts as fact
from commandcenter.domain.teams import Crew


def located(crew: Crew, said: fact.CrewLocated) -> Crew:
    """Sets position, status and job; `status_since` changes only with the status."""
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
