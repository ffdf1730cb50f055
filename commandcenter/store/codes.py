"""Small integers for words that repeat: what a column of enums or ids holds instead of text."""


class Codes:
    """Words by code, in the order in which they were first seen; code 0 is "nothing"."""

    def __init__(self) -> None:
        self.words: list[str] = [""]
        self._code = {"": 0}

    def code(self, word: str | None) -> int:
        """The code of `word`, a new one when it was never seen."""
        key = word or ""
        found = self._code.get(key)
        if found is None:
            found = self._code[key] = len(self.words)
            self.words.append(key)
        return found

    def known(self, word: str) -> int | None:
        """The code of `word` if it was seen."""
        return self._code.get(word)
