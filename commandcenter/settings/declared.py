"""Declares every setting of a profile once: its default and the values it may have."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: a text, one of `choices` if there are any, that matches `pattern` as a whole."""

    default: str
    choices: tuple[str, ...] = ()
    pattern: str = ".*"

    def accepts(self, value: object) -> bool:
        """Whether `value` is a valid value."""
        if not isinstance(value, str) or (self.choices and value not in self.choices):
            return False
        return re.fullmatch(self.pattern, value, re.DOTALL) is not None


_TIME = r"([01]\d|2[0-3]):[0-5]\d"

DECLARED = {
    "platform.url": Setting(""),  # "": the embedded platform
    "platform.data": Setting(""),  # folder of the embedded platform; "": settings.folders.data_dir()
    "district": Setting(""),  # "": the district that the account belongs to
    "language": Setting("zh", choices=("zh", "en")),
    "theme": Setting("dark", choices=("dark", "light")),
    "density": Setting("comfortable", choices=("comfortable", "compact")),
    "attention.sound": Setting("notice", choices=("notice", "important", "urgent", "none")),  # the lowest level heard
    "attention.quiet": Setting("", pattern=f"({_TIME}-{_TIME})?"),  # hours without any sound: "22:00-07:00"
    "shifts": Setting("08:00 16:00 00:00", pattern=f"{_TIME}( {_TIME})*"),  # when the hall's shifts begin
}
