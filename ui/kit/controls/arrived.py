"""The button over a list that holds new rows back."""

from ui.kit.controls.buttons import KeyButton
from ui.kit.texts.words import phrase


class ArrivedButton(KeyButton):
    """Says how many rows have arrived, and is hidden while none has; a click lets them in."""

    def __init__(self) -> None:
        super().__init__(role="link", image="arrow-up")
        self.hide()

    def count(self, arrived: int) -> None:
        """Shows how many rows have arrived."""
        self.set_words(phrase("新到 {n} 条，暂未插入", n=arrived))
        self.setVisible(arrived > 0)
