"""Encrypts a petitioner's data to the platform's public key, before it is written to any disk."""

from base64 import b64decode, b64encode
from binascii import Error

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox

from commandcenter.client.errors import MalformedAnswer


def sealed(seal_key: str, content: bytes) -> str:
    """Returns `content` in a sealed box (base64) that only the platform's private key can open.

    Raises MalformedAnswer when `seal_key` is not a public key in base64.
    """
    try:
        key = PublicKey(b64decode(seal_key, validate=True))
    except (Error, ValueError, TypeError, CryptoError) as wrong:
        raise MalformedAnswer("a seal key that is none") from wrong
    return b64encode(SealedBox(key).encrypt(content)).decode("ascii")
