"""The settings of a profile in `settings.toml`: a bad file never stops the start, and nothing in it is lost."""

import os
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commandcenter.settings.declared import DECLARED
from commandcenter.settings.folders import own, profile_dir
from commandcenter.settings.toml import written

FILE = "settings.toml"


@dataclass(frozen=True, slots=True)
class SettingsTrouble:
    """What was wrong with the file: `code` (unreadable, bad_value, not_kept), the key or reason, where it was put."""

    code: str
    about: str
    kept_aside: Path | None = None


class Settings:
    """Values by key; `folder` is the profile's, `troubles` what was wrong when it was opened."""

    def __init__(
        self, folder: Path, values: dict[str, Any], rest: dict[str, Any], troubles: list[SettingsTrouble]
    ) -> None:
        self.folder = folder
        self.troubles = troubles
        self._values = values
        self._rest = rest

    def __getitem__(self, key: str) -> Any:
        """The value of the declared setting `key`; its default when the file does not say."""
        return self._values.get(key, DECLARED[key].default)

    def put(self, key: str, value: str | bool | int) -> SettingsTrouble | None:
        """Choose `value` and write the file; ValueError for one that the setting does not accept."""
        if not DECLARED[key].accepts(value):
            raise ValueError(f"{key} cannot be {value!r}")
        self._values[key] = value
        return self.save()

    def save(self) -> SettingsTrouble | None:
        """Write the file, whole or not at all, with what this version does not know; the trouble, if there was one."""
        whole = _nested({**self._rest, **self._values})
        new = self.folder / f"{FILE}.new"
        try:
            own(self.folder)
            new.touch(mode=0o600)
            with new.open("w", encoding="utf-8") as out:
                out.write(written(whole))
                out.flush()
                os.fsync(out.fileno())  # or a power cut leaves the new name with nothing behind it
            os.replace(new, self.folder / FILE)
        except OSError as wrong:
            return SettingsTrouble("not_kept", wrong.strerror or str(wrong))
        return None


def open_settings(profile: str = "default", *, folder: Path | None = None) -> Settings:
    """The settings of a profile; of a file that cannot be read, the defaults, and the file under another name."""
    where = folder or profile_dir(profile)
    try:
        flat = _flat(tomllib.loads((where / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Settings(where, {}, {}, [])
    except (OSError, ValueError, RecursionError) as wrong:
        return Settings(where, {}, {}, [SettingsTrouble("unreadable", _line(wrong), _aside(where))])
    good = {key: value for key, value in flat.items() if key in DECLARED and DECLARED[key].accepts(value)}
    bad = [key for key in flat if key in DECLARED and key not in good]
    rest = {key: value for key, value in flat.items() if key not in DECLARED}
    return Settings(where, good, rest, [SettingsTrouble("bad_value", key) for key in bad])


def _aside(folder: Path) -> Path | None:
    """The broken file's new place; an earlier one is not overwritten."""
    for number in range(1, 100):
        place = folder / f"{FILE}.broken-{number}"
        if not place.exists():
            with suppress(OSError):
                return (folder / FILE).rename(place)
            return None
    return None


def _line(wrong: Exception) -> str:
    return str(wrong).splitlines()[0][:200] if str(wrong) else type(wrong).__name__


def _flat(tree: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Tables as dotted keys; a table of which no key is declared stays one value."""
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        key = f"{before}{name}"
        if isinstance(value, dict) and any(known.startswith(f"{key}.") for known in DECLARED):
            flat |= _flat(value, f"{key}.")
        else:
            flat[key] = value
    return flat


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in flat.items():
        *tables, name = key.split(".") if key in DECLARED or _is_in_table(key) else [key]
        at = tree
        for table in tables:
            at = at.setdefault(table, {})
        at[name] = value
    return tree


def _is_in_table(key: str) -> bool:
    return any(known.partition(".")[0] == key.partition(".")[0] and "." in known for known in DECLARED)
