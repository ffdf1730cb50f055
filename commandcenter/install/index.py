"""Reads the user's package sources from pip's settings, as pip does, and translates them for uv."""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

PIP_SOURCES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX")
UV_SOURCES = (
    ("UV_DEFAULT_INDEX", "index-url", " "),
    ("UV_INDEX", "extra-index-url", " "),
    ("UV_FIND_LINKS", "find-links", ","),
    ("UV_INSECURE_HOST", "trusted-host", " "),
    ("SSL_CERT_FILE", "cert", " "),
    ("UV_HTTP_TIMEOUT", "timeout", " "),
    ("ALL_PROXY", "proxy", " "),
)
FORMER_NAMES = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}  # uv's former names


def uv_environment(env: Mapping[str, str], wheelhouse: str | None = None) -> dict[str, str]:
    """Returns `env` for uv: the user's settings for uv stand, those for pip alone are translated.

    A configuration file for uv replaces the translation. With `wheelhouse` all package sources are removed.
    """
    told = {name: value for name, value in env.items() if name not in ("PYTHONPATH", "PYTHONHOME", "UV_SYSTEM_PYTHON")}
    told["NO_COLOR"] = "1"
    if wheelhouse:
        return {name: value for name, value in told.items() if not _is_source(name)}
    if _uv_files(env):
        return told
    settings = pip_settings(env)
    for name, setting, separator in UV_SOURCES:
        if setting in settings and name not in told and FORMER_NAMES.get(name) not in told:
            told[name] = separator.join(settings[setting].split())
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        told.setdefault("UV_NO_INDEX", "1")
    # Like pip, search every index: a release missing on the first may be on the second; hashes ensure the right file.
    told.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return told


def pip_settings(env: Mapping[str, str]) -> dict[str, str]:
    """Returns pip's effective settings by name.

    Later sources win: files from the machine's to the user's, [install] over [global], PIP_… variables over files.
    """
    settings: dict[str, str] = {}
    for file in _pip_files(env):
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # pip reports it when it runs
        for section in ("global", "install"):
            if parser.has_section(section):
                settings |= {name.replace("_", "-"): value.strip() for name, value in parser.items(section)}
    spoken = {name[4:].lower().replace("_", "-"): value for name, value in env.items() if name.startswith("PIP_")}
    if "default-timeout" in spoken:
        spoken.setdefault("timeout", spoken["default-timeout"])
    return {name: value for name, value in (settings | spoken).items() if value}


def _pip_files(env: Mapping[str, str]) -> Iterator[Path]:
    chosen = env.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return
    home = Path(env.get("HOME") or Path.home())
    if os.name == "nt":
        yield Path(env.get("PROGRAMDATA", "C:/ProgramData"), "pip", "pip.ini")
        yield home / "pip" / "pip.ini"
        yield Path(env.get("APPDATA", home), "pip", "pip.ini")
    else:
        for folder in reversed(env.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep)):
            yield Path(folder, "pip", "pip.conf")
        yield Path("/etc/pip.conf")
        if sys.platform == "darwin":
            yield Path("/Library/Application Support/pip/pip.conf")
            yield home / "Library/Application Support/pip/pip.conf"
        yield home / ".pip" / "pip.conf"
        yield Path(env.get("XDG_CONFIG_HOME") or home / ".config", "pip", "pip.conf")
    if chosen:
        yield Path(chosen)


def _uv_files(env: Mapping[str, str]) -> bool:
    """Whether the user has settings for uv itself; pip's are then not translated."""
    if "UV_CONFIG_FILE" in env:
        return True
    home = Path(env.get("XDG_CONFIG_HOME") or Path(env.get("HOME") or Path.home(), ".config"))
    places = [Path(env["APPDATA"])] if "APPDATA" in env else [home, Path("/etc")]
    return any(Path(place, "uv", "uv.toml").is_file() for place in places)


def _is_source(name: str) -> bool:
    return name in {source for source, _, _ in UV_SOURCES[:3]} or name in FORMER_NAMES.values()
