"""Judges whether the reason that an unsent act shows is true; written by hand, without the program that is judged.

A reason may be shown for a minute longer than it is true (`LATELY`). A reason that is not in `REASONS` is the code of a
fault that the console met in an answer or without one: it is true as long as the console waits because of it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

LATELY = 60.0  # seconds for which a reason may be shown after it was true
AT_MOST = 300.0  # seconds that a console waits at most when it is asked to wait
BETWEEN = 20.0  # seconds that it waits in addition before the next try
REFUSED = 60.0  # seconds between two tries when the platform sends something unreadable
FULL = 20.0  # seconds between two tries to write to a full disk
SOME_TIME = 0.5  # days after which an act is old, or the platform's clock has jumped
_PROBLEM = "application/problem+json"
_GATEWAY = frozenset({502, 503, 504})
_OF_ACCOUNT = "over_quota"


@dataclass(frozen=True, slots=True)
class Met:
    """A fault that the console met `at` a time, as `user`; `wait`: the seconds of its Retry-After.

    `is_for_acts`: the request carried commands or bought a token for them; `ends_sign_in`: the platform itself
    answered it with 401, not a proxy between.
    """

    code: str
    at: float
    wait: float
    user: str
    is_for_acts: bool
    ends_sign_in: bool = False

    @property
    def until(self) -> float:
        """The time until which a console may wait because of it."""
        return self.at + min(self.wait, AT_MOST) + (REFUSED if self.code == "unreadable" else BETWEEN)

    def longer(self, former: "Met | None") -> "Met":
        """Returns the fault with a wait that lasts at least as long as that of `former`."""
        left = 0.0 if former is None else former.until - BETWEEN - self.at
        return replace(self, wait=max(self.wait, left))


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a command that failed: the time of the first failure, the codes, the number of "retry" results."""

    first_at: float
    codes: frozenset[str] = frozenset()
    retries: int = 0
    is_hopeless: bool = False


@dataclass(frozen=True, slots=True)
class Waits:
    """An unsent act with the reason it shows (`code`, `about`), and what is seen of its console from outside.

    Times and durations are in seconds, except `age`, the days since the act was given. `sits`: who is signed in, for
    `seated` so far; `live`: how long the stream has been open; `asked`, `called`: how long ago commands, or requests of
    the connection, were last under way; `greeted_at`: the last good hello; `full`: how long ago the disk was last full;
    `passed_at`: when the platform last answered a command. `earlier`: the user of each act, by its id, that was given
    before this one on the same record at this console and is unsent or was lately.
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
        """Whether the console is not connected, or was not a minute ago."""
        return self.live <= LATELY

    @property
    def is_of_who_sits(self) -> bool:
        """Whether the author is signed in, or was a minute ago."""
        return self.user == self.sits or self.seated <= LATELY


def is_true(at: Waits) -> bool:
    """Returns whether the act may show its reason."""
    return REASONS.get(at.code, was_met)(at)


def was_met(at: Waits) -> bool:
    """Returns whether the console still waits because of a fault with this code.

    It waits at most until it has connected again; a fault of the account binds only that account, on every connection.
    """
    return at.is_of_who_sits and any(_binds(one, at) for one in at.met if one.code == at.code)


def has_to_wait(met: Iterable[Met], now: float) -> bool:
    """Returns whether a console was asked to wait with its acts, and the wait is not over."""
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


def _of_connection(at: Waits) -> bool:
    """The console closed the connection itself and connects again."""
    return at.is_of_who_sits and at.is_cut_off and at.called <= REFUSED + LATELY


def _signed_out(at: Waits) -> bool:
    return at.is_of_who_sits and at.is_cut_off and any(one.ends_sign_in for one in at.met)


def _parked(at: Waits) -> bool:
    """It failed with the code shown, while the platform answered others, or it was refused for good."""
    tried = at.tried
    if tried is None or at.about not in tried.codes:
        return False
    return tried.is_hopeless or tried.retries > 1 or at.passed_at >= tried.first_at


def _disk(at: Waits) -> bool:
    return at.is_of_who_sits and at.full <= FULL + LATELY


def _moves(at: Waits) -> bool:
    """Others are under way before it."""
    return at.is_of_who_sits and at.asked <= LATELY


# What gives somebody work, or reminds of it: the platform is asked whether it still fits.
GIVES_WORK = ("dispatch", "send_crew", "set_lead", "add_co_handler", "whistle", "urge")


def _asked_first(at: Waits) -> bool:
    is_doubtful = at.name in GIVES_WORK or not -SOME_TIME < at.age < SOME_TIME
    return is_doubtful and _moves(at)


def _behind(at: Waits) -> bool:
    return at.about in at.earlier


def _behind_other(at: Waits) -> bool:
    return at.about in at.earlier.values()


def _other_user(at: Waits) -> bool:
    return at.about == at.user and (at.user != at.sits or at.seated <= LATELY)


def _never(at: Waits) -> bool:
    """These schedules have only one district."""
    return False


REASONS: dict[str, Callable[[Waits], bool]] = {
    **dict.fromkeys(
        ("connecting", "closed", "bye", "behind", "gap", "doubt", "digest", "scope", "gone"), _of_connection
    ),
    **dict.fromkeys(("too_many_streams", "unseated", "unreadable", "wrong_epoch"), _of_connection),
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
    """Returns the codes that a console may give to a failed answer; empty for a good one."""
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
