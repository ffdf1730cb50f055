"""Breakages by which an act that has not left gives a reason that is not so."""

from collections.abc import Callable
from typing import Any

from commandcenter.sync import reasons
from commandcenter.sync.ledger import Ledger
from commandcenter.sync.pause import Pause

Patches = tuple[tuple[Any, str, Any], ...]


def _waits_on_any_way() -> Patches:
    return ((Pause, "goes_on", lambda self, account: self._patience is not None),)


def _said_once() -> Patches:
    real = Ledger.explain

    def first(self: Ledger, why: dict[str, tuple[str, str]]) -> None:
        known = {row.cmd_id: (row.code, row.about or "") for row in self.rows if row.code}
        real(self, why | known)

    return ((Ledger, "explain", first),)


def _line_for_all() -> Patches:
    def same(rows: Any, user: str, code: str, about: str = "") -> dict[str, tuple[str, str]]:
        return {row.cmd_id: (code, about) for row in rows}

    return ((reasons, "all_wait", same),)


OF_REASONS: dict[str, Callable[[], Patches]] = {
    "a wait that outlives the way on which it was asked for": _waits_on_any_way,
    "a reason that is said once and for all": _said_once,
    "the acts of others wait for the line": _line_for_all,
}
