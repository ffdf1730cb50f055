"""The grid of facts in the seat's size, larger than at the dispatcher's desk because it is read at arm's length."""

from ui.kit.labels.facts import Fact, Facts
from ui.kit.labels.label import Label
from ui.theme import font
from ui.theme.tokens import MEASURES


class SeatFacts(Facts):
    """The grid of facts at 15 pixels, with more space between its rows."""

    def __init__(self) -> None:
        super().__init__(label_width=84)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)

    def _weigh(self, value: Label, fact: Fact) -> None:
        value.setFont(font(MEASURES.section, bold=fact.strong))

    def _make_line(self) -> tuple[Label, Label]:
        label, value = Label(level="", tone="tx3"), Label(level="", wrap=True, selectable=True)
        for part in (label, value):
            part.setFont(font(MEASURES.section))
        return label, value
