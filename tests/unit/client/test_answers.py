"""What an answer of the platform, or of whoever stands before it, comes to: a fault, its code, its words, its wait."""

import json
import ssl
from datetime import UTC, datetime

import httpx
import pytest

from commandcenter.client.errors import (
    Declined,
    Gone,
    NoRole,
    NotAPlatform,
    PlatformBroken,
    PlatformBusy,
    SignedOut,
    TooLarge,
    Unreachable,
    Untrusted,
    WrongEpoch,
    error_of_answer,
    retry_after,
)
from commandcenter.client.responses import HttpAnswer, error_of_exception, expect_json, read_body

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROBLEM, NO_HTTP = "application/problem+json", "not HTTP as a platform speaks it"
BAD = {"type": "urn:commandcenter:problem:bad", "title": "x", "status": 400, "code": "bad"}


def fault(status: int, code: str | None = None, *, later: str | None = "7", media: str = PROBLEM, **said: str):
    headers = {"content-type": media} | ({} if later is None else {"retry-after": later})
    body = {"type": f"urn:commandcenter:problem:{code}", "title": "x", "status": status, "code": code, **said}
    return error_of_answer(status, headers, b"<html>" if code is None else json.dumps(body).encode(), NOW)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(401, "signed_out", SignedOut), (409, "wrong_epoch", WrongEpoch), (410, "gone", Gone), (413, "large", TooLarge),
     (403, "no_role", NoRole), (403, "forbidden", Declined), (404, "no_role", Declined), (404, "unknown", Declined)],
)  # fmt: skip
def test_a_no_of_the_platform_is_told_with_its_code_its_words_and_its_wait(status, code, kind):
    no = fault(status, code, about="c1", detail="why")
    assert (type(no), no.code, no.about, no.retry_after, no.status) == (kind, code, "c1", 7.0, status)
    assert fault(status, code, detail="why").about == "why"
    assert fault(status, code).about == f"HTTP {status}"
    assert fault(status, code, later=None).retry_after is None


@pytest.mark.parametrize("status", [429, 503])
def test_a_platform_that_has_no_time_says_for_how_many_minutes(status):
    busy = fault(status, "locked_out", later="61")
    assert (type(busy), busy.code, busy.about, busy.retry_after) == (PlatformBusy, "locked_out", "2", 61.0)
    assert fault(status, "locked_out", later=None).about == ""
    assert fault(status, "locked_out", about="so").about == "so"


@pytest.mark.parametrize("status", [500, 502, 599])
def test_a_platform_that_broke_is_named_by_what_it_says(status):
    broken = fault(status, "internal")
    assert (type(broken), broken.about, broken.retry_after) == (PlatformBroken, "internal", 7.0)
    assert fault(status, "internal", about="the disk").about == "the disk"


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [(502, Unreachable, "bad_gateway"), (503, Unreachable, "bad_gateway"), (504, Unreachable, "bad_gateway"),
     (401, NotAPlatform, NotAPlatform.code), (404, NotAPlatform, NotAPlatform.code)],
)  # fmt: skip
def test_what_somebody_else_answers_is_no_no_of_the_platform(status, kind, code):
    for other in (fault(status), fault(status, "signed_out", media="text/html")):
        assert (type(other), other.code, other.about, other.retry_after) == (kind, code, f"HTTP {status}", 7.0)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [(None, None), ("", None), ("0", 0.0), ("90000", 86400.0), ("9" * 40, 86400.0), ("soon", None), ("-1", None),
     ("Thu, 01 Jan 2026 00:01:00 GMT", 60.0), ("Wed, 31 Dec 2025 00:00:00 GMT", 0.0),
     ("Thu, 01 Jan 2026 00:01:00 -0000", 60.0), ("Fri, 01 Jan 2027 00:00:00 GMT", 86400.0)],
)  # fmt: skip
def test_a_wait_is_a_number_or_a_date_and_no_longer_than_a_day(said, seconds):
    assert retry_after(said, NOW) == seconds


@pytest.mark.parametrize("kind", [Unreachable, PlatformBusy, Declined, SignedOut])
def test_a_fault_says_its_code_and_what_it_is_about_and_neither_without_end(kind):
    assert (str(kind()), kind().code, kind().about, kind().retry_after) == (kind.code, kind.code, "", None)
    assert (str(kind("c1")), str(kind("c1", code="other"))) == (f"{kind.code}: c1", "other: c1")
    long = kind("x" * 1000, code="y" * 1000, retry_after=7.0)
    assert (long.code, long.about, long.retry_after) == ("y" * 80, "x" * 300, 7.0)
    assert str(long) == f"{'y' * 80}: {'x' * 300}"


@pytest.mark.parametrize(
    ("status", "media", "about"),
    [(200, "application/json", None), (201, "application/json", None), (200, "application/geo+json", None),
     (200, " Application/JSON ; charset=utf-8", None), (304, "", None), (304, "text/html", None),
     (202, "application/json", "application/json"), (200, "text/html; charset=utf-8", "text/html"),
     (200, "", "HTTP 200"), (302, "", "HTTP 302"), (399, "application/json", "application/json"),
     (400, "application/json", "HTTP 400"), (199, "application/json", "HTTP 199"), (404, "text/html", "HTTP 404")],
)  # fmt: skip
def test_a_good_answer_is_in_json_or_says_that_nothing_changed(status, media, about):
    answer = HttpAnswer(status, {"content-type": media} if media else {}, b"")
    if about is None:
        assert expect_json(answer, NOW) is answer
    else:
        with pytest.raises(NotAPlatform) as said:
            expect_json(answer, NOW)
        assert said.value.about == about


def test_a_no_may_name_its_alphabet_and_be_in_any_case():
    for media in (f"{PROBLEM}; charset=utf-8", f" {PROBLEM.upper()} "):
        with pytest.raises(Declined) as said:
            expect_json(HttpAnswer(400, {"content-type": media}, json.dumps(BAD).encode()), NOW)
        assert said.value.code == "bad"


def certificate(message: str) -> ssl.SSLError:
    wrong = ssl.SSLCertVerificationError()
    wrong.verify_message = message
    return wrong


def caused(wrong: Exception, by: Exception, *, plainly: bool) -> Exception:
    wrong.__cause__, wrong.__context__ = (by, None) if plainly else (None, by)
    return wrong


@pytest.mark.parametrize(
    ("wrong", "kind", "code", "about"),
    [(httpx.ConnectError("x"), Unreachable, "unreachable", "there"),
     (httpx.ReadTimeout("x"), Unreachable, "timed_out", "there"),
     (httpx.ConnectTimeout("closed connection"), Unreachable, "timed_out", "there"),
     (httpx.RemoteProtocolError("illegal header line"), NotAPlatform, "not_a_platform", NO_HTTP),
     (httpx.RemoteProtocolError("Server disconnected"), Unreachable, "unreachable", "there"),
     (httpx.RemoteProtocolError("peer closed connection"), Unreachable, "unreachable", "there"),
     (httpx.DecodingError("gzip"), NotAPlatform, "not_a_platform", NO_HTTP),
     (httpx.ReadError("illegal"), Unreachable, "unreachable", "there"),
     (ssl.SSLError("x"), Untrusted, "certificate", "TLS"),
     (caused(httpx.ConnectError("x"), certificate("expired"), plainly=True), Untrusted, "certificate", "expired"),
     (caused(httpx.ConnectError("x"), certificate(""), plainly=False), Untrusted, "certificate", "TLS"),
     (caused(httpx.ReadTimeout("x"), caused(OSError(), ssl.SSLError(), plainly=True), plainly=False),
      Untrusted, "certificate", "TLS"),
     (caused(httpx.ReadTimeout("x"), OSError(), plainly=True), Unreachable, "timed_out", "there")],
)  # fmt: skip
def test_no_answer_is_told_by_what_kept_it_from_coming(wrong, kind, code, about):
    fault = error_of_exception(wrong, "there")
    assert (type(fault), fault.code, fault.about) == (kind, code, about)


async def test_an_answer_may_be_as_large_as_it_may_be_and_no_larger():
    async def pieces(*sizes: int):
        for size in sizes:
            yield b"x" * size

    assert await read_body(pieces(4, 6), 10) == b"x" * 10
    with pytest.raises(NotAPlatform):
        await read_body(pieces(4, 7), 10)
