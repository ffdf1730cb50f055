"""Mutants by which an unsent act shows a wrong reason why it waits."""

from collections.abc import Callable
from typing import Any

from commandcenter.sync import wait_reasons
from commandcenter.sync.command_display import CommandDisplay
from commandcenter.sync.pause import Pause

Patches = tuple[tuple[Any, str, Any], ...]


def _waits_on_any_way() -> Patches:
    return ((Pause, "still_binds", lambda self, account: self._timeout is not None),)


def _said_once() -> Patches:
    real = CommandDisplay.explain

    def first(self: CommandDisplay, why: dict[str, tuple[str, str]]) -> None:
        known = {row.cmd_id: (row.code, row.about or "") for row in self._commands.rows if row.code}
        real(self, why | known)

    return ((CommandDisplay, "explain", first),)


def _connection_for_all() -> Patches:
    def same(rows: Any, user: str, code: str, about: str = "") -> dict[str, tuple[str, str]]:
        return {row.cmd_id: (code, about) for row in rows}

    return ((wait_reasons, "all_wait", same),)


OF_REASONS: dict[str, Callable[[], Patches]] = {
    "a wait that outlives the way on which it was asked for": _waits_on_any_way,
    "a reason that is said once and for all": _said_once,
    "the acts of others wait for the line": _connection_for_all,
}
