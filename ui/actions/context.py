"""The context of a seat: what every action may use, created once by the owner of the window."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.kit.case_parts.clock import SecondClock
from ui.kit.command_line.saying import line_of
from ui.kit.feedback.toasts import Toasts
from ui.kit.seat.focus import Focus
from ui.kit.seat.follow import Follow
from ui.kit.seat.next_lines import NextLines
from ui.kit.texts.words import Words
from ui.status.act_toasts import ActToasts
from ui.status.hint import CommandHint
from ui.status.watch import StatusWatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commandcenter.domain.cases import Case
    from commandcenter.domain.commands import Command
    from commandcenter.store.overlay import Act
    from commandcenter.sync.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class UiContext:
    """The context of one seat in one window; implements ui.kit.seat.context.SeatContext."""

    desk: "Desk"
    window: QWidget
    toasts: Toasts
    focus: Focus
    lines: NextLines
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
        lines, hint = NextLines(), CommandHint()
        return cls(
            desk=desk,
            window=window,
            toasts=toasts,
            focus=Focus(),
            lines=lines,
            follow=follow,
            clock=clock,
            watch=watch,
            act_toasts=ActToasts(desk, watch, toasts, lines, hint),
            hint=hint,
        )

    def over(self, window: QWidget) -> "UiContext":
        """Returns the same seat with its dialogs over another window."""
        return replace(self, window=window)

    def tell(self, text: Words, tone: str = "ok") -> None:
        """Shows what went well in the status bar, and what did not in a toast; `tone` is ok|warn|bad|vio."""
        if tone == "ok":
            self.hint.tell(text)
        else:
            self.toasts.tell(text, tone=tone)

    def tell_refusal(self, case: "Case", why: Words) -> None:
        """Shows why a step of `case` was refused: in the line of the case if that is open, else in a toast."""
        if not self.lines.take_refusal(case.id, why):
            self.tell(why, "bad")

    def tell_act(self, act: "Act", what: Words) -> None:
        """Shows that `what` was done and the act's delivery state, which it follows: in the line of its case if that is
        open, else in the status bar.
        """
        self.act_toasts.tell(act, what)

    def teach(self, commands: "Sequence[Command]") -> None:
        """Shows in the status bar for some seconds how the command line says what was given otherwise."""
        self.hint.show_line(line_of(self.desk.board, commands))

    def close(self) -> None:
        """Stops following."""
        self.act_toasts.close()
        self.watch.close()
        self.follow.close()
