"""Builds the OpenAPI 3.1 document from the protocol's own types, the same ones that read and write the wire."""

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from commandcenter.domain import commands, facts, records
from commandcenter.protocol import codec
from commandcenter.protocol.events import EVENTS
from commandcenter.protocol.media import JSON, PROBLEM
from commandcenter.protocol.problems import Problem

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


def json_response_of(shape: type[Any], *, media: str = JSON, title: str = "Done") -> dict[int | str, dict[str, Any]]:
    """Returns the documented 200 answer of a route: a body of `shape` in the media type `media`."""
    return {200: {"description": title, "content": {media: {"schema": _ref(shape.__name__)}}}}


def text_response(media: str, title: str) -> dict[int | str, dict[str, Any]]:
    """Returns the documented 200 answer of a route whose body is text of the media type `media`."""
    return {200: {"description": title, "content": {media: {"schema": {"type": "string"}}}}}


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Returns the documented problem answers for `statuses`, and for 500 and 503, which every route can give."""
    content = {PROBLEM: {"schema": _ref("Problem")}}
    return {status: {"description": _TITLES[status], "content": content} for status in (*statuses, *_ALWAYS_POSSIBLE)}


def request_body(shape: type[Any]) -> dict[str, Any]:
    """Returns the documented JSON request body of a route, which is required."""
    return {"requestBody": {"required": True, "content": {JSON: {"schema": _ref(shape.__name__)}}}}


def openapi_document(app: FastAPI, shapes: tuple[type[Any], ...]) -> dict[str, Any]:
    """Returns the OpenAPI document of `app` with the schemas of `shapes` and of everything in them; builds it once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            openapi_version="3.1.0",
        )
        made.setdefault("components", {}).setdefault("schemas", {}).update(_schemas(shapes))
        app.openapi_schema = made
    return app.openapi_schema


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF.format(name=name)}


def _schemas(shapes: tuple[type[Any], ...]) -> dict[str, Any]:
    inner = (*records.KIND_OF, *commands.NAMES.values(), *facts.NAMES.values())
    wire = (*shapes, Problem, codec.RecordEnvelope, codec.FactEnvelope, *EVENTS.values())
    _, schemas = msgspec.json.schema_components((*wire, *inner), ref_template=_REF)
    for shape, field, meant in (
        ("RecordEnvelope", "record", records.KIND_OF),
        ("FactEnvelope", "fact", facts.NAMES.values()),
        ("CommandEnvelope", "args", commands.NAMES.values()),
    ):
        schemas[shape]["properties"][field] = {"anyOf": [_ref(one.__name__) for one in meant]}
    if "CasePage" in schemas:
        schemas["CasePage"]["properties"]["items"]["items"] = _ref("Case")
    for command in commands.NAMES.values():
        schemas[command.__name__]["additionalProperties"] = False
    return schemas
