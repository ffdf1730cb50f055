"""The fields for the caller: name and telephone are sealed once complete, then wiped; only a mask is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QWidget

from commandcenter.sync.petitioner import Petitioner
from commandcenter.sync.unavailable import Unavailable
from ui.kit.controls.buttons import KeyButton
from ui.kit.controls.switches import Switch
from ui.kit.feedback.states import Picture
from ui.kit.labels.label import Label, Retranslated
from ui.kit.layouts import STRETCH, hbox, laid_out, stacked, vbox
from ui.kit.texts.words import phrase, say, word
from ui.theme import mark


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a Take carries of the petitioner: the vault's id and the sealed box; both None when nothing was entered."""

    petitioner: str | None = None
    box: str | None = None


class PetitionerBox(Retranslated, QWidget):
    """The fields for the caller; after sealing, nothing of the person but the mask is kept here.

    `seal` returns (id, sealed box) of a Petitioner or raises Unavailable.
    """

    def __init__(self, seal: Callable[[Petitioner], tuple[str, str]]) -> None:
        super().__init__()
        self._seal = seal
        self._sealed = Sealed()
        self.name, self.phone = QLineEdit(), QLineEdit()
        self.secret = Switch(phrase("要求保密"))
        self._mask, self._error = Label(), Label(level="label", tone="bad", wrap=True)
        self._again = KeyButton(phrase("重填"), role="link")
        self._lay()
        self.phone.editingFinished.connect(self._phone_done)
        self._again.clicked.connect(lambda _on=False: self.clear(keep_secret=True))

    @property
    def is_sealed(self) -> bool:
        """Whether a petitioner is sealed and waits for the case to be filed."""
        return self._sealed.petitioner is not None

    def take(self) -> Sealed | None:
        """Returns the sealed petitioner, sealing what is still typed; None when that fails, which is shown."""
        if not self.is_sealed and (self.name.text().strip() or self.phone.text().strip()):
            self.seal_now()
            return self._sealed if self.is_sealed else None
        return self._sealed

    def seal_now(self) -> None:
        """Seals what is typed, wipes the fields and shows a mask; on failure keeps the fields and shows why."""
        name, phone = self.name.text().strip(), self.phone.text().strip()
        try:
            self._sealed = Sealed(*self._seal(Petitioner(name=name, phone=phone)))
        except Unavailable as fault:
            self._tell(word("fault", fault.code).format(about=fault.about))
            return
        self._tell("")
        self._mask.set_words("  ".join(filter(None, (_masked_name(name), _masked_phone(phone)))))
        self._wipe()
        self._stack.setCurrentIndex(1)

    def clear(self, *, keep_secret: bool = False) -> None:
        """Forgets the petitioner; with `keep_secret` the switch for secrecy stays."""
        self._sealed = Sealed()
        self._wipe()
        self._tell("")
        self._mask.set_words("")
        self._stack.setCurrentIndex(0)
        if not keep_secret:
            self.secret.setChecked(False)

    def retell(self) -> None:
        self.name.setPlaceholderText(say("称呼"))
        self.phone.setPlaceholderText(say("电话，填完即密封"))
        self.name.setAccessibleName(say("称呼"))
        self.phone.setAccessibleName(say("电话"))

    def _phone_done(self) -> None:
        if self.phone.text().strip():
            self.seal_now()

    def _wipe(self) -> None:
        for field in (self.name, self.phone):
            field.setText("")  # unlike clear() it empties the undo stack, so nothing can be restored

    def _tell(self, wrong: str) -> None:
        self._error.set_words(wrong)
        self._error.setVisible(bool(wrong))
        mark(self.phone, state="error" if wrong else "")

    def _lay(self) -> None:
        fields = hbox(None, (self.name, 4), (self.phone, 5), spacing=8)
        shown = (Picture("lock", size=14), self._mask, Label(phrase("已密封"), level="label"), self._again)
        sealed = hbox(None, *shown, STRETCH, spacing=8)
        self._stack = stacked(None, laid_out(fields), laid_out(sealed))
        vbox(self, self._stack, self._error, spacing=6)
        self._error.hide()
        self.setFocusProxy(self.name)
        self.retell()


def _masked_name(name: str) -> str:
    return f"{name[0]}*" if name else ""


def _masked_phone(phone: str) -> str:
    digits = "".join(filter(str.isdigit, phone))
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 9 else "****" if phone else ""
