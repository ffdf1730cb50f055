"""The drill on this console, in a demonstration only: a network with injectable faults, its actions and its panel."""

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
from ui.kit.controls.buttons import KeyButton
from ui.kit.seat.tasks import spawn
from ui.kit.texts.words import phrase
from ui.theme.tokens import MEASURES
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.demonstration.drill import Drill


class DrillController:
    """Implements ui.actions.drill_table.DrillHandlers over one window.

    The console is opened with `environment`, whose transport is the faulty network.
    """

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
        """The panel, None before it is first opened."""
        return self._panel

    def equip(self, seat: UiContext, actions: Actions) -> None:
        """Adds the drill's actions to the registry and its button to the top bar."""
        self._seat, self._actions = seat, actions
        actions.add(drill_actions(self))
        self.mark.clicked.connect(lambda _on=False: self.toggle())
        self._window.topbar.add_tool(self.mark)
        seat.follow.second.connect(self._update_button)
        seat.watch.changed.connect(self._look)

    def settle(self) -> None:
        """Brings a visible panel to the front again after the rooms were replaced."""
        if self._panel is not None and self._panel.isVisible():
            self._panel.open()

    def end(self) -> None:
        """Repairs the network and removes the drill: the user signs in to another platform, a real one."""
        self._wire.mend()
        if self._seat is None or self._actions is None:
            return
        self._seat.follow.second.disconnect(self._update_button)
        self._seat.watch.changed.disconnect(self._look)
        self._actions.remove("drill")
        self.mark.hide()
        if self._panel is not None:
            self._panel.end()
        self._seat = self._actions = self._panel = None

    async def close(self) -> None:
        """Closes the network's connections when the console ends."""
        await self._wire.end()

    def drill(self) -> None:
        """Opens the panel and gives it the keyboard focus."""
        self._opened()
        if self._panel is not None:
            self._panel.cut.setFocus()

    def toggle(self) -> None:
        """Opens or hides the panel."""
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
        """Starts a platform that did not come back by itself."""
        await self._opened().start()

    def _opened(self) -> "Drill":
        """Returns the drill with its panel visible; creates both on first use."""
        assert self._seat is not None
        if self._made is None:
            self._made = _drill(self._wire, self._host)
            self._made.changed.connect(lambda _: self._update_button())
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

    def _update_button(self) -> None:
        """Updates the text of the top bar's button, which is visible while the panel is closed."""
        if self._made is not None:
            said = wording.mark(self._made)
            self.mark.set_words(said)
            self.mark.set_role("text" if str(said) == str(phrase("演练")) else "warn")

    def _look(self) -> None:
        """Refreshes the panel as soon as the connection changes, as the status bar does."""
        if self._panel is not None and self._panel.isVisible():
            self._panel.refresh()

    def _corner(self) -> QPoint:
        """Returns the lower right corner of the map, so that what the drill asks to watch stays visible.

        Without a docked map, at a unit's seat, it is the window's corner.
        """
        dock = self._window.docks["map"]
        if dock.isVisible() and not dock.isFloating():
            return dock.geometry().bottomRight() - QPoint(0, MEASURES.dock_header)
        return QPoint(self._window.width(), self._window.height() - MEASURES.status_bar)

    def _copy_second(self) -> None:
        """Copies the command that opens another seat on the same platform."""
        assert self._seat is not None
        where = ("--url", self._host.address, "--data", str(self._host.data))
        words = ("python3", "main.py", "console", "--profile", "second", *where, "--demo-user", "dispatcher")
        QApplication.clipboard().setText(shlex.join(words))
        self._seat.tell(phrase("已复制，在另一个终端里运行；角色可改"))


def _drill(network: FaultyNetwork, host: Host) -> "Drill":
    from commandcenter.demonstration.drill import Drill  # late: backups import Alembic

    return Drill(network, host.embedded)
