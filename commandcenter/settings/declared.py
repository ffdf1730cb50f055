"""Declares every setting once; form, file, help and command-line options are derived from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `type` is str, bool or int; `choices` limit a str; with `restart` a change needs a restart.

    The screens translate `label_key` and `help_key`.
    """

    key: str
    type: type
    default: str | bool | int
    label_key: str
    help_key: str
    restart: bool = False
    choices: tuple[str, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether `value` is a valid value."""
        return type(value) is self.type and (not self.choices or value in self.choices)


def _setting(key: str, default: str | bool | int, *, restart: bool = False, choices: tuple[str, ...] = ()) -> Setting:
    name = key.replace(".", "_")
    return Setting(
        key, type(default), default, f"setting_{name}", f"setting_{name}_help", restart=restart, choices=choices
    )


DECLARED: dict[str, Setting] = {
    setting.key: setting
    for setting in (
        _setting("platform.url", "", restart=True),  # "": the embedded platform
        _setting("platform.data", "", restart=True),  # folder of the embedded platform; "": settings.folders.data_dir()
        _setting("district", ""),  # "": the district that the account belongs to
        _setting("language", "zh", choices=("zh", "en")),
        _setting("theme", "dark", choices=("dark", "light")),
        _setting("density", "comfortable", choices=("comfortable", "compact")),
    )
}
