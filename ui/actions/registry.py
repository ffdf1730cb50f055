"""Every user action once: its words, keys, verbs and what it does; menu, keys, palette and key sheet come from here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcutEvent
from PySide6.QtWidgets import QMenu, QWidget

from commandcenter.domain.commands import Command
from ui.kit.command_line import CommandLine, LinePart, Verb
from ui.kit.tasks import spawn
from ui.kit.tips import plain_tip
from ui.kit.words import english, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do.

    `zh` is the Chinese source of its words. `keys` as Qt writes them ("Ctrl+K"), the first is shown. `verbs` are the
    short forms for the command line ("pd"); `needs` what must follow there, and `make` then gives the command of the
    core. `run` is called without a line: it may be a coroutine function. `group` orders menu and key sheet.
    `command` names the core's command, so that powers decide whether it may be done; `on_docks` for what only a
    window with docks has.
    """

    id: str
    zh: str
    run: Callable[[], Any]
    group: str
    keys: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    needs: tuple[LinePart, ...] = ()
    make: Callable[[CommandLine], Command] | None = None
    command: str | None = None
    image: str = ""
    in_menu: bool = True
    on_docks: bool = False

    @property
    def words(self) -> str:
        """Its name in the language of the moment."""
        return say(self.zh)

    @property
    def key(self) -> str:
        """Its first key as people write it: "Ctrl K"."""
        return _written(self.keys[0]) if self.keys else ""

    def verb(self) -> Verb:
        """How the command line calls it: Chinese and English whatever is spoken."""
        names = (self.zh, english().get(self.zh, ""))
        return Verb(self.id, tuple(filter(None, names)), self.verbs, self.needs)


GROUPS = {"case": "案件", "desk": "调度台", "view": "画面", "seat": "席位", "help": "帮助", "drill": "演练故障"}
FOLDED = frozenset({"drill"})  # groups that the menu opens at their side


class Actions(QObject):
    """The registry of one window: each action is a QAction of it, so that its keys work wherever the focus is."""

    def __init__(self, window: QWidget, table: Iterable[Action]) -> None:
        super().__init__(window)
        self._window = window
        self._table: dict[str, Action] = {}
        self._qt: dict[str, QAction] = {}
        self.suits: Callable[[Action], bool] = lambda _action: True  # whether this seat can ever do it
        self.add(table)

    def add(self, table: Iterable[Action]) -> None:
        """These too from now on; ValueError when one is there already."""
        for action in table:
            self._add(action)

    def remove(self, group: str) -> None:
        """The actions of a group are there no longer: not in the menu, not by key, not by verb."""
        for key in [action.id for action in self if action.group == group]:
            del self._table[key]
            gone = self._qt.pop(key)
            self._window.removeAction(gone)
            gone.deleteLater()

    def __iter__(self) -> Iterator[Action]:
        return iter(self._table.values())

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def __getitem__(self, key: str) -> Action:
        return self._table[key]

    def trigger(self, key: str) -> None:
        """Do it, as if its key were pressed; KeyError for an unknown id, nothing while it is switched off."""
        self._qt[key].trigger()

    def allow(self, key: str, on: bool, *, why: str = "") -> None:
        """Switch one on or off; `why` is told where it is shown."""
        if key in self._qt:
            self._qt[key].setEnabled(on)
            self._qt[key].setToolTip(plain_tip(why))

    def is_allowed(self, key: str) -> bool:
        """Whether it can be done now."""
        return self._qt[key].isEnabled()

    def offered(self) -> Iterator[Action]:
        """What this seat can ever do."""
        return filter(self.suits, self)

    def menu(self) -> QMenu:
        """What this seat can ever do as a menu, group by group, with keys."""
        menu = QMenu(self._window)
        for group in GROUPS:
            mine = [action for action in self.offered() if action.group == group and action.in_menu]
            if mine and not menu.isEmpty():
                menu.addSeparator()
            into = menu.addMenu(say(GROUPS[group])) if mine and group in FOLDED else menu
            for action in mine:
                short = action.key or " ".join(action.verbs if group in FOLDED else ())
                self._qt[action.id].setText(f"{action.words}\t{short}")
                into.addAction(self._qt[action.id])
        return menu

    def _add(self, action: Action) -> None:
        if action.id in self._table:
            raise ValueError(f"two actions are called {action.id}")
        self._table[action.id] = action
        made = _Key(action.words, self._window)
        made.setShortcuts([QKeySequence(keys) for keys in action.keys])
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.setAutoRepeat(False)
        made.triggered.connect(lambda _on=False, action=action: _run(action))
        self._window.addAction(made)
        self._qt[action.id] = made


class _Key(QAction):
    """A button on the screen may show and hold the same key: then the registry answers, not nobody."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QShortcutEvent) and event.isAmbiguous():
            self.trigger()
            return True
        return super().event(event)


def conflicts(table: Iterable[Action]) -> list[tuple[str, str, str]]:
    """(key or verb, one id, other id) for each key and each verb that two actions claim; empty when all is well."""
    seen: dict[str, str] = {}
    found = []
    for action in table:
        for claim in (*(QKeySequence(key).toString() for key in action.keys), *action.verbs):
            if claim in seen:
                found.append((claim, seen[claim], action.id))
            seen[claim] = action.id
    return found


def _written(keys: str) -> str:
    for named, sign in (("Down", "↓"), ("Up", "↑"), ("Return", "↵"), ("+", " ")):
        keys = keys.replace(named, sign)
    return keys


def _run(action: Action) -> None:
    result = action.run()
    if isawaitable(result):
        spawn(_awaited(result), name=action.id)


async def _awaited(result: Any) -> None:
    await result
