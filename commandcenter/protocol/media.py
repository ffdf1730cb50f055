"""Names the media types and headers that console and platform use."""

JSON = "application/json"
GEO_JSON = "application/geo+json"
PROBLEM = "application/problem+json"
NDJSON = "application/x-ndjson"
EVENT_STREAM = "text/event-stream"

CURSOR_TOKEN = "cursor-token"
SCOPE_VERSION = "scope-version"  # of the role by which an answer was read, as in a hello
OUTAGES = "outages"
LAST_EVENT_ID = "last-event-id"


def media_of(content_type: str | None) -> str:
    """Returns the media type of a Content-Type header without its parameters, in lower case; "" without one.

    >>> media_of("Application/JSON; charset=utf-8")
    'application/json'
    """
    return (content_type or "").partition(";")[0].strip().lower()
