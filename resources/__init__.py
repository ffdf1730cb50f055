"""What ships beside the code: pictures, words, sounds, fonts, locks; Python here only says where they lie."""

from __future__ import annotations

from pathlib import Path

ROOM = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Where a bundled file lies, e.g. path("fonts", "NotoSansSC-Regular.ttf"); it need not exist."""
    return ROOM.joinpath(*parts)
