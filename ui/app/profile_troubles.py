"""Warnings about a profile's own files at the start: what happened, what was kept, what to do; each shown once."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ui.kit.texts.words import Words, phrase

if TYPE_CHECKING:
    from commandcenter.bootstrap import Desk
    from commandcenter.settings.file import Settings

log = logging.getLogger("console")
SECONDS = 20  # long, because the user has just signed in and looks at other things


def troubles(settings: "Settings", desk: "Desk") -> list[Words]:
    """Returns a sentence for each trouble of the settings, and one for a rebuilt cache; logs them at once."""
    found = list(_found(settings, desk))
    for said in found:
        log.warning("%s", said)
    return found


def _found(settings: "Settings", desk: "Desk") -> Iterator[Words]:
    for trouble in settings.troubles:
        if trouble.code == "unreadable":
            kept = trouble.kept_aside.name if trouble.kept_aside else "settings.toml"
            yield phrase(
                "设置文件读不懂（{why}）。原文件留作 {kept}，现用默认设置；请改好后放回。", why=trouble.about, kept=kept
            )
    bad = [trouble.about for trouble in settings.troubles if trouble.code == "bad_value"]
    if bad:
        keys = ", ".join(bad)
        yield phrase("设置 {keys} 的值不能用。文件没有动，这几项现用默认值；请改 settings.toml。", keys=keys)
    if any(entry.code == "cache_rebuilt" for entry in desk.connection.log):
        yield phrase("本机的数据副本坏了，已另建，连上平台后重取。操作日志和未送达的操作都在，不用做什么。")
