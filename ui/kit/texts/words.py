"""Texts of the UI: Chinese is the source, English is looked up, and the language can be switched at run time."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from resources import path

LANGUAGES = ("zh", "en")
_COUNTED = re.compile(r"\{(\w+)\}([^{}\[\]]*)\[([^|\]]*)(\|?)([^\]]*)\]")


class Words(Protocol):
    """Anything whose ``str()`` is the text to show now: a plain str (data), a Phrase or a Term (translated)."""

    def __str__(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Phrase:
    """A Chinese source text with its values; ``str()`` returns it in the current language."""

    source: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self.source, **self.values)


@dataclass(frozen=True, slots=True)
class Term:
    """The term for an id of the core; ``str()`` returns it in the current language."""

    table: str
    key: str
    short: bool = False

    def __str__(self) -> str:
        return word(self.table, self.key, short=self.short)


@dataclass(frozen=True, slots=True)
class FilledTerm:
    """A term that is a sentence with ``{name}`` for values; ``str()`` returns it in the current language."""

    table: str
    key: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return _filled(word(self.table, self.key), self.values)


class Wordbook(QTranslator):
    """Translates Chinese sources to English in any context; a source without English stays Chinese."""

    def isEmpty(self) -> bool:
        return not english()

    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str:
        return english().get(sourceText, sourceText)


def say(source: str, /, **values: Any) -> str:
    """Returns ``source`` (Chinese, ``{name}`` for values) in the current language.

    Raises KeyError for a missing value.
    """
    text = QCoreApplication.translate("ui", source)
    return _filled(text, values) if values else text


def phrase(source: str, /, **values: Any) -> Phrase:
    """Like ``say``, but evaluated at each ``str()``: widgets that get it follow the language.

    A value may itself be a Phrase or Term.
    """
    return Phrase(source, values)


def word(table: str, key: str, *, short: bool = False) -> str:
    """Returns the term for a core id, e.g. ``word("stage", "dispatched")``; an unknown id is returned as it is."""
    entry = terms().get(table, {}).get(key)
    if entry is None:
        return key
    return entry.get(f"{_spoken.language}_short" if short else _spoken.language, entry[_spoken.language])


def term(table: str, key: str, *, short: bool = False) -> Term:
    """Like ``word``, but evaluated at each ``str()``."""
    return Term(table, key, short)


def spoken() -> str:
    """Returns the current language, "zh" or "en"."""
    return _spoken.language


def speak(language: str) -> None:
    """Switches the UI to "zh" or "en"; Qt sends LanguageChange to every widget.

    Raises ValueError for another language, RuntimeError without an application.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("no application")
    _spoken.language = language
    for old in _spoken.books:
        app.removeTranslator(old)
    _spoken.books = [Wordbook()] if language == "en" else _qt_in_chinese()
    for book in _spoken.books:
        app.installTranslator(book)


def _filled(text: str, values: Mapping[str, Any]) -> str:
    """Returns `text` with its values; in English "case[s]" and "[needs|need]" follow the number before them."""
    if "[" in text and _spoken.language == "en":
        text = _COUNTED.sub(lambda found: _counted(found, values), text)
    return text.format_map(values)


def _counted(found: re.Match[str], values: Mapping[str, Any]) -> str:
    number, between, one, bar, many = found.groups()
    if not bar:
        one, many = "", one
    return f"{{{number}}}{between}{one if str(values[number]) == '1' else many}"


@lru_cache(maxsize=1)
def english() -> dict[str, str]:
    """Returns Chinese source → English, from resources/i18n/en*.toml (a ui package may add a file of its own)."""
    return {key: text for file in _files("en*.toml") for key, text in file.items() if isinstance(text, str)}


@lru_cache(maxsize=1)
def terms() -> dict[str, dict[str, dict[str, str]]]:
    """Returns table → id → {zh, en, zh_short?, en_short?}, from resources/i18n/terms*.toml."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for file in _files("terms*.toml"):
        for name, entries in file.items():
            tables.setdefault(name, {}).update(entries)
    return tables


@dataclass(slots=True)
class _Spoken:
    language: str = "zh"
    books: list[QTranslator] = field(default_factory=list)


_spoken = _Spoken()


def _files(pattern: str) -> list[dict[str, Any]]:
    return [tomllib.loads(file.read_text(encoding="utf-8")) for file in sorted(path("i18n").glob(pattern))]


def _qt_in_chinese() -> list[QTranslator]:
    """Returns Qt's Chinese translator, without which Qt's own texts (the menu of a text field) are English."""
    book = QTranslator()
    found = book.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    return [book] if found else []
