"""The world's faults in words: what happened, what was kept, what to do; one sentence a code."""

from dataclasses import dataclass

from ui.kit.words import say, terms, word


def fault(code: str, about: str = "") -> str:
    """The sentence for the fault `code`; `about` is what it concerns (an address, a folder, a user)."""
    known = word("fault", code)
    if known == code:
        return say("没有做成（{code} {about}）。已存的都还在，请重试；仍不行请联系平台管理员。", code=code, about=about)
    return known.replace("{about}", about)


def fault_in_both(code: str, about: str = "") -> str:
    """The sentence in both languages, for a terminal, before anybody could choose one."""
    known = terms()["fault"][code]
    return f"{known['zh']} · {known['en']}".replace("{about}", about)


def fault_name(code: str) -> str:
    """The fault in a few words, for the status bar; what only the platform has a name for is its refusal."""
    if word("fault", code) == code and code:
        return say("平台没有收下（{code}）", code=code[:24])
    return word("fault", code, short=True).replace("{about}", "").strip("，。 ")[:24]


@dataclass(frozen=True, slots=True)
class Why:
    """What the platform gave as its reason, which may be one of its refusals or a fault; ``str()`` says it in words."""

    code: str

    def __str__(self) -> str:
        refusal = word("refusal", self.code or "unknown")
        return fault_name(self.code) if refusal == self.code else refusal
