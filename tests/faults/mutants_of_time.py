"""Mutants that show only after days, or after the platform's files were set back."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete

from commandcenter.server import schedule
from commandcenter.server.storage import epochs
from commandcenter.server.storage.tables import dedupe

Patches = tuple[tuple[Any, str, Any], ...]


def _set_back_unnoticed() -> Patches:
    return ((epochs, "last_shared_seq", lambda *given: None),)


def _answers_forgotten() -> Patches:
    def forgotten(connection: Any, *, before: Any) -> None:
        connection.execute(delete(dedupe).where(dedupe.c.at < before.timestamp()))

    return ((schedule.dedupe, "drop_shown_records", forgotten),)


OF_TIME: dict[str, Callable[[], Patches]] = {
    "set back and not noticed": _set_back_unnoticed,
    "answers forgotten after a month": _answers_forgotten,
}
