"""The HTTP routes, one module per noun, each with its `router`."""

from commandcenter.server.routes import (
    accounts,
    adoptions,
    audit,
    cases,
    commands,
    districts,
    events,
    figures,
    health,
    hello,
    imports,
    metrics,
    places,
    references,
    settings,
    sign_in,
    snapshot,
)

ROUTERS = tuple(
    room.router
    for room in (
        sign_in,
        hello,
        snapshot,
        events,
        commands,
        cases,
        figures,
        places,
        imports,
        adoptions,
        accounts,
        districts,
        references,
        settings,
        audit,
        health,
        metrics,
    )
)
