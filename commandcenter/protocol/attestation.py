"""What proves that somebody gave an act: a MAC under a key that only their sign-in and the platform have."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from commandcenter.protocol.codec import encode

_VERSION = 1


class Attestation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The act's own id, when it was made and the revisions that its author saw; `mac` over these and the act."""

    act: str
    made_at: datetime
    bases: dict[str, int]
    mac: str


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gave: the command, by whom, for which district."""

    user: str
    district: str
    type: str
    args: bytes | msgspec.Raw


def attest(key: bytes, given: Given, *, act: str, made_at: datetime, bases: Mapping[str, int]) -> Attestation:
    """The attestation of an act under the key of its author."""
    unsigned = Attestation(act, made_at, dict(bases), "")
    return msgspec.structs.replace(unsigned, mac=_mac(key, given, unsigned))


def is_genuine(key: bytes, given: Given, shown: Attestation) -> bool:
    """Whether whoever has `key` gave exactly this."""
    return hmac.compare_digest(_mac(key, given, shown).encode(), shown.mac.encode(errors="replace"))


def key_text(key: bytes) -> str:
    """The key as tokens carry it."""
    return base64.b64encode(key).decode()


def read_key(text: str | None) -> bytes | None:
    """The key in a platform's tokens; None when there is none that can be one."""
    try:
        key = base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if 16 <= len(key) <= 64 else None


def _mac(key: bytes, given: Given, shown: Attestation) -> str:
    args = msgspec.json.encode(msgspec.json.decode(given.args), order="sorted")  # however its spaces and names stand
    seen = sorted(shown.bases.items())
    who = (given.user, given.district, shown.act, shown.made_at.astimezone(UTC).isoformat())
    content = encode((_VERSION, *who, given.type, sha256(args).hexdigest(), seen))
    return hmac.new(key, content, sha256).hexdigest()
