"""Records what a console's link saw that bears on why an act is unsent: faults, silence, who signed in."""

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import httpx

from commandcenter.protocol import paths
from tests.faults.reasons import Met, Tried, codes_of

_SEATING = (paths.HELLO, paths.SNAPSHOT, paths.EVENTS)  # only for the connection
_ASIDE = (paths.SIGN_IN, paths.SIGN_OUT)  # these do not concern unsent acts
_FLOWS = {paths.SNAPSHOT: "application/x-ndjson", paths.EVENTS: "text/event-stream"}  # media types of streamed answers
_SHOWS = {paths.HELLO: "epoch", paths.REFRESH: "access"}  # a field that each good answer has


@dataclass(frozen=True, slots=True)
class Asking:
    """A request under way: `user` by its access token, and the `ids` of its commands."""

    path: str
    user: str
    ids: tuple[str, ...] = ()

    @property
    def is_for_acts(self) -> bool:
        """Whether acts wait for it: it carries commands or buys the token that they are sent with."""
        return self.path in (paths.COMMANDS, paths.REFRESH)

    @property
    def is_for_connection(self) -> bool:
        """Whether the connection waits for it."""
        return self.path in (*_SEATING, paths.REFRESH)


@dataclass(slots=True)
class Witness:
    """What was seen in one run of a console; `clock` returns seconds, and each `…_at` is a time of it (-inf: never).

    `sits`: the user of the last good answer for the connection, since `sits_at`; `greeted_at`: the last good hello.
    """

    clock: Callable[[], float]
    met: dict[tuple[str, bool, str], Met] = field(default_factory=dict)
    tried: dict[str, Tried] = field(default_factory=dict)
    sits: str = ""
    sits_at: float = -math.inf
    greeted_at: float = -math.inf
    passed_at: float = -math.inf  # the last time that a command was answered
    _live_at: float = -math.inf
    _streams: int = 0  # how many streams were opened
    _is_live: bool = False
    _under_way: list[Asking] = field(default_factory=list)
    _acts_at: float = -math.inf
    _connection_at: float = -math.inf

    @property
    def live(self) -> float:
        """The seconds for which the stream has been open; 0 without one."""
        return self.clock() - self._live_at if self._is_live else 0.0

    @property
    def asked(self) -> float:
        """The seconds since a request for acts was last under way."""
        return 0.0 if any(one.is_for_acts for one in self._under_way) else self.clock() - self._acts_at

    @property
    def called(self) -> float:
        """The seconds since a request for the connection, or a stream, was last under way."""
        has_some = self._is_live or any(one.is_for_connection for one in self._under_way)
        return 0.0 if has_some else self.clock() - self._connection_at

    @contextmanager
    def asking(self, request: httpx.Request, user: str) -> Iterator[Asking]:
        """Keeps `request` as under way during the block; records the fault when the block ends without an answer."""
        asked = Asking(request.url.path, user, _ids(request))
        self._under_way.append(asked)
        try:
            yield asked
        except httpx.TimeoutException:
            self._meets(asked, {"timed_out"})
            raise
        except httpx.HTTPError:
            self._meets(asked, {"unreachable"})
            raise
        finally:
            self._under_way.remove(asked)
            self._acts_at = self.clock() if asked.is_for_acts else self._acts_at
            self._connection_at = self.clock() if asked.is_for_connection else self._connection_at

    def answered(self, asked: Asking, response: httpx.Response) -> None:
        """Records the answer that the console gets, no matter who made it."""
        status, media = response.status_code, response.headers.get("content-type", "").split(";")[0]
        if status == 200 and media == _FLOWS.get(asked.path):
            self._seats(asked)
            return
        body = response.content
        codes = codes_of(status, media, body)
        if asked.path in _FLOWS and not codes:  # a good answer to another kind of request
            codes = {"not_a_platform", "garbled"}
        if codes:
            self._meets(asked, codes, response.headers.get("retry-after"), status)
        elif asked.path == paths.COMMANDS:
            self._results(asked, body)
        elif asked.path in _SHOWS and _SHOWS[asked.path] not in json.loads(body):
            self._meets(asked, {"garbled", "not_a_platform"})
        elif asked.path == paths.HELLO:
            self.greeted_at = self.clock()
            self._seats(asked)

    def opened(self) -> int:
        """Records a new stream and returns its number."""
        self._streams, self._is_live, self._live_at = self._streams + 1, True, self.clock()
        return self._streams

    def ended(self, stream: int, code: str | None = None) -> None:
        """Records the end of the stream with that number; `code`: the fault that the console met in it."""
        if code is not None:
            self._meets(Asking(paths.EVENTS, self.sits), {code})
        if stream == self._streams:
            self._is_live, self._connection_at = False, self.clock()

    def _seats(self, asked: Asking) -> None:
        if asked.user and asked.user != self.sits:
            self.sits, self.sits_at = asked.user, self.clock()

    def _meets(self, asked: Asking, codes: set[str], later: str | None = None, status: int = 0) -> None:
        if asked.path in _ASIDE:
            return
        now = self.clock()
        for code in codes:
            for is_for_acts in {asked.is_for_acts, not asked.is_for_connection}:
                key = (code, is_for_acts, asked.user)
                former = self.met.get(key)
                ends_sign_in = status == 401 and code != "not_a_platform"
                met = Met(code, now, _seconds(later), asked.user, is_for_acts, ends_sign_in)
                self.met[key] = met.longer(former)
        for cmd_id in asked.ids:
            self._failed(cmd_id, codes, is_hopeless=status in (413, 422))

    def _failed(self, cmd_id: str, codes: set[str], *, is_hopeless: bool = False, is_retry: bool = False) -> None:
        former = self.tried.get(cmd_id, Tried(self.clock()))
        self.tried[cmd_id] = replace(
            former,
            codes=former.codes | codes,
            retries=former.retries + is_retry,
            is_hopeless=former.is_hopeless or is_hopeless,
        )

    def _results(self, asked: Asking, body: bytes) -> None:
        said = json.loads(body)
        results = said.get("results", []) if isinstance(said, dict) else []
        known = [one for one in results if isinstance(one, dict) and one.get("cmd_id") in asked.ids]
        if not known:
            self._meets(asked, {"garbled", "empty_answer"})
        again = [one for one in known if one["status"] == "retry"]
        for one in again:
            self._failed(one["cmd_id"], {one.get("code") or "retry"}, is_retry=True)
        if again:
            self._meets(replace(asked, ids=()), {"retry"})
        if any(one["status"] == "wrong_epoch" for one in known):
            self._meets(replace(asked, ids=()), {"wrong_epoch"})
        elif len(known) > len(again):
            self.passed_at = self.clock()


def _ids(request: httpx.Request) -> tuple[str, ...]:
    if request.url.path != paths.COMMANDS:
        return ()
    return tuple(one["cmd_id"] for one in json.loads(request.content)["commands"])


def _seconds(later: str | None) -> float:
    """Returns the seconds of a Retry-After; of a date, the most that the proxy of these tests uses."""
    if later is None:
        return 0.0
    return float(later) if later.isdecimal() else 15.0
