"""What becomes of acts: told quietly while they take their way, announced once when they come back to the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from commandcenter.store.overlay import Act
from ui.kit.case_parts.deliveries import KEY, glyph_of, own_acts_needing_decision, present
from ui.kit.controls.buttons import NextStep
from ui.kit.feedback.toasts import Toast, Toasts
from ui.kit.seat.next_lines import NextLines
from ui.kit.texts.words import Words, phrase, term
from ui.status.hint import CommandHint
from ui.status.watch import StatusWatch

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

ASKING = 20  # seconds that a toast stays which needs the user


class ActToasts(QObject):
    """Tells the acts of one seat; `asked` carries the id of an act that the user wants to open.

    The line of a case that is open takes the receipt; without one it stands in `hint`, and follows the last act told.
    """

    asked = Signal(str)

    def __init__(self, desk: Desk, watch: StatusWatch, toasts: Toasts, lines: NextLines, hint: CommandHint) -> None:
        super().__init__()
        self._desk, self._toasts, self._watch, self._lines, self._hint = desk, toasts, watch, lines, hint
        self._followed: dict[str, tuple[Act, Words]] = {}  # the last act told in the hint
        self._asking: set[Toast] = set()  # the announcement on the screen, if one is
        self._is_heeded = False
        self._known = {act.cmd_id for act in own_acts_needing_decision(self._desk)}
        watch.changed.connect(self._look)

    def tell(self, act: Act, what: Words) -> None:
        """Shows that `what` was done and its delivery state, which is followed."""
        if self._lines.take_act(act):
            self._followed = {}
            self._hint.tell("")
        else:
            self._show(present(self._desk, act), what)

    def mute(self, on: bool) -> None:
        """Suppresses announcements while the user has the needs-you room open (`on`)."""
        self._is_heeded = on
        if on:
            self._withdraw()

    def forget(self) -> None:
        """Tells no more of the acts of who leaves."""
        self._followed = {}
        self._hint.tell("")

    def close(self) -> None:
        """Stops following."""
        self._watch.changed.disconnect(self._look)

    def _show(self, act: Act, what: Words) -> None:
        self._followed = {act.cmd_id: (act, what)}
        said = phrase("{what}，{word}", what=what, word=term("delivery", KEY[act.delivery]))
        self._hint.tell("" if act.is_dropped else said, glyph=glyph_of(act.delivery))

    def _look(self) -> None:
        for before, what in tuple(self._followed.values()):
            act = present(self._desk, before)
            if (act.delivery, act.is_dropped) != (before.delivery, before.is_dropped):
                self._show(act, what)
        self._ask()

    def _ask(self) -> None:
        """Announces, in one toast, all acts that need the user now and are not on screen already."""
        needing = {act.cmd_id for act in own_acts_needing_decision(self._desk)}
        fresh = {cmd_id for cmd_id in needing - self._known if not self._lines.shows(cmd_id)}
        gone = self._known - needing
        self._known = needing
        if fresh and not self._is_heeded:
            self._tell_asking(fresh)
        elif gone and self._asking:
            self._tell_asking(needing) if needing else self._withdraw()

    def _tell_asking(self, fresh: set[str]) -> None:
        """Replaces the former announcement, so that there are never two for one thing."""
        self._withdraw()
        said = phrase("{n} 条操作需处理", n=len(self._known))
        toast = self._toasts.tell(said, tone="vio", seconds=ASKING, step=self._step(min(fresh)))
        self._asking.add(toast)
        toast.gone.connect(lambda: self._asking.discard(toast))

    def _withdraw(self) -> None:
        for toast in tuple(self._asking):
            toast.dismiss()

    def _step(self, cmd_id: str) -> NextStep:
        return NextStep(phrase("打开"), lambda: self.asked.emit(cmd_id), "F4")
