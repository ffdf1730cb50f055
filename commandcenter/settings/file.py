"""Reads and writes a profile's `settings.toml`; a bad file prevents no start, and what a person wrote stays."""

import tomllib
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commandcenter.files.durable import replace_file
from commandcenter.settings.declared import DECLARED
from commandcenter.settings.folders import private_folder, profile_dir

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

    def __init__(self, folder: Path, values: dict[str, Any], troubles: list[SettingsTrouble]) -> None:
        self.folder = folder
        self.troubles = troubles
        self._values = values

    def __getitem__(self, key: str) -> Any:
        """Returns the value of the declared setting `key`, its default when the file has none."""
        return self._values.get(key, DECLARED[key].default)

    def put(self, key: str, value: str) -> SettingsTrouble | None:
        """Sets `value` and writes it into the file as a person left it; returns the problem, if any.

        Raises ValueError for an invalid value.
        """
        if not DECLARED[key].accepts(value):
            raise ValueError(f"{key} cannot be {value!r}")
        self._values[key] = value
        try:
            private_folder(self.folder)
            replace_file(self.folder / FILE, self._text_with(key).encode())
        except OSError as wrong:
            return SettingsTrouble("not_kept", wrong.strerror or str(wrong))
        return None

    def _text_with(self, key: str) -> str:
        """Returns the file's text with the value of `key`; of a file that is missing or unreadable, all values."""
        before = self.folder / FILE
        try:
            return _edited(before.read_bytes().decode(), {key: self._values[key]})
        except FileNotFoundError:
            pass
        except (ValueError, RecursionError):
            _aside(self.folder)
        return _edited("", self._values)


def open_settings(profile: str = "default", *, folder: Path | None = None) -> Settings:
    """Returns the settings of a profile; when the file is unreadable, the defaults, and the file is renamed."""
    where = folder or profile_dir(profile)
    try:
        flat = _flat(tomllib.loads((where / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Settings(where, {}, [])
    except (OSError, ValueError, RecursionError) as wrong:
        return Settings(where, {}, [SettingsTrouble("unreadable", _line(wrong), _aside(where))])
    good = {key: value for key, value in flat.items() if key in DECLARED and DECLARED[key].accepts(value)}
    bad = [key for key in flat if key in DECLARED and key not in good]
    return Settings(where, good, [SettingsTrouble("bad_value", key) for key in bad])


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


def _edited(text: str, values: Mapping[str, str]) -> str:
    """Returns the TOML `text` with these values, all else as it is; raises ValueError when it is not TOML."""
    import tomlkit  # imported late: the console starts without it

    document = tomlkit.parse(text)
    for key, value in values.items():
        *tables, name = key.split(".")
        at: MutableMapping[str, Any] = document
        for table in tables:
            if not isinstance(at.get(table), MutableMapping):
                at[table] = tomlkit.table()
            at = at[table]
        at[name] = value
    return tomlkit.dumps(document)
