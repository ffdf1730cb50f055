"""The reasons for which a platform refuses a row, as text for the file of rejects."""

_WORDS = {
    "worked_here": "this hall has acted on the case ({about}); what the other system changed since was not taken over",
    "id_taken": "the case is this hall's own, or beyond whoever imports",
    "other_street": "the street or holder {about} is beyond whoever imports",
    "other_community": "the community {about} lies in another street",
    "not_yours": "whoever imports is not responsible for it",
    "bad_time": "{about} is not a time that a case can have",
    "off_the_map": "the position is not on the earth",
    "too_long": "{about} is too long",
    "bad_id": "{about} cannot be an id",
    "personal_number": "{about} holds a telephone, identity or bank card number",
    "role": "the account may not import",
    "unreadable": "the row is not what an import takes: {about}",
}
_UNKNOWN = "unknown_"


def refusal_text(code: str | None, about: str | None) -> str:
    """Returns the reason for a person; a code without a text stands as it is.

    >>> refusal_text("unknown_kind", "k-1"), refusal_text("new_one", None)
    ('there is no kind k-1 in the district', 'new_one')
    """
    code, about = code or "", about or ""
    if code.startswith(_UNKNOWN):
        return f"there is no {code.removeprefix(_UNKNOWN)} {about} in the district"
    return _WORDS[code].format(about=about) if code in _WORDS else f"{code} {about}".strip()
