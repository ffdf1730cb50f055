"""A person at the desk who does by keyboard what the seat offers, in no particular order, and looks around."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from commandcenter.demonstration.tour_steps import cases, order
from commandcenter.domain.cases import Case
from commandcenter.domain.commands import STEPS
from commandcenter.domain.people import Role
from ui.tour.playing import WindowPlayer

TEXTS = ("现场已看，按职责办理。", "需其他单位配合。", "已处理完毕，照片两张。")
MOMENT, MOMENT_HINT, LIST_HINT = "30分", "15:00", "拼音"
AFTER = 0.1  # seconds until a dialog has closed, or says what is missing
TRIES = 5  # of an answer, before the dialog is left
ROOMS = ("F3", "F10", "F6", "F7", "F8", "F9", "F4", "Ctrl+1")
AROUND = ("Alt+Down", "Alt+Up", "Down", "Up", "Return", "W", "F5")


class Hand:
    """Works at the window of `play`; `done` counts the steps given by name, `left` the dialogs left unanswered."""

    def __init__(self, play: WindowPlayer, chance: random.Random) -> None:
        self._play, self._chance = play, chance
        self.done: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self._ways: dict[Callable[[], Awaitable[None]], int] = {
            self._step: 60,
            self._send_proposed: 10,
            self._look_into_rooms: 10,
            self._look_around: 10,
            self._say: 6,
            self._search: 4,
            self._change_appearance: 1,
        }

    async def turn(self) -> None:
        """Does one thing."""
        (way,) = self._chance.choices(list(self._ways), list(self._ways.values()))
        await way()
        await self._leave("turn")

    async def _step(self) -> None:
        """Gives a chosen case one of the steps that the seat offers for it."""
        case = self._case()
        if case is None:
            return
        name = self._chance.choice(self._offered(case))
        self._play.choose(case.id)
        await self._play.press("Ctrl+1")
        self._play.choose(case.id)
        before = self._newest()
        await self._play.press(STEPS[name].entry.key)
        await self._answer(name)
        self.done[name] += self._newest() > before

    async def _send_proposed(self) -> None:
        """In the room of the seat gives a case to whom the platform proposes first."""
        case, person = self._case(), self._play.desk.person
        if case is None or person is None:
            return
        await self._play.press("F10" if person.role is Role.COORDINATOR else "F3")
        self._play.choose(case.id)
        await self._play.press("1")
        await self._answer("proposed")
        await self._play.press("Ctrl+1")

    async def _look_into_rooms(self) -> None:
        await self._play.press(self._chance.choice(ROOMS), *self._chance.choices(AROUND, k=3), "Ctrl+1")

    async def _look_around(self) -> None:
        await self._play.press(*self._chance.choices(AROUND, k=5))

    async def _say(self) -> None:
        """Gives a step by the command line, whatever it answers."""
        case = self._case()
        if case is not None:
            verb = STEPS[self._chance.choice(self._offered(case))].entry.verb
            target = self._chance.choice(("cg", "住建", TEXTS[0]))
            await order(self._play, f"{verb} {(case.number or '')[-5:]} {target}")
            await self._leave("command line")

    async def _search(self) -> None:
        await self._play.press("Ctrl+F")
        await self._play.type(self._chance.choice(("积水", "望湖", "00", "wh")))
        await self._play.press("Down", self._chance.choice(("Return", "Escape")))

    async def _change_appearance(self) -> None:
        await self._play.press("Ctrl+Shift+T", "Ctrl+Shift+L", "Ctrl+Shift+L", "Ctrl+Shift+T")

    def _newest(self) -> int:
        """Returns the number of the act that was given last at this console; 0 without one."""
        acts = self._play.desk.acts
        return max((act.cseq for act in (*acts.open, *acts.recent)), default=0)

    def _case(self) -> Case | None:
        offered = [case for case in cases(self._play.desk) if self._offered(case)]
        return self._chance.choice(offered) if offered else None

    def _offered(self, case: Case) -> list[str]:
        """Returns the steps with a key that the seat offers for the case."""
        return [name for name in self._play.desk.may(case) if name in STEPS]

    async def _answer(self, name: str) -> None:
        """Answers the dialog, if one opened, with what its field in front asks for."""
        for _ in range(TRIES):
            if not self._play.said("dialog"):
                return
            hint = _hint(QApplication.focusWidget())
            if LIST_HINT in hint:
                await self._play.press(*("Down",) * self._chance.randrange(3))
            elif hint:
                await self._play.type(MOMENT if MOMENT_HINT in hint else self._chance.choice(TEXTS))
            await self._play.press("Ctrl+Return")
            await asyncio.sleep(AFTER)
        await self._leave(name)

    async def _leave(self, name: str) -> None:
        """Leaves what lies over the window."""
        self.left[name] += bool(self._play.said("dialog"))
        for _ in range(TRIES):
            if self._play.said("dialog") or QApplication.activePopupWidget() is not None or self._play.said("command"):
                await self._play.press("Escape")


def _hint(field: QWidget | None) -> str:
    """Returns what an empty field says of itself; "" of a full one, and of what is no field."""
    if not isinstance(field, (QLineEdit, QPlainTextEdit)):
        return ""
    text = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
    return "" if text else field.placeholderText() or field.accessibleName() or "…"
