"""Proves who gave an act, by a MAC under a key that only the author's sign-in and the platform have."""

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
    """The proof that a user gave an act: the act's id, when it was made, the revisions its author saw, and the MAC.

    `mac` covers these fields, the user, the district and the command with its arguments.
    """

    act: str
    made_at: datetime
    bases: dict[str, int]
    mac: str


@dataclass(frozen=True, slots=True)
class AttestedCommand:
    """The attested content: which user gave which command in which district."""

    user: str
    district: str
    type: str
    args: bytes | msgspec.Raw


def attest(key: bytes, given: AttestedCommand, *, act: str, made_at: datetime, bases: Mapping[str, int]) -> Attestation:
    """Returns the attestation of an act under its author's key."""
    unsigned = Attestation(act, made_at, dict(bases), "")
    return msgspec.structs.replace(unsigned, mac=_mac(key, given, unsigned))


def is_genuine(key: bytes, given: AttestedCommand, shown: Attestation) -> bool:
    """Whether the holder of `key` gave exactly this command."""
    return hmac.compare_digest(_mac(key, given, shown).encode(), shown.mac.encode(errors="replace"))


def key_text(key: bytes) -> str:
    """Returns the key as a token pair carries it (base64)."""
    return base64.b64encode(key).decode()


def read_key(text: str | None) -> bytes | None:
    """Returns the key of a token pair; None when there is none, or it is not 16 to 64 bytes in base64."""
    try:
        key = base64.b64decode(text or "", validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if 16 <= len(key) <= 64 else None


def _mac(key: bytes, given: AttestedCommand, shown: Attestation) -> str:
    # normalised: white space and the order of the keys do not matter
    args = msgspec.json.encode(msgspec.json.decode(given.args), order="sorted")
    seen = sorted(shown.bases.items())
    who = (given.user, given.district, shown.act, shown.made_at.astimezone(UTC).isoformat())
    content = encode((_VERSION, *who, given.type, sha256(args).hexdigest(), seen))
    return hmac.new(key, content, sha256).hexdigest()
