"""Toasts of acts: each follows its act from kept to done, and acts that come back to the user are announced once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from commandcenter.store.overlay import Act, Delivery
from ui.kit.case_parts.deliveries import KEY, glyph_of, own_acts_needing_decision
from ui.kit.controls.buttons import NextStep
from ui.kit.feedback.toasts import Toast, Toasts
from ui.kit.texts.words import Words, phrase, term
from ui.status.watch import StatusWatch

if TYPE_CHECKING:
    from commandcenter.sync.desk import Desk

GLANCE, KEPT, ASKING = 4, 8, 20  # seconds that a toast stays: act done, on its way, needs the user


class ActToasts(QObject):
    """The toasts of one seat's acts; `asked` carries the id of an act that the user wants to open."""

    asked = Signal(str)

    def __init__(self, desk: Desk, watch: StatusWatch, toasts: Toasts) -> None:
        super().__init__()
        self._desk, self._toasts, self._watch = desk, toasts, watch
        self._followed: dict[str, tuple[Toast, Words, Delivery]] = {}
        self._asking: set[Toast] = set()  # the announcement on the screen, if one is
        self._is_heeded = False
        self._known = {act.cmd_id for act in own_acts_needing_decision(self._desk)}
        watch.changed.connect(self._look)

    def tell(self, act: Act, what: Words) -> Toast:
        """Shows that `what` was done and its delivery state; the toast changes with the act."""
        now = self._now(act.cmd_id) or act
        toast = self._toasts.tell(_said(what, now.delivery), seconds=KEPT)
        toast.retell(_said(what, now.delivery), shape=glyph_of(now.delivery), seconds=_seconds(now.delivery))
        self._followed[act.cmd_id] = (toast, what, now.delivery)
        toast.gone.connect(lambda: self._followed.pop(act.cmd_id, None))
        return toast

    def mute(self, on: bool) -> None:
        """Suppresses announcements while the user has the needs-you room open (`on`)."""
        self._is_heeded = on
        if on:
            self._withdraw()

    def close(self) -> None:
        """Stops following."""
        self._watch.changed.disconnect(self._look)

    def _look(self) -> None:
        for cmd_id, (toast, what, before) in tuple(self._followed.items()):
            act = self._now(cmd_id)
            if act is not None and act.is_dropped:
                toast.dismiss()
            elif act is not None and act.delivery is not before:
                self._followed[cmd_id] = (toast, what, act.delivery)
                step = self._step(cmd_id) if act.delivery is Delivery.NEEDS_YOU else None
                said = _said(what, act.delivery)
                toast.retell(said, shape=glyph_of(act.delivery), seconds=_seconds(act.delivery), step=step)
        self._ask()

    def _ask(self) -> None:
        """Announces, in one toast, all acts that need the user now and have no toast of their own."""
        needing = {act.cmd_id for act in own_acts_needing_decision(self._desk)}
        fresh = needing - self._known - set(self._followed)
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

    def _now(self, cmd_id: str) -> Act | None:
        """Returns the act in its present state, open or ended."""
        open_one = self._desk.acts.find(cmd_id)
        ended = (act for act in reversed(self._desk.acts.recent) if act.cmd_id == cmd_id)
        return open_one if open_one is not None else next(ended, None)


def _said(what: Words, delivery: Delivery) -> Words:
    return phrase("{what}，{word}", what=what, word=term("delivery", KEY[delivery]))


def _seconds(delivery: Delivery) -> int:
    return {Delivery.DONE: GLANCE, Delivery.NEEDS_YOU: ASKING}.get(delivery, KEPT)
