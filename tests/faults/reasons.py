"""When each reason of an act that has not left is true, written by hand: nothing here comes from the program judged.

A reason may stand for a minute longer than it is true (`LATELY`). One that is not named in `REASONS` is a fault that
the console met in an answer, or in none: it is true as long as the console waits because of it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

LATELY = 60.0  # seconds for which what is not so any more may still be said
AT_MOST = 300.0  # seconds of those asked for that a console waits
BETWEEN = 20.0  # seconds that it lets pass on top of them before it tries again
REFUSED = 60.0  # seconds between two tries at a platform that says what this console does not know
FULL = 20.0  # seconds between two tries at a disk
SOME_TIME = 0.5  # days from which on the platform's clock has moved, or the act is old
_PROBLEM = "application/problem+json"
_GATEWAY = frozenset({502, 503, 504})
_OF_ACCOUNT = "over_quota"


@dataclass(frozen=True, slots=True)
class Met:
    """A fault that the console met: at which moment, how many seconds it was asked to wait, under whose sign-in.

    `is_for_acts`: acts were on their way, or the token for them, not the line; `ends_sign_in`: it was a
    platform's own 401, not one of whatever stands between.
    """

    code: str
    at: float
    wait: float
    user: str
    is_for_acts: bool
    ends_sign_in: bool = False

    @property
    def until(self) -> float:
        """The moment up to which a console may wait because of it."""
        return self.at + min(self.wait, AT_MOST) + (REFUSED if self.code == "unreadable" else BETWEEN)

    def longer(self, former: "Met | None") -> "Met":
        """The same, waited for as long as `former` was to be."""
        left = 0.0 if former is None else former.until - BETWEEN - self.at
        return replace(self, wait=max(self.wait, left))


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a command that failed: when first, by which codes, how often it was to be sent again."""

    first_at: float
    codes: frozenset[str] = frozenset()
    retries: int = 0
    is_hopeless: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """An act that has not left, and what is known from outside of its console. Moments and spans in seconds.

    `sits`: who is signed in there, for `seated` so far; `live`: how long its stream has been open without a break;
    `asked`, `called`: how long ago it last had acts, or anything of its line, on their way; `greeted_at`: the last good
    hello; `full`: how long ago its disk had no room. `earlier`: the acts on the same record that were given before this
    one at this console and have not left, or only just: whose each is, by id. `age`: days since it was given.
    """

    code: str
    about: str
    user: str
    name: str
    age: float
    now: float
    sits: str
    seated: float
    live: float
    asked: float
    called: float
    greeted_at: float
    full: float
    passed_at: float
    earlier: Mapping[str, str]
    met: tuple[Met, ...]
    tried: Tried | None

    @property
    def is_cut_off(self) -> bool:
        """Whether the console has no way to the platform, or had none a minute ago."""
        return self.live <= LATELY

    @property
    def is_of_who_sits(self) -> bool:
        """Whether whoever gave it is signed in, or was a minute ago."""
        return self.user == self.sits or self.seated <= LATELY


def is_true(at: Waits) -> bool:
    """Whether the reason may stand."""
    return REASONS.get(at.code, was_met)(at)


def was_met(at: Waits) -> bool:
    """A fault stands as long as the console waits because of it: at most until it has a new way to the platform; one of
    the account goes with the account.
    """
    return at.is_of_who_sits and any(_binds(one, at) for one in at.met if one.code == at.code)


def has_to_wait(met: Iterable[Met], now: float) -> bool:
    """Whether the acts of a console were asked to come later, and it is not later yet."""
    return any(one.is_for_acts and one.wait > 0 and now <= one.until + LATELY for one in met)


def _binds(met: Met, at: Waits) -> bool:
    if not (met.is_for_acts or at.is_cut_off):
        return False
    if met.ends_sign_in:
        return at.is_cut_off
    is_of_account = met.code == _OF_ACCOUNT
    if is_of_account and met.user != at.user:
        return False
    has_new_way = met.at < at.greeted_at and at.now - at.greeted_at > LATELY
    return at.now - met.until <= LATELY and (is_of_account or not has_new_way)


def _of_the_line(at: Waits) -> bool:
    """The console itself has hung up, and calls again."""
    return at.is_of_who_sits and at.is_cut_off and at.called <= REFUSED + LATELY


def _signed_out(at: Waits) -> bool:
    return at.is_of_who_sits and at.is_cut_off and any(one.ends_sign_in for one in at.met)


def _parked(at: Waits) -> bool:
    """It failed with what is said, and the platform does better with others, or says that it cannot take it."""
    tried = at.tried
    if tried is None or at.about not in tried.codes:
        return False
    return tried.is_hopeless or tried.retries > 1 or at.passed_at >= tried.first_at


def _disk(at: Waits) -> bool:
    return at.is_of_who_sits and at.full <= FULL + LATELY


def _moves(at: Waits) -> bool:
    """Others are on their way before it."""
    return at.is_of_who_sits and at.asked <= LATELY


def _asked_first(at: Waits) -> bool:
    is_doubtful = at.name == "dispatch" or not -SOME_TIME < at.age < SOME_TIME
    return is_doubtful and _moves(at)


def _behind(at: Waits) -> bool:
    return at.about in at.earlier


def _behind_other(at: Waits) -> bool:
    return at.about in at.earlier.values()


def _other_user(at: Waits) -> bool:
    return at.about == at.user and (at.user != at.sits or at.seated <= LATELY)


def _never(at: Waits) -> bool:
    """There is one district here, and no error of ours."""
    return False


REASONS: dict[str, Callable[[Waits], bool]] = {
    **dict.fromkeys(("connecting", "closed", "bye", "behind", "gap", "doubt", "digest", "scope", "gone"), _of_the_line),
    **dict.fromkeys(("too_many_streams", "unseated", "unreadable", "wrong_epoch"), _of_the_line),
    "signed_out": _signed_out,
    "parked": _parked,
    "disk": _disk,
    "queue": _moves,
    "unanswered": _moves,
    "asked_first": _asked_first,
    "behind_unanswered": _behind,
    "behind_stuck": _behind,
    "held": _behind,
    "behind_other": _behind_other,
    "other_user": _other_user,
    "other_district": _never,
}


def codes_of(status: int, media: str, body: bytes) -> set[str]:
    """What an answer says that is none: the codes by which a console may call it; empty for a good one."""
    if status < 400:
        is_good = status == 200 and media == "application/json" and _is_json(body)
        return set() if is_good else {"not_a_platform", "garbled"}
    said = json.loads(body) if media == _PROBLEM else None
    if said is None:
        return {"bad_gateway" if status in _GATEWAY else "not_a_platform"}
    return {"platform_error" if status >= 500 and status != 503 else said["code"]}


def _is_json(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False
