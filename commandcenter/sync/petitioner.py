"""The personal data of a caller, held in memory only, until it is sealed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from commandcenter.sync.unavailable import Unavailable, as_unavailable

if TYPE_CHECKING:
    from commandcenter.sync.board_position import BoardPosition
    from commandcenter.sync.handshake import Handshake


@dataclass(frozen=True, slots=True)
class Petitioner:
    """Name and telephone number; the repr shows neither, so that no log or trace contains them."""

    name: str = field(repr=False, default="")
    phone: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class PetitionerSeal:
    """Seals with the key of the platform that was heard last, or of the one from which the board came."""

    handshake: "Handshake"
    position: "BoardPosition"
    seal: Callable[[str, bytes], str]
    new_id: Callable[[], str]

    def __call__(self, petitioner: Petitioner) -> tuple[str, str]:
        """Returns (petitioner id, sealed data in base64) for a Take; Unavailable (no_seal_key) before any hello."""
        at = self.position.at
        key = self.handshake.seal_key or (at.lineage if at else None)
        if not key:
            raise Unavailable("no_seal_key")
        content = json.dumps({"name": petitioner.name, "phone": petitioner.phone}, ensure_ascii=False)
        with as_unavailable():
            return self.new_id(), self.seal(key, content.encode())
