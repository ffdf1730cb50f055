"""The seat's day 今日: what was accepted and reported since midnight, how fast, in how much time, and open returns."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit.labels.label import Label, line
from ui.kit.layouts import hbox, vbox
from ui.kit.texts import times
from ui.kit.texts.words import Words, phrase
from ui.theme import filled

TITLES = {
    "accepted": phrase("签收"),
    "speed": phrase("派遣到签收，中位"),
    "reported": phrase("反馈"),
    "worked": phrase("承办用时"),
    "returning": phrase("退回待答"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """Counts since midnight; `speed` is the median of the seconds from dispatch to acceptance, None without any.

    `worked` are the working seconds that the seat's body carried cases, as far as a step has ended them.
    """

    accepted: int
    speed: float | None
    reported: int
    on_time: int
    worked: float


class DayStrip(QWidget):
    """A strip of five figures, each under its name."""

    def __init__(self) -> None:
        super().__init__()
        filled(self, surface="bg2")
        self._figures = {key: Label(level="title") for key in TITLES}
        self._on_time = Label(level="label")
        row = hbox(margins=(24, 12, 24, 12))
        row.addWidget(Label(phrase("本席今日"), level="label"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(24)
        for key, title in TITLES.items():
            row.addWidget(line("v"))
            row.addSpacing(20)
            row.addLayout(self._figure(key, title), 1)
        vbox(self, line("h", strong=True), row)

    def show_day(self, day: DayFigures | None, *, returning: int) -> None:
        """Shows these figures, None: not known; `returning` applications for a return wait for an answer now."""
        said = dict.fromkeys(TITLES, times.UNKNOWN) | {"returning": f"{returning:,}"}
        if day is not None:
            said |= {"accepted": f"{day.accepted:,}", "reported": f"{day.reported:,}"}
            said |= {} if day.speed is None else {"speed": times.span(day.speed)}
            said |= {"worked": times.span(day.worked)}
        for key, words in said.items():
            self._figures[key].set_words(words)
        self._on_time.set_words(phrase("按时 {n}", n=f"{day.on_time:,}") if day is not None and day.reported else "")

    def _figure(self, key: str, title: Words) -> QVBoxLayout:
        beneath = hbox(None, self._figures[key], spacing=8)
        if key == "reported":
            beneath.addWidget(self._on_time, 0, Qt.AlignmentFlag.AlignBottom)
        beneath.addStretch(1)
        return vbox(None, Label(title, level="label"), beneath, spacing=2)
