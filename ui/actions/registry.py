"""The registry of user actions: text, keys, verbs, handler; source of menu, shortcuts, command line and key sheet."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcutEvent
from PySide6.QtWidgets import QMenu, QWidget

from commandcenter.domain.cases import ENDED, Stage
from commandcenter.domain.commands import Command
from ui.kit.command_line.parts import Choice, Clause, LinePart, Verb
from ui.kit.seat.tasks import spawn
from ui.kit.texts.words import english, say, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that the user can do.

    `zh` is its name in Chinese, the source language, and `en` in English if the screens' texts lack it.
    `keys` are in Qt's notation ("Ctrl+K"), the first is displayed.
    `verbs` are the short forms for the command line ("pd"), `needs` the parts that must follow there; `make` then
    returns the core's commands. `run` does it without a command line; it may be a coroutine function. `group` orders
    menu and key sheet. `command` names the core's command, whose permissions decide whether the action may be done.
    `choices` are the kinds of its targets on the command line. `is_timed`: a moment may be said there.
    `is_of_district`: as of its Verb. `also` names
    other commands that what is typed may become.
    `about` is the kind of the chosen record that it is done with (empty: of none, or any), `stages` those of the record
    at which it can be done (empty: any). Two actions may share a key if no record could take both, and `fits` then
    tells whether the key is meant for this one now.
    """

    id: str
    zh: str
    run: Callable[[], Any]
    group: str
    keys: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    needs: tuple[LinePart, ...] = ()
    choices: tuple[Choice, ...] = ()
    is_timed: bool = False
    is_of_district: bool = False
    make: Callable[[Clause], tuple[Command, ...]] | None = None
    command: str | None = None
    also: tuple[str, ...] = ()
    image: str = ""
    in_menu: bool = True
    about: str = ""
    stages: frozenset[Stage] = frozenset()
    fits: Callable[[], bool] = lambda: True
    en: str | None = None

    @property
    def words(self) -> str:
        """The name in the current language."""
        return say(self.zh) if self.en is None or spoken() == "zh" else self.en

    @property
    def key(self) -> str:
        """The first key as displayed: "Ctrl K"."""
        return _written(self.keys[0]) if self.keys else ""

    def verb(self) -> Verb:
        """Returns the verb for the command line, with Chinese and English names in any language."""
        names = (self.zh, self.en or english().get(self.zh, ""))
        is_on_ended = bool(self.stages) and self.stages <= ENDED
        called = (self.id, tuple(filter(None, names)), self.verbs)
        stages = frozenset(map(str, self.stages))
        return Verb(*called, self.needs, is_on_ended, self.choices, self.is_timed, self.is_of_district, stages)


GROUPS = {"case": "案件", "desk": "调度台", "view": "画面", "seat": "席位", "help": "帮助", "drill": "演练故障"}
SUBMENU_GROUPS = frozenset({"drill"})  # groups that are a submenu


class Actions(QObject):
    """The registry of one window; each action is a QAction of it, so that its keys work with any focus in it alone.

    `suits(action)` tells whether this seat may ever do an action.
    """

    def __init__(
        self, window: QWidget, table: Iterable[Action] = (), *, suits: Callable[[Action], bool] = lambda _action: True
    ) -> None:
        super().__init__(window)
        self._window, self.suits = window, suits
        self._table: dict[str, Action] = {}
        self._qt: dict[str, QAction] = {}
        self._shared: list[QAction] = []  # the keys that several actions have
        self.offer(table)

    def offer(self, table: Iterable[Action]) -> None:
        """Replaces all actions of the window; raises ValueError when two have one id."""
        for gone in (*self._qt.values(), *self._shared):
            self._window.removeAction(gone)
            gone.deleteLater()
        self._table, self._qt, self._shared = {}, {}, []
        claims: dict[str, list[Action]] = defaultdict(list)
        for action in table:
            self._add(action)
            for key in action.keys:
                claims[key].append(action)
        for key, claimants in claims.items():
            self._give(key, claimants)

    def __iter__(self) -> Iterator[Action]:
        return iter(self._table.values())

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def __getitem__(self, key: str) -> Action:
        return self._table[key]

    def trigger(self, key: str) -> None:
        """Triggers an action as if its key were pressed, unless it is disabled; raises KeyError for an unknown id."""
        self._qt[key].trigger()

    def offered(self) -> Iterator[Action]:
        """Returns the actions that suit this seat."""
        return filter(self.suits, self)

    def menu(self) -> QMenu:
        """Returns a new menu of the actions that suit this seat, group by group, with keys."""
        menu = QMenu(self._window)
        for group in GROUPS:
            mine = [action for action in self.offered() if action.group == group and action.in_menu]
            if mine and not menu.isEmpty():
                menu.addSeparator()
            into = menu.addMenu(say(GROUPS[group])) if mine and group in SUBMENU_GROUPS else menu
            for action in mine:
                short = action.key or " ".join(action.verbs if group in SUBMENU_GROUPS else ())
                self._qt[action.id].setText(f"{action.words}\t{short}")
                into.addAction(self._qt[action.id])
        return menu

    def _add(self, action: Action) -> None:
        if action.id in self._table:
            raise ValueError(f"two actions are called {action.id}")
        self._table[action.id] = action
        self._qt[action.id] = self._new_key(lambda: action)
        self._qt[action.id].setText(action.words)

    def _give(self, key: str, claimants: list[Action]) -> None:
        """Gives `key` to its action, or to those that share it: it triggers the one that fits, else the first."""
        if len(claimants) == 1:
            own = self._qt[claimants[0].id]
            own.setShortcuts([*own.shortcuts(), QKeySequence(key)])
            return
        shared = self._new_key(lambda: next((one for one in claimants if one.fits()), claimants[0]))
        shared.setShortcut(QKeySequence(key))
        self._shared.append(shared)

    def _new_key(self, meant: Callable[[], Action]) -> QAction:
        made = _Key(self._window)
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.setAutoRepeat(False)
        made.triggered.connect(lambda _on=False: _run(meant()))
        self._window.addAction(made)
        return made


class _Key(QAction):
    """Triggers also when Qt finds its key ambiguous: a visible button may show and own the same key."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QShortcutEvent) and event.isAmbiguous():
            self.trigger()
            return True
        return super().event(event)


def conflicts(table: Iterable[Action]) -> list[tuple[str, str, str]]:
    """Returns (key or verb, one id, other id) for each that two actions claim at once, and so for one record."""
    seen: dict[str, list[Action]] = defaultdict(list)
    found = []
    for action in table:
        keys = [QKeySequence(key).toString() for key in action.keys]
        for claim in (*keys, *action.verbs):
            found += [(claim, one.id, action.id) for one in seen[claim] if claim in action.verbs or _meet(one, action)]
            seen[claim].append(action)
    return found


def _meet(one: Action, other: Action) -> bool:
    """Returns whether both can be done with one record: one of the kind of both, at a stage of both."""
    if one.about and other.about and one.about != other.about:
        return False
    return not (one.stages and other.stages) or not one.stages.isdisjoint(other.stages)


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
