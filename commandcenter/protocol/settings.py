"""Defines the messages about the platform's settings, for security administrators."""

from datetime import datetime
from typing import Annotated

import msgspec

from commandcenter.protocol.limits import ID_MOST
from commandcenter.protocol.messages import Counted


class SettingChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of the setting `name` to `value`, by somebody who saw it at the revision `seen` (0: never changed)."""

    name: Annotated[str, msgspec.Meta(max_length=ID_MOST)]
    value: float
    seen: Counted


class SettingRevision(msgspec.Struct, frozen=True):
    """A value that a setting was given, by whom and when."""

    rev: Counted
    value: float
    at: datetime
    actor: str


class SettingState(msgspec.Struct, frozen=True, kw_only=True):
    """A setting with its bounds and the newest of its history, newest first; without any it has its `initial` value."""

    name: str
    value: float
    initial: float
    least: float
    most: float
    unit: str
    revisions: tuple[SettingRevision, ...]


class SettingList(msgspec.Struct, frozen=True):
    """All settings of the platform."""

    items: tuple[SettingState, ...]
