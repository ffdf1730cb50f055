"""Whatever is sent, the answer is a problem of RFC 9457 and never the platform's own mistake; and all is documented."""

import json
import re
from typing import Any

import httpx
import pytest

from commandcenter.server.app import create_app
from commandcenter.server.gate import Exposure
from commandcenter.server.platform import Platform
from tests.kit.platform import calling, new_id, sit_down, wish

JSON = {"Content-Type": "application/json"}
TAKE = {"channel": "hotline", "kind": "water", "text": "积水", "place": "路口", "street": "east"}


def _is_problem(answer: httpx.Response, status: int) -> bool:
    body = answer.json()
    said = answer.headers["content-type"] == "application/problem+json" and body["status"] == status
    return (
        said
        and answer.status_code == status
        and {"type", "title", "code"} <= body.keys()
        and "Traceback" not in answer.text
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/cases/", 404),
        ("DELETE", "/v1/cases", 405),
        ("GET", "/v1/sign-in", 405),
        ("GET", "/v1/hello", 401),
        ("GET", "/v1/events", 401),
        ("GET", "/v1/snapshot", 401),
        ("POST", "/v1/imports", 401),
        ("POST", "/v1/commands", 401),
        ("GET", "/v1/places/grids", 401),
        ("POST", "/v1/sign-in", 415),
    ],
)
async def test_without_a_seat(http: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    assert _is_problem(await http.request(method, path), status)
    assert _is_problem(await http.request(method, path, headers={"Authorization": "Bearer x"}), status)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff",
        b"<html>",
        b'{"user":"a"}',
        b'{"user":1,"password":"x"}',
        b"[" * 100_000,
        b'{"user":"a","password":"b","role":"system"}',
        b'{"user":"\\ud800","password":"x"}',
        b'{"user":NaN,"password":"x"}',
        b'{"user":"a","user":"b","password":"c","x":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    ],
)
async def test_bodies_that_are_none(http: httpx.AsyncClient, raw: bytes) -> None:
    assert _is_problem(await http.post("/v1/sign-in", content=raw, headers=JSON), 422)


async def test_a_body_of_more_than_a_megabyte(sit: Any) -> None:
    desk = await sit("clerk")
    assert _is_problem(await desk.post("/v1/commands", b" " * 1_000_001), 413)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "boss"},
        {"role": "system"},
        {"rev": 9},
        {"cmd_id": "x"},
        {"cmd_id": "../../etc"},
        {"bases": {"a": "b"}},
        {"made_at": "yesterday"},
        {"dep": "x"},
        {"args": None, "type": None},
    ],
)
async def test_wishes_that_say_too_much_or_too_little(sit: Any, change: dict[str, Any]) -> None:
    desk = await sit("clerk")
    batch = {"epoch": 1, "console_id": "c", "commands": [wish("take", case=new_id(), **TAKE) | change]}
    assert _is_problem(await desk.post("/v1/commands", batch), 422)


@pytest.mark.parametrize("change", [{"console_id": "a b"}, {"commands": []}, {"user": "boss"}, {"epoch": "1"}])
async def test_batches_that_are_none(sit: Any, change: dict[str, Any]) -> None:
    desk = await sit("clerk")
    batch = {"epoch": 1, "console_id": "c", "commands": [wish("take", case=new_id(), **TAKE)]} | change
    assert _is_problem(await desk.post("/v1/commands", batch), 422)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("take", {"by": "boss"}),
        ("take", {"rev": 3}),
        ("take", {"number": "SY-1"}),
        ("take", {"stage": "closed"}),
        ("take", {"case": "../x"}),
        ("take", {"case": "x" * 200}),
        ("take", {"street": 7}),
        ("grab", {}),
        ("take", {"spot": [1, 2]}),
        ("take", {"sealed": "%%%", "petitioner": "p"}),
        ("take", {"sealed": "AAAA", "petitioner": "p"}),
        ("take", {"sealed": "A" * 200}),
        ("take", {"petitioner": "张三 13800001111"}),
        ("take", {"place": "长" * 5_000}),
        ("take", {"external": "9" * 5_000}),
    ],
)
async def test_a_command_that_cannot_be_read_is_refused_alone(sit: Any, name: str, change: dict[str, Any]) -> None:
    desk = await sit("clerk")
    bad = wish(name, **({"case": new_id()} | TAKE | change))
    good = wish("take", case=new_id(), **TAKE)
    results = await desk.send(bad, good)
    assert [one["status"] for one in results] == ["refused", "applied"]
    assert (await desk.get("/v1/cases")).json()["total"] == 1


@pytest.mark.parametrize(
    "args",
    [
        b'{"case":"\\ud800"}',
        b'{"case":1e999}',
        b'{"spot":{"lon":NaN}}',
        b"[" * 50_000 + b"]" * 50_000,
        b"[]",
        b"1",
        b'"x"',
        b'{"case":"\\u0000"}',
    ],
)
async def test_arguments_out_of_this_world(sit: Any, args: bytes) -> None:
    desk = await sit("clerk")
    marked = wish("take") | {"args": "here"}
    batch = json.dumps({"epoch": 1, "console_id": "c", "commands": [marked]}).encode()
    answer = await desk.post("/v1/commands", batch.replace(b'"here"', args))
    assert answer.status_code in (200, 422)
    assert "applied" not in answer.text


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE cases; --", "\u0000", "‮", "%_", "{{7*7}}", "=1+1", "\\", "𠮷" * 500, "<script>"]
)
async def test_strange_text_is_text(sit: Any, text: str) -> None:
    clerk = await sit("clerk")
    case = await clerk.take(text=f"x{text}x", place=f"路口{text}", external=text)
    unseen = text in ("\u0000", "‮")  # what nobody sees is not kept
    assert (await clerk.get(f"/v1/cases/{case}")).json()["text"] == ("xx" if unseen else f"x{text}x")
    for params in ({"q": text[:200]}, {"street": text}, {"kind": text}):
        assert (await clerk.get("/v1/cases", **params)).status_code == 200


async def test_a_crew_is_somewhere_on_earth(sit: Any) -> None:
    unit, there = await sit("east-urban"), {"crew": "east-crew", "status": "available"}
    assert (await unit.do("locate_crew", spot={"lon": 1e300, "lat": 0}, **there))["code"] == "off_the_map"
    assert (await unit.do("locate_crew", spot={"lon": 117.3, "lat": 31.8}, **there))["status"] == "applied"


async def test_huge_numbers_are_only_numbers(sit: Any) -> None:
    clerk, shift = await sit("clerk"), await sit("shift")
    case = await clerk.take()
    assert (await shift.do("file", case=case, bases={f"case:{case}": 10**30}))["status"] == "conflict"
    assert (await shift.do("file", case=case, bases={f"case:{case}": -(10**30)}))["status"] == "conflict"
    shift.epoch = 10**30
    assert (await shift.do("file", case=case, bases={}))["status"] == "wrong_epoch"


async def test_the_document_describes_every_route_and_answer(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    referred = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert referred <= document["components"]["schemas"].keys()
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            assert "500" in said["responses"], (path, method)
            assert all(answer.get("content") for status, answer in said["responses"].items() if status != "304")
            assert ("401" in said["responses"]) == (path not in ("/health", "/v1/sign-out")), path
            assert "HTTPValidationError" not in json.dumps(said)
            assert all(
                kind["schema"] for answer in said["responses"].values() for kind in answer.get("content", {}).values()
            )
            assert (method == "post") == ("requestBody" in said)
    assert document["components"]["schemas"]["SignInRequest"]["additionalProperties"] is False


async def test_our_own_mistake_is_a_problem_without_a_trace(platform: Platform) -> None:
    app = create_app(platform)

    async def broken() -> None:
        raise RuntimeError("secret")

    app.add_api_route("/broken", broken)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://platform") as http:
        answer = await http.get("/broken")
    assert _is_problem(answer, 500)
    assert "secret" not in answer.text


async def test_health_and_metrics_say_nothing_of_the_district(platform: Platform) -> None:
    async with calling(platform, Exposure(metrics=True)) as http:
        clerk = await sit_down(http, "clerk")
        await clerk.take()
        assert (await http.get("/health")).json() == {"status": "ok", "proto": 1}
        metrics = (await http.get("/metrics")).text
    assert "commandcenter_commits_total" in metrics
    assert "d1" not in metrics
