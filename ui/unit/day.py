"""The seat's day 今日: what was accepted, reported and given back since midnight, how fast, in how much time."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit.labels.label import Label, line
from ui.kit.layouts import hbox, vbox
from ui.kit.texts import times
from ui.kit.texts.words import Words, phrase, term
from ui.theme import filled

TITLES = {
    "accepted": term("fact", "accepted"),
    "speed": phrase("派遣到签收，中位"),
    "reported": term("fact", "reported"),
    "worked": phrase("承办用时，各案合计"),
    "returned": phrase("今日退回"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """Counts since midnight; `speed` is the median of the seconds from dispatch to acceptance, None without any.

    `worked` are the working seconds that the seat's body carried its cases, all added up, as far as a step has ended
    them.
    """

    accepted: int
    speed: float | None
    reported: int
    on_time: int
    worked: float
    returned: int


class DayStrip(QWidget):
    """A strip of five figures, each under its name."""

    def __init__(self) -> None:
        super().__init__()
        filled(self, surface="bg2")
        self._figures = {key: Label(level="title") for key in TITLES}
        self._notes = {key: Label(level="label") for key in ("reported", "returned")}
        row = hbox(margins=(24, 12, 24, 12))
        row.addWidget(Label(phrase("本席今日"), level="label"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(24)
        for key, title in TITLES.items():
            row.addWidget(line("v"))
            row.addSpacing(20)
            row.addLayout(self._figure(key, title), 1)
        vbox(self, line("h", strong=True), row)

    def show_day(self, day: DayFigures | None, *, returning: int, working_day: float) -> None:
        """Shows these figures, None: not known; `returning` applications for a return wait for an answer now.

        `working_day` is the length of a working day in seconds.
        """
        said = dict.fromkeys(TITLES, times.UNKNOWN)
        if day is not None:
            said |= {key: f"{getattr(day, key):,}" for key in ("accepted", "reported", "returned")}
            said |= {} if day.speed is None else {"speed": times.span(day.speed)}
            worked = times.span(day.worked, day=int(working_day))
            said |= {"worked": worked} if day.worked else {}  # no step has ended anything yet
        for key, words in said.items():
            self._figures[key].set_words(words)
        on_time = phrase("按时 {n}", n=f"{day.on_time:,}") if day is not None and day.reported else ""
        self._notes["reported"].set_words(on_time)
        self._notes["returned"].set_words(phrase("待答 {n}", n=f"{returning:,}") if returning else "")

    def _figure(self, key: str, title: Words) -> QVBoxLayout:
        beneath = hbox(None, self._figures[key], spacing=8)
        if key in self._notes:
            beneath.addWidget(self._notes[key], 0, Qt.AlignmentFlag.AlignBottom)
        beneath.addStretch(1)
        return vbox(None, Label(title, level="label"), beneath, spacing=2)
