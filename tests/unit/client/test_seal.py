"""What leaves for a platform's eyes alone, and the addresses of platforms on this machine."""

from base64 import b64decode, b64encode

import pytest
from nacl.public import PrivateKey, SealedBox

from commandcenter.client.address import checked_address
from commandcenter.client.errors import MalformedAnswer
from commandcenter.client.seal import sealed

PLATFORM = PrivateKey(b"k" * 32)
KEY = b64encode(bytes(PLATFORM.public_key)).decode()


def test_what_is_sealed_opens_with_the_platforms_key_and_reads_as_nothing_without_it():
    content = "王敏 138".encode()
    box = b64decode(sealed(KEY, content), validate=True)
    assert content not in box
    assert SealedBox(PLATFORM).decrypt(box) == content


@pytest.mark.parametrize(
    "key", ["", "!", KEY[:-5], KEY + "\n", f"{KEY[:7]}!{KEY[7:]}", "钥匙", b64encode(b"k" * 31).decode()]
)
def test_nothing_is_sealed_to_a_key_that_is_none(key):
    with pytest.raises(MalformedAnswer) as said:
        sealed(key, b"x")
    assert said.value.about == "a seal key that is none"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (" http://localhost:8000/ ", "http://localhost:8000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://127.9.0.1:1//", "http://127.9.0.1:1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("HTTP://LOCALHOST", "HTTP://LOCALHOST"),
        ("https://hall.example/platform/", "https://hall.example/platform"),
    ],
)
def test_this_machine_may_be_asked_in_clear_and_every_other_under_tls(url, address):
    assert checked_address(url) == address
