"""The drill on this console, in a demonstration only: a network with injectable faults, its actions and its panel."""

import shlex
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from commandcenter.bootstrap import Environment
from commandcenter.demonstration.faulty_network import FaultyNetwork
from ui.actions.context import UiContext
from ui.actions.drill_table import drill_actions
from ui.app.host import Host
from ui.app.shell import Extension, Network
from ui.drill import wording
from ui.drill.panel import DrillPanel
from ui.kit.controls.buttons import KeyButton
from ui.kit.lazy import Lazy
from ui.kit.seat.tasks import spawn
from ui.kit.texts.words import phrase
from ui.theme.tokens import MEASURES
from ui.window import Window

if TYPE_CHECKING:
    from commandcenter.demonstration.drill import Drill


class DrillNetwork(Network):
    """A network in which faults can be caused."""

    def __init__(self, host: Host) -> None:
        self._wire = FaultyNetwork(lambda: host.address)
        super().__init__(Environment(transport=self._wire))

    def extensions(self, window: Window, host: Host, seat: UiContext) -> list[Extension]:
        return [DrillController(window, host, self._wire, seat)]

    async def close(self) -> None:
        await self._wire.end()


class DrillController:
    """Implements ui.app.shell.Extension and ui.actions.drill_table.DrillHandlers over one window."""

    def __init__(self, window: Window, host: Host, wire: FaultyNetwork, seat: UiContext) -> None:
        self._window, self._host, self._wire, self._seat = window, host, wire, seat
        self._drill, self._panel = Lazy(self._new_drill), Lazy(self._new_panel)
        self.actions = drill_actions(self)
        self.mark = KeyButton(phrase("演练"), role="text", image="flask-conical")
        self.mark.clicked.connect(lambda _on=False: self.toggle())
        window.topbar.add_tool(self.mark)
        seat.follow.second.connect(self._update_button)
        seat.watch.changed.connect(self._look)

    def settle(self) -> None:
        for panel in self._shown():
            panel.open()

    def end(self) -> None:
        """Repairs the network and removes the drill."""
        self._wire.mend()
        self._seat.follow.second.disconnect(self._update_button)
        self._seat.watch.changed.disconnect(self._look)
        self.mark.hide()
        for panel in self._panel:
            panel.end()

    def drill(self) -> None:
        """Opens the panel and gives it the keyboard focus."""
        self._opened()
        self._panel().cut.setFocus()

    def toggle(self) -> None:
        """Opens or hides the panel."""
        shown = self._shown()
        for panel in shown:
            panel.hide()
        if not shown:
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
        """Returns the drill with its panel visible."""
        if not self._panel().isVisible():
            self._panel().open()
        return self._drill()

    def _new_drill(self) -> "Drill":
        from commandcenter.demonstration.drill import Drill  # late: backups import Alembic

        drill = Drill(self._wire, self._host.embedded)
        drill.changed.connect(lambda _: self._update_button())
        return drill

    def _new_panel(self) -> DrillPanel:
        return DrillPanel(
            self._drill(),
            self._seat.desk,
            self._seat.follow,
            act=lambda name: spawn(getattr(self, name)(), name=f"drill {name}"),
            corner=self._corner,
            second=self._copy_second,
            parent=self._window,
        )

    def _shown(self) -> list[DrillPanel]:
        return [panel for panel in self._panel if panel.isVisible()]

    def _update_button(self) -> None:
        """Updates the text of the top bar's button, which is visible while the panel is closed."""
        for drill in self._drill:
            said = wording.mark(drill)
            self.mark.set_words(said)
            self.mark.set_role("text" if str(said) == str(phrase("演练")) else "warn")

    def _look(self) -> None:
        """Refreshes the panel as soon as the connection changes, as the status bar does."""
        for panel in self._shown():
            panel.refresh()

    def _corner(self) -> QPoint:
        """Returns the lower right corner of the map, so that what the drill asks to watch stays visible.

        Without a docked map, at a unit's seat, it is the window's corner.
        """
        dock = self._window.docks["map"]
        if dock.isVisible():
            return dock.geometry().bottomRight() - QPoint(0, MEASURES.dock_header)
        return QPoint(self._window.width(), self._window.height() - MEASURES.status_bar)

    def _copy_second(self) -> None:
        """Copies the command that opens another seat on the same platform."""
        where = ("--url", self._host.address, "--data", str(self._host.data))
        words = ("python3", "main.py", "console", "--profile", "second", *where, "--demo-user", "dispatcher")
        QApplication.clipboard().setText(shlex.join(words))
        self._seat.tell(phrase("已复制，在另一个终端里运行；角色可改"))
