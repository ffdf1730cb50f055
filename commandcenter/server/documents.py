"""Builds the OpenAPI 3.1 document from the protocol's own types, the same ones that read and write the wire."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import msgspec.inspect
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from commandcenter.domain import commands, facts, records
from commandcenter.domain.cases import Case
from commandcenter.protocol.events import EVENTS
from commandcenter.protocol.limits import COMMANDS_MOST
from commandcenter.protocol.media import EVENT_STREAM, JSON, PROBLEM
from commandcenter.protocol.problems import Problem
from commandcenter.server.identifiers import PLAIN, UUID

_REF = "#/components/schemas/{name}"
_TITLES = {
    400: "Not understood",
    401: "Sign in again",
    403: "Not this role, or none at this moment",
    404: "Not there, or not to be seen",
    408: "The body came too slowly",
    409: "Another epoch",
    410: "Older than what can be streamed",
    413: "Too long",
    415: "Not JSON",
    422: "Not what it has to be",
    429: "Wait",
    500: "The platform's mistake",
    503: "Cannot be done now",
}
_ALWAYS_POSSIBLE = (500, 503)  # of every route: an error of the platform, a database that cannot write
READ = (401, 403, 404, 422, 429)  # the problems of what reads as a signed-in user
WRITE = (401, 403, 408, 413, 415, 422, 429)  # the problems of what takes a body
_COMMAND_ID = {"type": "string", "pattern": f"^{UUID}$"}
_NAMED: dict[str, type[Any]] = {}  # the types that routes and events name, by the names of their schemas


def json_response_of(shape: type[Any], *, media: str = JSON, title: str = "Done") -> dict[int | str, dict[str, Any]]:
    """Returns the documented 200 answer of a route: a body of `shape` in the media type `media`."""
    return {200: {"description": title, "content": {media: {"schema": _ref(shape)}}}}


def stream_response(title: str) -> dict[int | str, dict[str, Any]]:
    """Returns the documented 200 answer of the stream: server-sent events, each with a message as its data."""
    events = [
        {
            "type": "object",
            "required": ["event", "data"],
            "properties": {
                "id": {"type": "string"},
                "event": {"const": event},
                "data": {"type": "string", "contentMediaType": JSON, "contentSchema": _ref(shape)},
            },
        }
        for event, shape in EVENTS.items()
    ]
    return {200: {"description": title, "content": {EVENT_STREAM: {"schema": {"oneOf": events}}}}}


def text_response(media: str, title: str) -> dict[int | str, dict[str, Any]]:
    """Returns the documented 200 answer of a route whose body is text of the media type `media`."""
    return {200: {"description": title, "content": {media: {"schema": {"type": "string"}}}}}


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Returns the documented problem answers for `statuses`, and for 500 and 503, which every route can give."""
    content = {PROBLEM: {"schema": _ref(Problem)}}
    return {status: {"description": _TITLES[status], "content": content} for status in (*statuses, *_ALWAYS_POSSIBLE)}


def request_body(shape: type[Any]) -> dict[str, Any]:
    """Returns the documented JSON request body of a route, which is required."""
    return {"requestBody": {"required": True, "content": {JSON: {"schema": _ref(shape)}}}}


def reads(summary: str, answer: type[Any], problems: Iterable[int] = READ) -> dict[str, Any]:
    """Returns the documentation of a route that reads, for its decorator: what it is for and what it answers."""
    return {"summary": summary, "responses": json_response_of(answer) | problem_responses(*problems)}


def writes(summary: str, answer: type[Any], body: type[Any], problems: Iterable[int] = WRITE) -> dict[str, Any]:
    """Returns the documentation of a route that takes a `body`, for its decorator."""
    return reads(summary, answer, problems) | {"openapi_extra": request_body(body)}


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """Returns the OpenAPI document of `app` with the schemas of all types that its routes name; builds it once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        made.setdefault("components", {}).setdefault("schemas", {}).update(_schemas())
        app.openapi_schema = made
    return app.openapi_schema


def _ref(shape: type[Any]) -> dict[str, str]:
    _NAMED[shape.__name__] = shape
    return {"$ref": _REF.format(name=shape.__name__)}


def _schemas() -> dict[str, Any]:
    refs = {
        ("RecordEnvelope", "record"): {"anyOf": [_ref(one) for one in records.KIND_OF]},
        ("FactEnvelope", "fact"): {"anyOf": [_ref(one) for one in facts.NAMES.values()]},
        ("CommandEnvelope", "args"): {"anyOf": [_ref(one) for one in commands.NAMES.values()]},
        ("CommandEnvelope", "type"): {"enum": list(commands.NAMES)},
        ("CommandEnvelope", "cmd_id"): _COMMAND_ID,
        ("CommandEnvelope", "dep"): {"anyOf": [_COMMAND_ID, {"type": "null"}]},
        ("CommandEnvelope", "replaces"): {"anyOf": [_COMMAND_ID, {"type": "null"}]},
        ("Attestation", "act"): _COMMAND_ID,
        ("CommandBatch", "console_id"): {"type": "string", "pattern": f"^{PLAIN}$"},
        ("CasePage", "items"): {"type": "array", "items": _ref(Case)},
    }
    _, schemas = msgspec.json.schema_components(_NAMED.values(), ref_template=_REF)
    for shape, field in _moments(msgspec.inspect.multi_type_info(_NAMED.values())):
        said = schemas[shape]["properties"][field]
        said.get("anyOf", [said])[0]["format"] = "date-time"
    for (shape, field), meant in refs.items():
        schemas[shape]["properties"][field] = meant
    schemas["CommandBatch"]["properties"]["commands"] |= {"minItems": 1, "maxItems": COMMANDS_MOST}
    for command in commands.NAMES.values():
        schemas[command.__name__]["additionalProperties"] = False
    return schemas


def _moments(types: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yields the fields, as (type, field), that are moments: msgspec documents them as texts of any form."""
    for one in types:
        for field in getattr(one, "fields", ()):
            parts = getattr(field.type, "types", (field.type,))
            if any(isinstance(part, msgspec.inspect.DateTimeType) for part in parts):
                yield one.cls.__name__, field.encode_name
            yield from _moments(part if not hasattr(part, "item_type") else part.item_type for part in parts)
