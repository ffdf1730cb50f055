"""Schemathesis asks every operation of the OpenAPI document under every role: no 5xx, each answer as the document says.

It knows nothing of the protocol but the document; `fuzz` beside it knows envelopes, scopes and secrets.
"""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from requests import Request as Asked
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

from commandcenter.domain.people import Person, Role
from commandcenter.protocol import paths
from commandcenter.protocol.messages import CasePage
from commandcenter.server.app import create_app
from commandcenter.server.gate import Exposure
from commandcenter.server.queries import case_lists
from commandcenter.server.routes import figures
from tests.fuzz.caller import Heard, Request, call
from tests.fuzz.hall import Hall, canary_hall
from tests.kit.district import NOON

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
MOST = {GenerationMode.POSITIVE: 1, GenerationMode.NEGATIVE: 1}  # requests of each operation under each role
QUIET = settings(
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
HOST = "http://platform"
Reached = set[tuple[str, int]]  # operations with the statuses of their answers


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with canary_hall(tmp_path_factory.mktemp("document")) as made:
        yield made


def ask_all(hall: Hall, person: Person | None) -> tuple[Reached, list[str]]:
    """Asks every operation as `person` (None: nobody); returns what was reached and what is wrong."""
    app = create_app(hall.platform, Exposure(metrics=True))
    schema, reached, wrong = schemathesis.openapi.from_dict(app.openapi()), Reached(), list[str]()
    with asyncio.Runner() as runner:
        token = "" if person is None else runner.run(hall.token(person))

        def answer(case: Any) -> None:
            heard = runner.run(call(app, sent(case, token)))
            reached.add((case.operation.label, heard.status))
            case.validate_response(as_read(heard, case), checks=CHECKS)

        for operation in (found.ok() for found in schema.get_all_operations()):
            for mode, most in MOST.items():
                wrong += _run(operation.as_strategy(mode), most, answer)
            wrong += _run(_known(operation, hall, person), 2, answer)
    return reached, wrong


def _known(operation: Any, hall: Hall, person: Person | None) -> Any:
    """Returns what only the hall can know: a case that the person sees, commands of its day."""
    seen = (
        one.record[1] for one in hall.canaries if one.record and one.record[0] == "case" and hall.may_see(person, one)
    )
    case_id = next(seen, next(iter(hall.cases.values()))[0])

    def of_the_day(case: Any) -> Any:
        for envelope in case.body["commands"]:
            envelope |= {"made_at": NOON.isoformat(), "attested": None}
            envelope["args"] |= {"case": case_id} if "case" in envelope["args"] else {}
        return case

    if operation.path == paths.COMMANDS:
        return operation.as_strategy().map(of_the_day)
    return operation.as_strategy(path_parameters={"id": case_id} if "{id}" in operation.path else None)


def _run(cases: Any, most: int, answer: Callable[[Any], None]) -> list[str]:
    @settings(QUIET, max_examples=most)
    @given(case=cases)
    def one(case: Any) -> None:
        answer(case)

    try:
        one()
    except Unsatisfiable:
        return []  # there is nothing to ask wrongly
    except (Failure, FailureGroup) as failure:
        return [str(failure)]
    return []


def sent(case: Any, token: str) -> Request:
    """Returns the request that schemathesis would send, with the token of the role."""
    ready = Asked(**case.as_transport_kwargs(base_url=HOST)).prepare()
    assert ready.url is not None
    assert ready.method is not None
    parts, body = urlsplit(ready.url), ready.body or b""
    shown = [(name.lower(), _text(value)) for name, value in ready.headers.items() if name.lower() != "authorization"]
    shown += [("authorization", f"Bearer {token}")] if token else []
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return Request(
        ready.method, unquote(parts.path), query, tuple(shown), body if isinstance(body, bytes) else body.encode()
    )


def as_read(heard: Heard, case: Any) -> schemathesis.Response:
    """Returns the answer as schemathesis reads it."""
    asked = Asked(**case.as_transport_kwargs(base_url=HOST)).prepare()
    return schemathesis.Response(
        heard.status, {name: [value] for name, value in heard.headers.items()}, heard.body, asked, 0.0, False
    )


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def _seat(hall: Hall, role: Role) -> Person:
    return next(one for one in hall.people if one is not None and one.role is role)


@pytest.mark.expects_log("cursor tokens shown that this platform did not make")
@pytest.mark.parametrize("role", [None, *Role])
def test_every_operation_answers_every_role_as_the_document_says(hall: Hall, role: Role | None) -> None:
    reached, wrong = ask_all(hall, role and _seat(hall, role))
    assert wrong == []
    assert len({operation for operation, _ in reached}) >= 19
    assert {("POST /v1/commands", 401 if role is None else 200), ("GET /health", 200)} <= reached


@pytest.mark.expects_log("cursor tokens shown that this platform did not make")
@pytest.mark.expects_log("GET /v1/figures/summary")
def test_an_answer_that_the_document_does_not_know_is_found_out(hall: Hall) -> None:
    page = CasePage(items=(msgspec.Raw(b'{"stage":"sung"}'),), total=1, next=None)
    with (
        patch.object(case_lists, "page", lambda *given, **more: page),
        patch.object(figures.figures, "summary", lambda *given, **more: 1 // 0),
    ):
        _, wrong = ask_all(hall, _seat(hall, Role.DISPATCHER))
    assert any("Server error" in one and "/v1/figures/summary" in one for one in wrong)
    assert any("Response violates schema" in one and "/v1/cases" in one for one in wrong)


@pytest.mark.parametrize(
    "field",
    [("Hello", "now"), ("CommandEnvelope", "made_at"), ("Case", "due"), ("Superior", "due"), ("Adoption", "at")],
)
def test_the_document_says_of_each_moment_that_it_is_one(hall: Hall, field: tuple[str, str]) -> None:
    shape, name = field
    said = create_app(hall.platform).openapi()["components"]["schemas"][shape]["properties"][name]
    assert said.get("anyOf", [said])[0] == {"type": "string", "format": "date-time"}
