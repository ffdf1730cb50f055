"""The seat: what every action may reach, made once by whoever opens the window."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.kit.focus import Focus
from ui.kit.follow import Follow
from ui.kit.toasts import Toasts
from ui.kit.words import Words
from ui.status.telling import ActTellings
from ui.status.watch import StatusWatch

if TYPE_CHECKING:
    from commandcenter.store.overlay import Act
    from commandcenter.sync.desk import Desk


GLANCE = 4  # seconds that a telling stays which asks for nothing


@dataclass(slots=True, kw_only=True)
class UiContext:
    """Implements kit.hall.Hall."""

    desk: "Desk"
    window: QWidget
    toasts: Toasts
    focus: Focus = field(default_factory=Focus)
    follow: Follow = field(init=False)
    watch: StatusWatch = field(init=False)
    tellings: ActTellings = field(init=False)

    def __post_init__(self) -> None:
        self.follow = Follow(self.desk.board)
        self.watch = StatusWatch(self.desk)
        self.tellings = ActTellings(self.desk, self.watch, self.toasts)

    def tell(self, text: Words, tone: str = "ok") -> object:
        """A short telling at the lower right."""
        return self.toasts.tell(text, tone=tone, seconds=GLANCE if tone == "ok" else 8)

    def tell_act(self, act: "Act", what: Words) -> object:
        """A telling of `what` was done, with how far it has come; it follows the act."""
        return self.tellings.tell(act, what)

    def close(self) -> None:
        """Stop following."""
        self.tellings.close()
        self.watch.close()
        self.follow.close()
