"""Reads and writes a profile's `settings.toml`; a bad file does not prevent the start, and nothing in it is lost."""

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commandcenter.files.durable import replace_file
from commandcenter.settings.declared import DECLARED
from commandcenter.settings.folders import private_folder, profile_dir
from commandcenter.settings.toml import to_toml

FILE = "settings.toml"


@dataclass(frozen=True, slots=True)
class SettingsTrouble:
    """A problem with the file: `code` (unreadable, bad_value, not_kept), and the key or the reason as `about`.

    `kept_aside` is the path that an unreadable file was renamed to.
    """

    code: str
    about: str
    kept_aside: Path | None = None


class Settings:
    """The settings of a profile by key; `folder` is the profile's folder, `troubles` the problems found on opening."""

    def __init__(
        self, folder: Path, values: dict[str, Any], rest: dict[str, Any], troubles: list[SettingsTrouble]
    ) -> None:
        self.folder = folder
        self.troubles = troubles
        self._values = values
        self._rest = rest

    def __getitem__(self, key: str) -> Any:
        """Returns the value of the declared setting `key`, its default when the file has none."""
        return self._values.get(key, DECLARED[key].default)

    def put(self, key: str, value: str | bool | int) -> SettingsTrouble | None:
        """Sets `value` and writes the file; returns the problem, if any. Raises ValueError for an invalid value."""
        if not DECLARED[key].accepts(value):
            raise ValueError(f"{key} cannot be {value!r}")
        self._values[key] = value
        return self.save()

    def save(self) -> SettingsTrouble | None:
        """Writes the file atomically, unknown keys included; returns the problem, if any."""
        whole = _nested({**self._rest, **self._values})
        try:
            private_folder(self.folder)
            replace_file(self.folder / FILE, to_toml(whole).encode())
        except OSError as wrong:
            return SettingsTrouble("not_kept", wrong.strerror or str(wrong))
        return None


def open_settings(profile: str = "default", *, folder: Path | None = None) -> Settings:
    """Returns the settings of a profile; when the file is unreadable, the defaults, and the file is renamed."""
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
    """Renames the unreadable file and returns its new path; never overwrites an earlier one."""
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
    """Returns nested tables as dotted keys; a table without any declared key stays one value."""
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
