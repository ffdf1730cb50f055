"""The context of a seat: what every action may use, created once by the owner of the window."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.kit.case_parts.clock import SecondClock
from ui.kit.command_line.saying import line_of
from ui.kit.feedback.toasts import Toasts
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.texts.words import Words
from ui.status.act_toasts import ActToasts
from ui.status.hint import CommandHint
from ui.status.watch import StatusWatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commandcenter.domain.commands import Command
    from commandcenter.store.overlay import Act
    from commandcenter.sync.desk import Desk


GLANCE = 4  # seconds that a toast stays which needs no answer


@dataclass(frozen=True, slots=True, kw_only=True)
class UiContext:
    """The context of one seat in one window; implements ui.kit.seat.context.SeatContext."""

    desk: "Desk"
    window: QWidget
    toasts: Toasts
    focus: Focus
    follow: Follow
    clock: SecondClock
    watch: StatusWatch
    act_toasts: ActToasts
    hint: CommandHint

    @classmethod
    def open(cls, desk: "Desk", window: QWidget, toasts: Toasts) -> "UiContext":
        """Returns the context of a seat at `desk`, which follows the desk until `close`."""
        follow, watch = Follow(desk.board), StatusWatch(desk)
        clock = SecondClock(desk.board, desk.now)
        follow.second.connect(clock.turn)
        return cls(
            desk=desk,
            window=window,
            toasts=toasts,
            focus=Focus(),
            follow=follow,
            clock=clock,
            watch=watch,
            act_toasts=ActToasts(desk, watch, toasts),
            hint=CommandHint(),
        )

    def over(self, window: QWidget) -> "UiContext":
        """Returns the same seat with its dialogs over another window."""
        return replace(self, window=window)

    def tell(self, text: Words, tone: str = "ok") -> object:
        """Shows a short toast at the lower right; `tone` is ok|warn|bad|vio."""
        return self.toasts.tell(text, tone=tone, seconds=GLANCE if tone == "ok" else 8)

    def tell_act(self, act: "Act", what: Words) -> object:
        """Shows a toast that `what` was done, with the act's delivery state; it follows the act."""
        return self.act_toasts.tell(act, what)

    def teach(self, commands: "Sequence[Command]") -> None:
        """Shows in the status bar for some seconds how the command line says what was given otherwise."""
        self.hint.show_line(line_of(self.desk.board, commands))

    def close(self) -> None:
        """Stops following."""
        self.act_toasts.close()
        self.watch.close()
        self.follow.close()
