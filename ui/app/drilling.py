"""The drill at this console: a wire with faults from the start, its actions and its panel; only in a demonstration."""

import shlex
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from commandcenter.bootstrap import Environment
from commandcenter.demonstration.faulty_network import FaultyNetwork
from ui.actions.context import UiContext
from ui.actions.drill_table import drill_actions
from ui.actions.registry import Actions
from ui.app.host import Host
from ui.drill import wording
from ui.drill.panel import DrillPanel
from ui.kit.buttons import KeyButton
from ui.kit.tasks import spawn
from ui.kit.words import phrase
from ui.theme.tokens import MEASURES
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.demonstration.drill import Drill


class Drilling:
    """Implements ui.actions.drill_table.Orders over one window; `environment` is what the console is opened with."""

    def __init__(self, window: Window, host: Host) -> None:
        self._window, self._host = window, host
        self._wire = FaultyNetwork()
        self.environment = Environment(transport=self._wire)
        self._seat: UiContext | None = None
        self._actions: Actions | None = None
        self._made: Drill | None = None
        self._panel: DrillPanel | None = None
        self.mark = KeyButton(phrase("演练"), role="text", image="flask-conical")

    @property
    def panel(self) -> DrillPanel | None:
        """The panel, once it was asked for."""
        return self._panel

    def equip(self, seat: UiContext, actions: Actions) -> None:
        """The actions join the registry, the mark the top of the window."""
        self._seat, self._actions = seat, actions
        actions.add(drill_actions(self))
        self.mark.clicked.connect(lambda _on=False: self.toggle())
        self._window.topbar.add_tool(self.mark)
        seat.follow.second.connect(self._remark)
        seat.watch.changed.connect(self._look)

    def settle(self) -> None:
        """Other rooms stand in the window: the panel lies over them."""
        if self._panel is not None and self._panel.isVisible():
            self._panel.open()

    def end(self) -> None:
        """The person goes to another platform, a real one: nothing of this is there any more, the wire is well."""
        self._wire.mend()
        if self._seat is None or self._actions is None:
            return
        self._seat.follow.second.disconnect(self._remark)
        self._seat.watch.changed.disconnect(self._look)
        self._actions.remove("drill")
        self.mark.hide()
        if self._panel is not None:
            self._panel.end()
        self._seat = self._actions = self._panel = None

    async def close(self) -> None:
        """The console ends."""
        await self._wire.end()

    def drill(self) -> None:
        """Open the panel, the keyboard in it."""
        self._opened()
        if self._panel is not None:
            self._panel.cut.setFocus()

    def toggle(self) -> None:
        """Open the panel, or put it away."""
        if self._panel is not None and self._panel.isVisible():
            self._panel.hide()
        else:
            self.drill()

    def cut(self) -> None:
        self._opened().cut()

    def mend(self) -> None:
        self._opened().mend()

    def slow(self, seconds: float) -> None:
        self._opened().slow(seconds)

    def lose(self) -> None:
        self._opened().lose_answers(not self._wire.lose_answers)

    async def kill(self) -> None:
        await self._opened().kill()

    async def back_up(self) -> None:
        await self._opened().back_up()

    async def restore(self) -> None:
        await self._opened().restore()

    async def start(self) -> None:
        """Start a platform that stays away."""
        await self._opened().start()

    def _opened(self) -> "Drill":
        """The drill, with its panel on the screen."""
        assert self._seat is not None
        if self._made is None:
            self._made = _drill(self._wire, self._host)
            self._made.changed.connect(lambda _: self._remark())
        if self._panel is None:
            self._panel = DrillPanel(
                self._made,
                self._seat.desk,
                self._seat.follow,
                act=lambda name: spawn(getattr(self, name)(), name=f"drill {name}"),
                corner=self._corner,
                second=self._copy_second,
                parent=self._window,
            )
        if not self._panel.isVisible():
            self._panel.open()
        return self._made

    def _remark(self) -> None:
        """The window's top says it also while the panel is closed."""
        if self._made is not None:
            said = wording.mark(self._made)
            self.mark.set_words(said)
            self.mark.set_role("text" if str(said) == str(phrase("演练")) else "warn")

    def _look(self) -> None:
        """The connection came further: the panel says so at once, as the status bar does."""
        if self._panel is not None and self._panel.isVisible():
            self._panel.refresh()

    def _corner(self) -> QPoint:
        """The lower right of the map, which leaves what is to be looked at free; at a unit's seat of the window."""
        dock = self._window.docks["map"]
        if dock.isVisible() and not dock.isFloating():
            return dock.geometry().bottomRight() - QPoint(0, MEASURES.dock_header)
        return QPoint(self._window.width(), self._window.height() - MEASURES.status_bar)

    def _copy_second(self) -> None:
        """The command that opens another seat on the same platform."""
        assert self._seat is not None
        where = ("--url", self._host.address, "--data", str(self._host.data))
        words = ("python3", "main.py", "console", "--profile", "second", *where, "--demo-user", "dispatcher")
        QApplication.clipboard().setText(shlex.join(words))
        self._seat.tell(phrase("已复制，在另一个终端里运行；角色可改"))


def _drill(network: FaultyNetwork, host: Host) -> "Drill":
    from commandcenter.demonstration.drill import Drill  # late: backups bring Alembic along

    return Drill(network, host.embedded)
