"""Finds and masks personal numbers in free text: phone, identity card and bank card numbers.

Personal data belongs into the vault, sealed; records, facts and caches never hold it. The rules prefer a rare miss to a
false alarm: numbers of cases and licences, house numbers, dates and amounts are not findings.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_WIDE = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF38: "X", 0xFF58: "x", 0xFF0B: "+"}
_WIDE |= {ord(sign): "-" for sign in "‐‑‒–—―－−"} | {ord(sign): " " for sign in "\u00a0\u2002\u2003\u2009\u202f\u3000"}
_WIDE |= {ord(sign): "." for sign in "·•．"} | {ord("（"): "(", ord("）"): ")"} | {ord(sign): " " for sign in "\n\r\t"}
_SPOKEN = dict(zip(map(ord, "零〇一幺二三四五六七八九"), "001123456789", strict=True))

_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_SOME_DIGITS = re.compile(r"\d(?:[ \-.()_/,，]{0,3}\d){6}")
_RUN = re.compile(
    r"(?:(?<![0-9A-Za-z.])(?<![0-9A-Za-z][-_])|(?<=(?i:wx|vx))|(?<=(?i:wx|vx)[-_])|(?<=(?i:tel)))"
    r"\+?\(?\d(?:[ \-._/]{0,3}\d|[,，] ?\d|[ \-]?[()][ \-]?\d|\) ?-? ?\d)*[Xx]?(?![0-9A-Za-z])"
)
_SPOKEN_RUN = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_CALLED = re.compile(
    r"(?:电话|手机|座机|致电|拨打|联系(?:方式|号码)?|号码|tel|phone|call)[^\d，。；;]{0,6}$", re.IGNORECASE
)
_MEASURED = re.compile(
    r"\.\d|\s?(?:元|块|万|亿|人次|吨|公斤|千克|平方|立方|公里|千米|毫米|厘米|米|度|件|份|股|%|％|(?:kWh|kg|m)(?![a-z]))"
    r"(?!先生|女士|小姐|师傅|同志|某)"
)
_NUMBERED = re.compile(
    r"(?:单号|编号|证号|文号|案号|许可证|执照|发票|合同|订单|运单|凭证|户号|第)(?:(?!电话|手机|联系|致电)[^\d，。；;]){0,4}$"
)

_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:\+?86|0086)?0?(?:10|2\d|[3-9]\d\d)\d{7,8}")
_HOTLINE = re.compile(r"[48]00[1-9]\d{6}")
_IDENTITY = re.compile(r"[1-8]\d{5}(19\d\d|20[01]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_BANK = re.compile(r"62\d{14,17}|(?:4\d|5[1-5])\d{14}")
_FOREIGN = re.compile(r"\+(?!86)[1-9]\d{7,14}")
_EXTENSION = re.compile(r"(?<=\d{7})-\d{1,5}$")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

_WORD = re.compile(r"[^ /,，]+")
_UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_NAMED_PART = re.compile(r"\d[\d.:_\-]*[Xx]?")
_DIGITS_MOST = 24
_WORDS_MOST = 18  # an identity card number with a space after each digit
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_GROUPS = {(11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 5, 3), (5, 6), (3, 4, 2, 2)}
_GROUPS |= {(2, 2, 2, 2, 2, 1), (1, 2, 2, 2, 2, 2), (3, 2, 2, 2, 2), (1,) * 11}


class Personal(StrEnum):
    """The type of a personal number."""

    PHONE = "phone"
    IDENTITY_CARD = "identity_card"
    BANK_CARD = "bank_card"


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A finding: `text[start:end]` is a personal number of the type `what`."""

    start: int
    end: int
    what: Personal


def personal_numbers(text: str) -> tuple[PersonalNumber, ...]:
    """Returns every personal number in `text`, in its order."""
    plain = _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text.translate(_WIDE))
    found = list(_of_digits(plain)) if _SOME_DIGITS.search(plain) else []
    spoken = plain.translate(_SPOKEN)
    if spoken != plain:
        known = {one.start for one in found}
        runs = _SPOKEN_RUN.finditer(spoken)
        found += [PersonalNumber(*run.span(), Personal.PHONE) for run in runs if run.start() not in known]
    return tuple(sorted(found, key=lambda one: one.start))


def has_personal_number(text: str) -> bool:
    """Whether `text` holds a personal number."""
    return bool(personal_numbers(text))


def is_personal_id(key: str) -> bool:
    """Whether an id that somebody chose is a personal number; randomly generated ids are UUIDs and never count."""
    return _UUID.fullmatch(key) is None and any(has_personal_number(part) for part in _NAMED_PART.findall(key))


def masked(text: str) -> str:
    """Returns `text` with each personal number masked, see `mask`.

    >>> masked("来电人13812345678说")
    '来电人138****5678说'
    """
    parts, at = [], 0
    for one in personal_numbers(text):
        parts += [text[at : one.start], mask(text[one.start : one.end])]
        at = one.end
    return "".join((*parts, text[at:]))


def mask(number: str) -> str:
    """Returns the number with only its first three and last four characters; of a short one the last two."""
    signs = "".join(sign for sign in number.translate(_WIDE) if sign.isalnum())
    return f"{signs[:3]}****{signs[-4:]}" if len(signs) >= 10 else f"****{signs[-2:]}"


def _of_digits(plain: str) -> Iterator[PersonalNumber]:
    for run in _RUN.finditer(plain):
        yield from _in_run(plain, run.start(), run.end())


def _in_run(plain: str, start: int, end: int) -> Iterator[PersonalNumber]:
    """Yields the run of digits if it is a number; otherwise the numbers among its parts (spaces, slashes, commas)."""
    what = _what(plain, start, end)
    if what is not None:
        yield PersonalNumber(start, end, what)
        return
    words = [(start + word.start(), start + word.end()) for word in _WORD.finditer(plain[start:end])]
    at = 0
    while at < len(words):
        found = _longest(plain, words[at : at + _WORDS_MOST])
        if found is None:
            at += 1
        else:
            yield found
            at = next((later for later in range(at, len(words)) if words[later][0] >= found.end), len(words))


def _longest(plain: str, words: list[tuple[int, int]]) -> PersonalNumber | None:
    """Returns the longest number that begins with the first of `words`."""
    start = words[0][0]
    for _, end in reversed(words):
        what = _what(plain, start, end)
        if what is not None:
            return PersonalNumber(start, end, what)
    return None


def _what(plain: str, start: int, end: int) -> Personal | None:
    said = plain[start:end]
    digits = re.sub(r"[^0-9Xx+]", "", said).upper()
    if not 7 <= len(digits) <= _DIGITS_MOST:
        return None
    if _IDENTITY.fullmatch(digits) and _checks(digits):
        return Personal.IDENTITY_CARD
    before, after = plain[max(0, start - 16) : start], plain[end : end + 6]
    if _MEASURED.match(after) or _NUMBERED.search(before):
        return None
    if _BANK.fullmatch(digits) and _luhn(digits):
        return Personal.BANK_CARD
    return Personal.PHONE if _is_phone(said, digits, before) else None


def _is_phone(said: str, digits: str, before: str) -> bool:
    mobile = _MOBILE.fullmatch(digits)
    if mobile is not None:
        return _is_grouped(said)
    if _FOREIGN.fullmatch(digits) or (_HOTLINE.fullmatch(digits) and "." not in said):
        return True
    if said.startswith(("0", "(0", "+")) and _LANDLINE.fullmatch(digits):
        return True
    extended = _EXTENSION.sub("", said)
    if extended != said:
        return _is_phone(extended, re.sub(r"[^0-9+]", "", extended), before)
    return bool(_LOCAL.fullmatch(digits) and not _DATE.fullmatch(digits) and _CALLED.search(before))


def _is_grouped(said: str) -> bool:
    """Whether the digits are grouped as in a mobile number, unlike those of an IP address or an amount."""
    bare = re.sub(r"^\(?(?:\+|00)?86\)?[ \-]?(?=1)", "", said)
    groups = tuple(map(len, re.findall(r"\d+", bare)))
    return groups in _GROUPS and ("." not in bare or groups in ((3, 4, 4), (1,) * 11))


def _checks(identity: str) -> bool:
    """Whether the check character of an identity card number is right (GB 11643)."""
    total = sum(int(sign) * weight for sign, weight in zip(identity, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == identity[17]


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0
