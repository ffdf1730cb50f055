"""A seat context around a fake desk that records the notifications shown to the user."""

from PySide6.QtWidgets import QWidget

from commandcenter.store.overlay import Act
from tests.kit.fake_desk import FakeDesk
from ui.kit.seat.focus import Focus
from ui.kit.texts.words import Words, word


class FakeHall:
    """Implements ui.kit.seat.context.SeatContext; `told` holds (text, tone) of each notification."""

    def __init__(self, desk: FakeDesk, window: QWidget | None = None) -> None:
        self.desk = desk
        self.focus = Focus()
        self.window = window
        self.told: list[tuple[str, str]] = []

    def over(self, window: QWidget) -> "FakeHall":
        return self

    def tell(self, text: Words, tone: str = "ok") -> None:
        self.told.append((str(text), tone))

    def tell_act(self, act: Act, what: Words) -> None:
        self.told.append((f"{what}，{word('delivery', act.delivery.name.lower())}", "ok"))
