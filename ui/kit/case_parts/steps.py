"""The steps of a case, the same on every screen: the shortcut key of each, and its verb on the command line."""

KEYS = {
    "file": "I", "dispatch": "P", "approve_return": "Y", "deny_return": "N",
    "accept": "Q", "report": "F", "apply_return": "T", "close": "J",
}  # fmt: skip
VERBS = {
    "file": "la", "dispatch": "pd", "approve_return": "ty", "deny_return": "bty",
    "accept": "qs", "report": "fk", "apply_return": "th", "close": "ja",
}  # fmt: skip
