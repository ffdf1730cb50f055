"""Numbers of cases as they are typed: by their last digits, as many as no other case shares."""

import re
from collections.abc import Iterable

_CASE = re.compile(r"\d{2,}")


def numbered(word: str) -> bool:
    """Returns whether a word can be a number, or the end of one."""
    return _CASE.fullmatch(word.replace("-", "")) is not None


def ends_with(number: str, digits: str) -> bool:
    """Returns whether the digits of `number` end with those of `digits`."""
    return "".join(filter(str.isdigit, number)).endswith("".join(filter(str.isdigit, digits)))


def unique_end(number: str, others: Iterable[str]) -> str:
    """Returns the shortest end of `number` that names it among `others`: 00421, 1124-00421 or 20261124-00421.

    `others` may have the number itself.
    """
    day, _, serial = number.rpartition("-")
    date = day.rpartition("-")[2]
    alike = [other for other in others if other != number and other.endswith(serial)]
    ends = (serial, f"{date[-4:]}-{serial}", f"{date}-{serial}")
    return next((end for end in ends if not any(ends_with(other, end) for other in alike)), ends[-1])
