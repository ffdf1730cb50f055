"""Texts of fault codes: what happened, what was kept and what to do."""

from dataclasses import dataclass

from ui.kit.texts.words import say, terms, word


def fault(code: str, about: str = "") -> str:
    """Returns the sentence for fault `code`; `about` is what it concerns (an address, a folder, a user).

    An unknown code gives a general sentence that contains the code.
    """
    known = word("fault", code)
    if known == code:
        return say("没有做成（{code} {about}）。已存的都还在，请重试；仍不行请联系平台管理员。", code=code, about=about)
    return known.replace("{about}", about)


def fault_in_both(code: str, about: str = "") -> str:
    """Returns the sentence in Chinese and English, for a terminal before a language is chosen.

    Raises KeyError for an unknown code.
    """
    known = terms()["fault"][code]
    return f"{known['zh']} · {known['en']}".replace("{about}", about)


def fault_name(code: str) -> str:
    """Returns a short name of the fault for the status bar; an unknown code is shown as a refusal by the platform."""
    if word("fault", code) == code and code:
        return say("平台没有收下（{code}）", code=code[:24])
    return word("fault", code, short=True).replace("{about}", "").strip("，。 ")[:24]


@dataclass(frozen=True, slots=True)
class Why:
    """A reason given by the platform, the code of a refusal or of a fault; ``str()`` returns its text."""

    code: str

    def __str__(self) -> str:
        refusal = word("refusal", self.code or "unknown")
        return fault_name(self.code) if refusal == self.code else refusal
