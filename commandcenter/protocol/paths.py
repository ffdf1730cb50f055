"""The names of the wire: every path of the platform's API, once."""

SIGN_IN = "/v1/sign-in"
REFRESH = "/v1/refresh"
HELLO = "/v1/hello"
SNAPSHOT = "/v1/snapshot"
EVENTS = "/v1/events"
COMMANDS = "/v1/commands"
CASES = "/v1/cases"
CASE = "/v1/cases/{id}"
HISTORY = "/v1/cases/{id}/history"
FIGURES = "/v1/figures/summary"
SEAT_DAY = "/v1/figures/day"
PLACES = "/v1/places/{layer}"
IMPORTS = "/v1/imports"
HEALTH = "/health"
METRICS = "/metrics"

PLACE_LAYERS = ("outline", "streets", "grids")
