"""Limits the length of texts; removes invisible characters from stored text, and marks them in text that is shown."""

import re
from functools import cache

TEXT_MOST = 4000  # characters of a free text
NAME_MOST = 400  # characters of a name, a number or another short text
_CAPITAL = re.compile("(?<=[a-z])(?=[A-Z])")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = (
    *(code for code in range(0x20) if code not in (0x09, 0x0A)),
    *range(0x7F, 0xA0),  # DEL and C1
    0xAD, 0x61C, 0x180E,  # soft hyphen, Arabic letter mark, Mongolian vowel separator
    *range(0x200B, 0x2010),  # zero-width characters, directional marks
    *range(0x202A, 0x202F),  # directional embeddings and overrides
    *range(0x2060, 0x2070),  # word joiner, directional isolates
    0xFEFF,
    *range(0xFFF9, 0xFFFC),  # interlinear annotation
    *range(0xE0000, 0xE0080),  # tags
)  # fmt: skip
_DROPPED = dict.fromkeys(_INVISIBLE)
_SIGNS = {code: chr(0x2400 + code) if code < 0x20 else f"⟨U+{code:04X}⟩" for code in _INVISIBLE} | {0x7F: "␡"}


def clean(text: str) -> str:
    """Returns `text` as it is stored.

    Without control, zero-width and directional characters, line ends as \\n, no white space at the ends.

    >>> clean("  抢修\\u202e队\\x00 ")
    '抢修队'
    """
    return without_invisible(text).strip()


def without_invisible(text: str) -> str:
    """Returns `text` without invisible characters; white space at its ends stays, as for text being typed."""
    return text if text.isprintable() else _BREAKS.sub("\n", text).translate(_DROPPED)


def visible(text: str) -> str:
    """Returns `text` as it is shown: invisible characters as symbols, so that no text looks different from what it is.

    >>> visible("a\\x00b\\u202ec")
    'a␀b⟨U+202E⟩c'
    """
    return text if text.isprintable() else text.translate(_SIGNS)


@cache
def snake_case(name: str) -> str:
    """Returns the name of a class as messages use it.

    >>> snake_case("ApplyReturn")
    'apply_return'
    """
    return _CAPITAL.sub("_", name).lower()
