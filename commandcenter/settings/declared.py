"""Declares every setting of a profile once: its default and the values it may have."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: a text, one of `choices` if there are any."""

    default: str
    choices: tuple[str, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether `value` is a valid value."""
        return isinstance(value, str) and (not self.choices or value in self.choices)


DECLARED = {
    "platform.url": Setting(""),  # "": the embedded platform
    "platform.data": Setting(""),  # folder of the embedded platform; "": settings.folders.data_dir()
    "district": Setting(""),  # "": the district that the account belongs to
    "language": Setting("zh", choices=("zh", "en")),
    "theme": Setting("dark", choices=("dark", "light")),
    "density": Setting("comfortable", choices=("comfortable", "compact")),
}
