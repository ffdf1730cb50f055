"""The action that opens the intake form; a form is one user's and goes with them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.actions.action_table import Handlers
from ui.actions.context import UiContext
from ui.kit.controls.buttons import NextStep
from ui.kit.lazy import Lazy
from ui.kit.texts.words import Words, phrase, term
from ui.map.panel import MapPanel
from ui.window import Window

if TYPE_CHECKING:
    from ui.intake.floating import FloatingIntake


class IntakeAction:
    """Owns the form from its first opening until `end`; a place may be chosen on `board_map`."""

    def __init__(self, window: Window, seat: UiContext, board_map: MapPanel, change_user: Callable[[], object]) -> None:
        self._window, self._seat, self._map, self._change_user = window, seat, board_map, change_user
        self._form = Lazy(self._new_form)

    def handlers(self) -> Handlers:
        """Returns the handler by the id of its action."""
        return {"intake": self.open}

    def open(self) -> None:
        """Opens the form over the queue, or brings it to the front; other roles get a toast that says who may."""
        if self._seat.desk.why_not("take", None):
            step = NextStep(phrase("换人登录"), self._change_user, "Ctrl Shift U")
            said = phrase("受理登记由受理员或网格长来做，你现在是{role}", role=self._role())
            self._window.toasts.tell(said, tone="warn", step=step)
            return
        self._form().open()

    def end(self) -> None:
        """Discards the form with what was typed: another user sits down."""
        for form in self._form:
            form.end()
        self._form.forget()

    def _role(self) -> Words:
        person = self._seat.desk.person
        return term("role", person.role) if person else "—"

    def _new_form(self) -> "FloatingIntake":
        from ui.intake.floating import FloatingIntake  # late: the form is not needed for the first paint

        return FloatingIntake(self._window, self._seat, self._map)
