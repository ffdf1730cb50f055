"""A clerk sends another system's cases to a platform elsewhere: its address, its password, its quota, its answers."""

import getpass
import io
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from commandcenter.domain.cases import Stage, Tier
from commandcenter.domain.commands import Import
from commandcenter.domain.kinds import Kind, Limit, Measure
from commandcenter.operations.import_cases import main
from commandcenter.operations.import_targets import signed_in_target
from commandcenter.operations.terminal import refusal_text
from commandcenter.protocol import paths
from commandcenter.protocol.imports import ImportBatch
from commandcenter.protocol.limits import BODY_MOST
from commandcenter.server.intake.mapping import ImportFailed
from tests.kit.baltimore import says
from tests.kit.district import NOON


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "is no address of a platform"),
        ("nonsense", "is no address of a platform"),
        ("http://127.0.0.1:9", "cannot be reached"),
    ],
)
def test_an_address_without_a_platform_is_one_sentence(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, words: str
) -> None:
    (tmp_path / "password").write_text("x")
    asked = ["--mapping", "baltimore", "--url", url, "--user", "system", "--password-file", str(tmp_path / "password")]
    assert main([str(table), *asked]) == 2
    assert says(capsys, words)


@pytest.mark.parametrize("media", ["text/html", "application/json"])
def test_a_web_page_in_a_platform_s_place_is_one_sentence(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], media: str
) -> None:
    (tmp_path / "password").write_text("x")
    with another_server(media) as url:
        asked = ["--url", url, "--user", "system", "--password-file", str(tmp_path / "password")]
        assert main([str(table), "--mapping", "baltimore", *asked]) == 2
    assert says(capsys, "does not answer like a platform: check the address; nothing was imported.")


def test_a_password_is_never_asked_where_it_would_be_seen(
    table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("secret\n"))
    monkeypatch.setattr("getpass.getpass", getpass.fallback_getpass)  # type: ignore[attr-defined]
    assert main([str(table), "--mapping", "baltimore", "--url", "http://127.0.0.1:1", "--user", "system"]) == 2
    assert says(capsys, "--password-file")


@pytest.mark.parametrize(("password", "words"), [(b"\xff\xfe", "UTF-8"), (None, "--password-file")])
def test_a_password_that_nobody_can_tell(
    table: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    password: bytes | None,
    words: str,
) -> None:
    def nobody(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    asked = [str(table), "--mapping", "baltimore", "--url", "http://127.0.0.1:1", "--user", "system"]
    if password is not None:
        (tmp_path / "password").write_bytes(password)
        asked += ["--password-file", str(tmp_path / "password")]
    assert main(asked) == 2
    assert says(capsys, words)


def _tokens(of: str) -> dict[str, object]:
    who = {"user": "s", "role": "system", "scope": {"district": "d1"}}
    return {"access": f"a{of}", "refresh": f"r{of}", "expires_in": 900} | who


def test_an_import_beyond_the_quota_waits_as_long_as_told_and_goes_on() -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == paths.SIGN_IN:
            return httpx.Response(200, json=_tokens("1"))
        if request.url.path == paths.SIGN_OUT:
            return httpx.Response(200, json={"ended": True})
        if len(waited) == 2:
            return httpx.Response(200, json={"reference": {}, "results": [{"status": "new"}]})
        said = {"type": "x", "title": "Too much.", "status": 429, "code": "over_quota", "about": "rows"}
        headers = {"content-type": "application/problem+json", "retry-after": "7"}
        return httpx.Response(429, content=json.dumps(said), headers=headers)

    net = httpx.MockTransport(answer)
    with signed_in_target("https://platform.example", "d1", "s", lambda: "x", transport=net, sleep=wait) as goal:
        assert [fate.status for fate in goal._post(ImportBatch("d1")).results] == ["new"]
    assert waited == [7.0, 7.0]


def test_rows_and_records_of_long_texts_go_in_requests_that_a_platform_takes() -> None:
    taken: dict[str, list[str]] = {"reference": [], "commands": []}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == paths.SIGN_IN:
            return httpx.Response(200, json=_tokens("1"))
        if request.url.path == paths.SIGN_OUT:
            return httpx.Response(200, json={"ended": True})
        if len(request.content) > BODY_MOST:
            media = {"content-type": "application/problem+json"}
            said = {"type": "x", "title": "Too long.", "status": 413, "code": "too_long"}
            return httpx.Response(413, content=json.dumps(said), headers=media)
        body = json.loads(request.content)
        taken["reference"] += [kept["record"]["id"] for kept in body["reference"]]
        taken["commands"] += [wish["case"] for wish in body["commands"]]
        return httpx.Response(200, json={"reference": {}, "results": [{"status": "new"} for _ in body["commands"]]})

    kinds = [Kind(f"k{n}", 1, "水" * 400, "event", "水" * 400, Limit(1, Measure.WORKING_DAYS)) for n in range(500)]
    wishes = [Import(f"c{n}", "k", str(n), "h", Stage.FILED, Tier.STREET, NOON, text="水" * 4000) for n in range(500)]
    net = httpx.MockTransport(answer)
    with signed_in_target("https://platform.example", "d1", "s", lambda: "x", transport=net) as goal:
        goal.put_references(kinds)
        assert [fate.status for fate in goal.carry(wishes)] == ["new"] * 500
    assert taken == {"reference": [kind.id for kind in kinds], "commands": [wish.case for wish in wishes]}


def test_an_import_that_outlives_its_sign_in_is_given_the_next_pair_of_tokens() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path, json.loads(request.content)))
        if request.url.path in (paths.SIGN_IN, paths.REFRESH):
            return httpx.Response(200, json=_tokens("1" if request.url.path == paths.SIGN_IN else "2"))
        if request.url.path == paths.SIGN_OUT:
            return httpx.Response(200, json={"ended": True})
        if request.headers["authorization"] != "Bearer a2":
            media = {"content-type": "application/problem+json"}
            said = {"type": "x", "title": "Sign in again.", "status": 401, "code": "signed_out"}
            return httpx.Response(401, content=json.dumps(said), headers=media)
        return httpx.Response(
            200, json={"reference": {}, "results": [{"status": "refused", "code": "worked_here", "about": "closed"}]}
        )

    with signed_in_target(
        "https://platform.example", "d1", "s", lambda: "x", transport=httpx.MockTransport(answer)
    ) as goal:
        (fate,) = goal._post(ImportBatch("d1")).results
    assert fate.status == "refused"
    why = refusal_text(fate.code, fate.about)
    assert why.endswith("this hall has acted on it; the other system's change was not taken (closed)")
    assert asked[2] == (paths.REFRESH, {"refresh": "r1"})
    assert asked[-1] == (paths.SIGN_OUT, {"refresh": "r2"})


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://10.255.255.1:8765", "would send the password to 10.255.255.1 in clear"),
        ("http://hall.example", "would send the password to hall.example in clear"),
        ("http://127.0.0.1.hall.example", "in clear"),
        ("http://system:secret@127.0.0.1:9", "no user and password"),
        ("https://system:secret@hall.example:99999", "no user and password"),
        ("ftp://127.0.0.1", "is no address of a platform"),
    ],
)
def test_an_address_to_which_no_password_may_go_is_refused_before_one_is_asked_for(
    table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, words: str
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda: pytest.fail("a password was asked for"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("somebody was called"))
    assert main([str(table), "--mapping", "baltimore", "--url", url, "--user", "system"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert words in told
    assert "secret" not in told


def test_who_sends_elsewhere_is_not_followed() -> None:
    heard: list[bytes] = []

    def listen(request: httpx.Request) -> httpx.Response:
        heard.append(request.content)
        return httpx.Response(307, headers={"location": "http://elsewhere.example/v1/sign-in"})

    way = signed_in_target("https://hall.example", "d1", "s", lambda: "x", transport=httpx.MockTransport(listen))
    with pytest.raises(ImportFailed, match="does not answer like a platform"), way:
        pytest.fail("nobody was let in")
    assert len(heard) == 1


@contextmanager
def another_server(media: str) -> Iterator[str]:
    """The address of a web server that knows nothing of us and answers 200 to everything."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-type", media)
            self.end_headers()
            self.wfile.write(b'{"welcome": "guest"}')

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
