"""Lists the guarded fields of each command, for optimistic concurrency.

A command conflicts when somebody else has changed one of them since the revision that its author saw.
"""

GUARDED: dict[str, frozenset[str]] = {
    "file": frozenset({"stage"}),
    "dispatch": frozenset({"stage", "responsible"}),
    "accept": frozenset({"stage", "responsible"}),
    "report": frozenset({"stage", "responsible"}),
    "close": frozenset({"stage"}),
    "apply_return": frozenset({"stage", "responsible"}),
    "approve_return": frozenset({"stage", "responsible", "application"}),
    "deny_return": frozenset({"stage", "responsible", "application"}),
}


def guarded(name: str) -> frozenset[str]:
    """Returns the guarded fields of the command `name`; empty when it never conflicts."""
    return GUARDED.get(name, frozenset())
