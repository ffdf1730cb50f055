"""A petitioner's part, sealed to the platform's public key before it touches any disk."""

from base64 import b64decode, b64encode
from binascii import Error

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox

from commandcenter.client.errors import MalformedAnswer


def sealed(seal_key: str, content: bytes) -> str:
    """`content` in a sealed box (base64) that only the holder of the platform's private key can open."""
    try:
        key = PublicKey(b64decode(seal_key, validate=True))
    except (Error, ValueError, TypeError, CryptoError) as wrong:
        raise MalformedAnswer("a seal key that is none") from wrong
    return b64encode(SealedBox(key).encrypt(content)).decode("ascii")
