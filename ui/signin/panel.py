"""The sign-in form: user, password, platform address; errors are shown below the field that they concern."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from commandcenter.sync.unavailable import Unavailable
from ui.kit.controls.buttons import KeyButton
from ui.kit.forms.form import Form
from ui.kit.labels.label import Label
from ui.kit.layouts import STRETCH, hbox, vbox
from ui.kit.seat.tasks import spawn
from ui.kit.texts.faults import fault
from ui.kit.texts.words import phrase
from ui.theme import mark

FIELD_OF = {
    "wrong_password": "password",
    "locked": "user",
    "no_demo_account": "user",
    "unreachable": "url",
    "certificate": "url",
    "bad_gateway": "url",
    "not_a_platform": "url",
    "newer_protocol": "url",
    "bad_address": "url",
}
WIDTH = 440


class SignInCard(QFrame):
    """A card over the window. `try_it(url, user, password)` signs in or raises Unavailable.

    Emits `done` after signing in, `left` when the user closes it.
    """

    done = Signal()
    left = Signal()

    def __init__(self, try_it: Callable[[str, str, str], Awaitable[None]], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._try_it = try_it
        mark(self, surface="dialog")
        self.setFixedWidth(WIDTH)
        self.form = Form(label_width=72)
        self.user, self.password, self.url = QLineEdit(), QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
        self.form.add("user", phrase("用户"), self.user, required=True)
        self.form.add("password", phrase("口令"), self.password, required=True)
        self.form.add("url", phrase("平台地址"), self.url, hint=phrase("留空用本机的演示平台"))
        self.go = KeyButton(phrase("登录"), key="↵", role="primary")
        self.later = KeyButton(phrase("先看已存的数据"), key="Esc", role="text")
        self.go.clicked.connect(lambda _on=False: self.submit())
        self.later.clicked.connect(lambda _on=False: self.left.emit())
        for edit in (self.user, self.password, self.url):
            edit.returnPressed.connect(self.submit)
        self._place()

    @property
    def has_input(self) -> bool:
        """Whether a name or a password stands in the form."""
        return bool(self.user.text() or self.password.text())

    def set_address(self, url: str) -> None:
        """Fills in the platform's address, unless the user has typed one."""
        if not self.url.isModified():
            self.url.setText(url)

    def ask(self, user: str = "") -> None:
        """Shows the form: `user` is filled in, the password never is."""
        self.user.setText(user or self.user.text())
        self.password.clear()
        self.form.show_errors({})
        self.show()
        self.raise_()
        (self.password if self.user.text() else self.user).setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Signs in with the fields' values, if they are complete and no attempt is under way."""
        if self.go.isEnabled() and self.form.check():
            spawn(self._submit(), name="sign in")

    def tell(self, error: Unavailable, *, focus: bool = True) -> None:
        """Shows an error below the field that it concerns, and moves the focus there unless `focus` is False."""
        name, said = FIELD_OF.get(error.code, "url"), fault(error.code, error.about)
        self.form.show_errors({name: said}) if focus else self.form.field(name).set_error(said)

    async def _submit(self) -> None:
        self.go.disable(phrase("正在登录"))
        try:
            await self._try_it(self.url.text().strip(), self.user.text().strip(), self.password.text())
        except Unavailable as error:
            if error.code == "wrong_password":
                self.password.clear()
            self.tell(error)
        else:
            self.password.clear()
            self.hide()
            self.done.emit()
        finally:
            self.go.allow()

    def _place(self) -> None:
        title = Label(phrase("登录调度台"), level="title")
        answers = hbox(None, self.later, STRETCH, self.go, spacing=-1)
        vbox(self, title, self.form, answers, margins=(24, 20, 24, 20), spacing=12)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keeps Tab within the card: widgets under the scrim must not get input."""
        stops = (self.user, self.password, self.url, self.go, self.later)
        if self.isHidden():  # Qt moves the focus on because the card is closing
            return super().focusNextPrevChild(forward)
        now = self.focusWidget()
        at = stops.index(now) if now in stops else -1
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(
            Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        )
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
