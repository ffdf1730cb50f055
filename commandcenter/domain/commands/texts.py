"""Checks the free texts of a command: their length, and that they contain no personal numbers."""

from commandcenter.domain.decisions import Command, Refused
from commandcenter.domain.fields import Text, marked
from commandcenter.domain.personal import has_personal_number
from commandcenter.domain.text import TEXT_MOST, clean


def bad_texts(command: Command) -> Refused | None:
    """Refuses the first text of `command` that is missing, too long or contains a personal number."""
    texts = ((name, text.required, getattr(command, name)) for name, text in marked(command, Text))
    checked = ((bad_length(said, name) if required else None) or bad_text(said, name) for name, required, said in texts)
    return next(filter(None, checked), None)


def bad_length(text: str, field: str) -> Refused | None:
    """Refuses a text that is empty or too long."""
    if not clean(text):
        return Refused("nothing_said", field)
    return Refused("too_long", field) if len(clean(text)) > TEXT_MOST else None


def bad_text(text: str, field: str) -> Refused | None:
    """Refuses a text that everybody reads if it is too long or contains a phone, identity card or bank card number."""
    words = clean(text)
    if len(words) > TEXT_MOST:
        return Refused("too_long", field)
    return Refused("personal_number", field) if has_personal_number(words) else None
