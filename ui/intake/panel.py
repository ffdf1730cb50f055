"""The panel 受理登记: form and findings; nothing typed is lost when filing is refused, offline, or the panel hidden."""

from __future__ import annotations

import secrets
from contextlib import suppress

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QWidget
from shiboken6 import isValid

from commandcenter.domain.commands import Take
from commandcenter.domain.decisions import Refused
from commandcenter.domain.ids import uuid7
from commandcenter.domain.places import Spot
from commandcenter.store.touched import Touched
from commandcenter.sync.queries import PlacesQuery
from commandcenter.sync.unavailable import Unavailable
from ui.intake.draft import Draft
from ui.intake.findings import Findings
from ui.intake.form import IntakeForm
from ui.intake.grid_lookup import GridLookup
from ui.intake.lookup import Lookup
from ui.intake.who import Sealed
from ui.kit.controls.buttons import IconButton, KeyButton
from ui.kit.labels.label import Label, Retranslated, line
from ui.kit.layouts import STRETCH, hbox, laid_out, vbox
from ui.kit.panels.scroll import Scrolled
from ui.kit.seat.context import SeatContext
from ui.kit.seat.follow import Follow
from ui.kit.seat.tasks import spawn
from ui.kit.texts.names import name
from ui.kit.texts.words import phrase, word
from ui.theme import colour, filled, mark

NAME = "intake"  # this panel's name as the chooser in the focus
WARMING = 10  # milliseconds between two small steps of preparing the address completion
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
FORM, FOUND, TALL = 492, 320, 764  # pixels
FIELD_REFUSALS = frozenset({"nothing_said", "too_long", "personal_number"})  # refusals whose `about` is the field
FIELD_OF = {
    "unknown_kind": "kind",
    "unknown_street": "street",
    "other_street": "street",
    "unknown_community": "place",
    "other_community": "place",
    "unknown_grid": "place",
    "other_grid": "place",
    "off_the_map": "place",
}


class IntakePanel(Retranslated, QWidget):
    """The intake form with its findings; call `place_at` with clicks on the map.

    `pinned(spot or None)` asks to show or remove the pin; `filed(case id)` when the command was kept; `closed` when
    the panel is hidden, with its content.
    """

    pinned = Signal(object)
    filed = Signal(str)
    closed = Signal()

    def __init__(self, seat: SeatContext, *, follow: Follow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seat, self._follow, self._board = seat, follow, seat.desk.board
        self._grids = GridLookup({})
        self._is_filing = False
        self.form = IntakeForm(self._board, seat.desk.seal)
        self.findings = Findings()
        self._beside = line("v")
        self._note = Label(level="label")
        self._primary = KeyButton(phrase("登记"), key="Ctrl ↵", role="primary")
        self._see = KeyButton("", key="↵", role="primary")
        self._see.hide()
        self._draft = Draft(seat, self.form, self._note)
        self.lookup = Lookup(seat, self.form, self.findings)
        self._warming = QTimer(self, interval=WARMING, singleShot=True)
        self._lay()
        self._wire()

    def start(self) -> None:
        """Makes the form ready to type: fills the choices, fetches the grids, restores the draft, sets the focus."""
        desk = self._seat.desk
        self.form.fill_channels(desk.person)
        self.form.where.refresh()
        code = desk.why_not("take", None)
        self._primary.disable(word("refusal", code)) if code else self._primary.allow()
        self.lookup.look()
        self._warming.start()
        self.form.who.setFocus()
        spawn(self._prepare(), name="grids for the intake form", shown_by=self)

    def place_at(self, lon: float, lat: float) -> None:
        """Sets the spot (WGS 84 degrees); the grid that contains it gives the street."""
        self.form.where.place_at(Spot(lon, lat), self._grids.at(lon, lat))

    def file(self) -> None:
        """Files the case, or shows at the fields what is missing."""
        if not self._is_filing and self._primary.isEnabled():
            self._is_filing = True  # before the task begins: a key that a field ignores may come twice
            spawn(self._file(), name="take a case")

    def go_on(self) -> None:
        """Files the case, or shows the one that it certainly is: then only `file` takes a new one."""
        self.lookup.look()
        known = self.findings.certain()
        self.file() if known is None else self.findings.wanted.emit(known.case)

    def clear(self) -> None:
        """Clears the form and deletes its draft."""
        self.form.clear()
        self.lookup.reset()
        self._draft.drop()

    def put_away(self) -> None:
        """Hides the panel; what is typed stays."""
        self.hide()
        self.closed.emit()

    def close_following(self) -> None:
        """Disconnects from the board and stops all timers."""
        self._follow.second.disconnect(self._turn)
        self._follow.touched.disconnect(self._refill)
        self.lookup.stop()
        self._draft.stop()
        self._warming.stop()

    def retell(self) -> None:
        self.lookup.look()

    def _refill(self, touched: Touched) -> None:
        """Fills the choices again when streets or channels arrive: at a first start they are not there yet.

        An emptied board changes no choice, because its records come back.
        """
        is_there = any(True for _ in self._board.all("street"))
        if is_there and (touched.concerns("street") or touched.concerns("channel")):
            self.form.fill_channels(self._seat.desk.person)
            self.form.where.refresh()
            self._warming.start()

    async def _file(self) -> None:
        try:
            await self._take()
        finally:
            self._is_filing = False

    async def _take(self) -> None:
        self.lookup.look()
        errors = self.form.errors()
        self._show_errors(errors)
        sealed = None if errors else self.form.who.take()
        if sealed is None:
            return
        command = self._command(sealed)
        done = await self._seat.desk.do(command)
        if isinstance(done, Refused):
            self._refuse(done)
            return
        self._seat.tell_act(done, phrase("{kind} 已登记", kind=name(self._board, "kind", command.kind)))
        if isValid(self):  # another user may have taken the seat meanwhile
            self.clear()
            self._seat.focus.choose(command.case, by=NAME)
            self.filed.emit(command.case)
            self.form.who.setFocus()

    def _command(self, sealed: Sealed) -> Take:
        form, where = self.form, self.form.where
        now = self._seat.desk.now()
        assert form.kind.kind is not None
        return Take(
            case=uuid7(int(now.timestamp() * 1000), secrets.token_bytes(10)),
            channel=str(form.channel.currentData() or ""),
            kind=form.kind.kind.id,
            text=form.said(),
            place=where.words(),
            street=where.chosen_street(),
            community=where.community,
            grid=where.grid,
            spot=where.spot,
            external=form.external.text().strip() or None,
            secret=form.who.secret.isChecked(),
            petitioner=sealed.petitioner,
            sealed=sealed.box,
        )

    def _refuse(self, refused: Refused) -> None:
        said = word("refusal", refused.code)
        field = refused.about if refused.code in FIELD_REFUSALS else FIELD_OF.get(refused.code, "")
        if isValid(self) and field in ("place", "street", "text", "kind", "external"):
            self._show_errors({field: said})
        self._seat.tell(phrase("没有登记：{why}。填写的都在。", why=said), "bad")

    def _show_errors(self, errors: dict[str, str]) -> None:
        """Shows errors at their fields, the first of them in sight."""
        wrong = self.form.show_errors(errors)
        if wrong is not None:
            self._scroll.ensureWidgetVisible(wrong)

    async def _prepare(self) -> None:
        if not self._grids:
            with suppress(Unavailable):  # fetched again at the next opening; the street can be chosen by hand
                self._grids = GridLookup(await self._seat.desk.ask(PlacesQuery("grids")))
        await self._draft.restore()

    def _warm(self) -> None:
        if self.form.where.warm():
            self._warming.start()

    def _turn(self) -> None:
        if self.isVisible():
            self.lookup.turn()

    def _wire(self) -> None:
        self._follow.second.connect(self._turn)
        self._follow.touched.connect(self._refill)
        self._warming.timeout.connect(self._warm)
        self.form.entered.connect(self.go_on)
        self.form.filed.connect(self.file)
        self.form.where.pinned.connect(self.pinned)
        self.findings.wanted.connect(lambda key: self._seat.focus.choose(key, by=NAME))
        self.findings.found.connect(self._offer)
        self._see.clicked.connect(lambda _on=False: self.go_on())
        self._primary.clicked.connect(lambda _on=False: self.file())

    def _offer(self) -> None:
        """Offers to see the case that this one certainly is before all else, and to file it anew beside that."""
        known = self.findings.certain()
        self._see.set_words("" if known is None else phrase("已有此案，看 {number}", number=known.number))
        self._see.setVisible(known is not None)
        self._primary.set_words(phrase("登记") if known is None else phrase("另立新案"))
        self._primary.set_role("primary" if known is None else "secondary")

    def stand_narrow(self, is_narrow: bool) -> None:
        """Puts the findings beneath the fields, or beside them; they scroll together."""
        self.form.stand_close(is_narrow)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._body.setDirection(down if is_narrow else across)
        self._body.setStretchFactor(self.form, 0 if is_narrow else FORM)
        self._beside.setVisible(not is_narrow)

    def _lay(self) -> None:
        filled(self, surface="bg1")
        self._body = hbox(None, (self.form, FORM), self._beside, (self.findings, FOUND))
        self._scroll = Scrolled(mark(laid_out(self._body), surface="bg1"), phrase("受理登记"))
        vbox(self, self._head(), (self._scroll, 1), self._foot(), margins=(1, 1, 1, 1))
        self.stand_narrow(False)

    def _head(self) -> QWidget:
        head = filled(QWidget(), surface="bg2")
        head.setFixedHeight(40)
        away = IconButton("minus", phrase("收起，填写的都留着"), key="Esc")
        away.clicked.connect(lambda _on=False: self.put_away())
        title = Label(phrase("受理登记"), level="section")
        hbox(head, title, STRETCH, self._note, away, margins=(14, 0, 8, 0), spacing=10)
        return head

    def _foot(self) -> QWidget:
        foot = filled(QWidget(), surface="bg2")
        foot.setFixedHeight(48)
        drop = KeyButton(phrase("清空"), role="text")
        drop.clicked.connect(lambda _on=False: self.clear())
        hbox(foot, self._see, self._primary, STRETCH, drop, margins=(16, 0, 16, 0), spacing=8)
        return foot

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        elif event.key() in _ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.file()  # Enter alone belongs to the one-line fields, which emit `entered`
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.pinned.emit(self.form.where.spot)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(colour("ac"), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
