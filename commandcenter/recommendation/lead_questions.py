"""Defines what is asked about the lead of a case, and the precedents from which it is answered: plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Precedent:
    """A case that was led: what it was, the body that led in the end, those that helped, and those that refused before.

    `at` in seconds since 1970 is when the last lead was set; `seconds` how long it had the case until it reported.
    """

    case: str
    kind: str | None
    street: str | None
    grid: str | None
    text: str
    at: float
    lead: str
    helpers: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """The case for which a lead is sought; its text may be empty."""

    case: str
    kind: str | None
    street: str | None
    grid: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A body that may lead or help: its power, its open cases, and whether it refused to lead, or to help, this case.

    `helps`: it is asked already.
    """

    id: str
    power: str | None = None
    load: int = 0
    refused: bool = False
    refused_help: bool = False
    helps: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the case, the powers that its kind names in order of preference, and the bodies there are."""

    case: Question
    powers: tuple[str, ...]
    bodies: tuple[Body, ...]

    def with_load(self, place: int, load: int) -> tuple[Body, ...]:
        """Returns the bodies as they would be if the one at `place` had so many open cases."""
        return self._with(place, replace(self.bodies[place], load=load))

    def with_refusal(self, place: int) -> tuple[Body, ...]:
        """Returns the bodies as they would be if the one at `place` refused to lead the case."""
        return self._with(place, replace(self.bodies[place], refused=True))

    def _with(self, place: int, body: Body) -> tuple[Body, ...]:
        return (*self.bodies[:place], body, *self.bodies[place + 1 :])
