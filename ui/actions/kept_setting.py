"""Keeps what the user chose in the settings, and says so when that fails."""

from typing import TYPE_CHECKING

from ui.actions.context import UiContext
from ui.kit.texts.words import Words, phrase

if TYPE_CHECKING:
    from commandcenter.settings.file import Settings, SettingsTrouble


def keep_setting(settings: "Settings", seat: UiContext, name: str, value: str) -> None:
    """Saves a setting; shows a toast when it could not be written to disk, and applies for now only."""
    trouble = settings.put(name, value)
    if trouble is not None:
        seat.tell(setting_not_saved(trouble), "warn")


def setting_not_saved(trouble: "SettingsTrouble") -> Words:
    """Returns the warning that a chosen setting applies, but could not be written to disk."""
    return phrase(
        "这个选择没有存下（{why}）。现在照用，下次启动恢复原样；请看档案文件夹的权限和空间。", why=trouble.about
    )
