"""Maps strings that repeat (enum values, ids) to small integers, which a column holds instead of text."""


class Codes:
    """Strings by code, in the order of their first use; code 0 is the empty string."""

    def __init__(self) -> None:
        self.words: list[str] = [""]
        self._code = {"": 0}

    def code(self, word: str | None) -> int:
        """Returns the code of `word` (None counts as empty); a new string gets the next code."""
        key = word or ""
        found = self._code.get(key)
        if found is None:
            found = self._code[key] = len(self.words)
            self.words.append(key)
        return found

    def known(self, word: str) -> int | None:
        """Returns the code of `word`, or None when it has none."""
        return self._code.get(word)
