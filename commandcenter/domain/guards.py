"""Which fields a command is guarded by: it conflicts when somebody else changed one of them since it was made."""

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
    """The guarded fields of the command called `name`; empty when it always merges."""
    return GUARDED.get(name, frozenset())
