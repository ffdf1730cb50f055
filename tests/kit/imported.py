"""A row of another system's cases, in the form that `/v1/imports` accepts."""

ROW = {
    "case": "ext-1",
    "channel": "hotline",
    "external": "23-1",
    "source_hash": "a",
    "stage": "filed",
    "tier": "street",
    "received_at": "2026-11-24T01:00:00Z",
    "kind": "lid",
    "text": "井盖缺失",
    "street": "east",
}
