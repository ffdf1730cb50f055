"""What a web page of somebody else can do to a platform on this machine or this network: nothing."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from commandcenter.operations.listening import ListenOptions
from commandcenter.server.gate import Exposure
from commandcenter.server.platform import Platform
from tests.kit.district import PASSWORD
from tests.kit.loopback import hosted
from tests.kit.platform import calling, sit_down

HALL = Exposure(frozenset({"hall.example", "*.city.example"}))
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBtjCCAVygAwIBAgIUQ90CkdJ4PHfr97rWBlwDgnkn5vswCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMSGFsbC5leGFtcGxlMCAXDTI2MTEyOTA0NDYyNVoYDzIxMjYx
MTA1MDQ0NjI1WjAXMRUwEwYDVQQDDAxIYWxsLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQS79+0f4ispBlJqt3J/TBq+64BZRcpsGC7tBsUxLn9KmvU
BLI+Txrr8WfEJVRHofJz/26Lkq5KJ1XPi0GUJEnvo4GDMIGAMB0GA1UdDgQWBBQw
vGu23WPy0SBuJAoSvJTi7/d+7DAfBgNVHSMEGDAWgBQwvGu23WPy0SBuJAoSvJTi
7/d+7DAPBgNVHRMBAf8EBTADAQH/MC0GA1UdEQQmMCSCDEhhbGwuZXhhbXBsZYIO
Ki5jaXR5LmV4YW1wbGWHBAoAAAcwCgYIKoZIzj0EAwIDSAAwRQIgJgs+ifjZAwVC
/CoZTQkzsorLGnm1Kf38WWVT2pKSyAgCIQDL4R/yFbNCE+LKNUdGVCcm1EpFYQX5
bEG6wXPodh4hBQ==
-----END CERTIFICATE-----
"""  # for Hall.example, *.city.example and 10.0.0.7; nobody has its key
FORMS = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonp")


@pytest.mark.parametrize("media", FORMS)
async def test_a_form_of_a_foreign_page_counts_as_no_sign_in(platform: Platform, media: str) -> None:
    body = b'{"user":"clerk","password":"x"}'
    async with hosted(platform) as port, httpx.AsyncClient(trust_env=False) as http:
        url = f"http://127.0.0.1:{port}/v1/sign-in"
        codes = [(await http.post(url, content=body, headers={"Content-Type": media})).status_code for _ in range(8)]
        assert codes == [415] * 8
        assert (await http.post(url, json={"user": "clerk", "password": PASSWORD})).status_code == 200


@pytest.mark.parametrize("path", ["/v1/sign-in", "/v1/refresh", "/v1/sign-out", "/v1/commands", "/v1/imports"])
async def test_every_body_is_json_or_not_read(sit: Any, path: str) -> None:
    desk = await sit("system")
    headers = desk.headers | {"Content-Type": "text/plain"}
    answer = await desk.http.post(path, content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://[", "file://"])
async def test_a_foreign_page_may_ask_nothing(platform: Platform, origin: str) -> None:
    async with hosted(platform) as port, httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://127.0.0.1:{port}/health", headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
        own = {"Origin": f"http://127.0.0.1:{port}"}
        assert (await http.get(f"http://127.0.0.1:{port}/health", headers=own)).status_code == 200


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("127.0.0.1", True),
        ("localhost:8765", True),
        ("[::1]:8765", True),
        ("HALL.example:443", True),
        ("east.city.example", True),
        ("a.east.city.example", False),
        ("city.example", False),
        ("evil.example", False),
        ("hall.example.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("hall.example@evil.example", False),
        ("evil.example@localhost", False),
        ("localhost/evil.example", False),
        ("localhost#evil.example", False),
        ("[", False),
        ("", False),
    ],
)
async def test_a_platform_answers_to_its_own_names_alone(platform: Platform, host: str, is_own: bool) -> None:
    async with calling(platform, HALL) as http:
        answer = await http.get("/health", headers={"Host": host})
    assert answer.status_code == (200 if is_own else 421)


async def test_served_it_knows_its_names(platform: Platform) -> None:
    listen = ListenOptions("127.0.0.1", 0, names=("Hall.example",))
    async with hosted(platform, listen=listen) as port, httpx.AsyncClient(trust_env=False) as http:
        url = f"http://127.0.0.1:{port}/health"
        assert (await http.get(url)).status_code == 200
        assert (await http.get(url, headers={"Host": "hall.example"})).status_code == 200
        assert (await http.get(url, headers={"Host": "evil.example"})).status_code == 421


def test_a_certificate_s_names_are_the_platform_s_own(tmp_path: Path) -> None:
    (tmp_path / "hall.pem").write_text(CERTIFICATE)
    own = ListenOptions("0.0.0.0", 0, tmp_path / "hall.pem", names=("2001:DB8:0::1",)).exposure()
    assert all(own.is_own(f"{host}:443") for host in ("hall.example", "a.city.example", "10.0.0.7", "[2001:db8::1]"))
    assert not any(own.is_own(host) for host in ("10.0.0.8", "example", "[2001:db8::2]"))


async def test_figures_are_told_where_they_are_switched_on_to_this_machine_and_the_system(platform: Platform) -> None:
    async with calling(platform) as http:
        assert (await http.get("/metrics")).status_code == 404
    async with calling(platform, Exposure(metrics=True)) as http:
        assert (await http.get("/metrics")).status_code == 200
    async with calling(platform, Exposure(metrics=True), client="10.0.0.9") as http:
        assert (await http.get("/metrics")).status_code == 401
        for user, status in (("clerk", 403), ("system", 200)):
            assert (await (await sit_down(http, user)).get("/metrics")).status_code == status


@pytest.mark.parametrize("sign", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"])
async def test_who_comes_through_a_proxy_on_this_machine_is_not_this_machine(platform: Platform, sign: str) -> None:
    through = {sign: "127.0.0.1"}
    async with calling(platform, Exposure(metrics=True)) as http:
        assert (await http.get("/metrics", headers=through)).status_code == 401
        for user, status in (("clerk", 403), ("system", 200)):
            headers = (await sit_down(http, user)).headers | through
            assert (await http.get("/metrics", headers=headers)).status_code == status


@pytest.mark.parametrize(("peer", "status"), [("::1", 200), ("::ffff:127.0.0.1", 200), ("::ffff:10.0.0.9", 401)])
async def test_this_machine_is_known_however_the_socket_writes_it(platform: Platform, peer: str, status: int) -> None:
    async with calling(platform, Exposure(metrics=True), client=peer) as http:
        assert (await http.get("/metrics")).status_code == status


async def test_no_answer_about_anybody_is_kept_on_the_way(sit: Any, platform: Platform) -> None:
    desk = await sit("dispatcher")
    case = await (await sit("clerk")).take()
    asked = ["hello", "snapshot", "cases", f"cases/{case}", f"cases/{case}/history", "cases/nobody", "figures/summary"]
    answers = [await desk.get(f"/v1/{path}") for path in (*asked, "events?limit=5")]
    answers.append(await desk.post("/v1/commands", {"epoch": 1, "console_id": "c", "commands": []}))
    tokens = await desk.http.post("/v1/sign-in", json={"user": "clerk", "password": PASSWORD})
    answers += [tokens, await desk.http.post("/v1/refresh", json={"refresh": tokens.json()["refresh"]})]
    answers.append(await desk.http.post("/v1/sign-in", json={"user": "clerk", "password": "x"}))
    assert [(one.url.path, one.headers.get("cache-control")) for one in answers if _is_kept(one)] == []
    assert (await desk.get("/v1/places/outline")).headers["cache-control"] == "private, no-cache"


def _is_kept(answer: httpx.Response) -> bool:
    return answer.headers.get("cache-control") != "no-store"
