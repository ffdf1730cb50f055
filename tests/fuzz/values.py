"""Makes values for the schemas of an OpenAPI document: most are valid, some spoilt in ways known to do harm."""

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

from commandcenter.domain import commands, facts, records

Known = Mapping[str, Callable[[], Any]]
ENVELOPES = {  # the name decides the schema of the content: title → (name field, content field, types by name)
    "CommandEnvelope": ("type", "args", commands.NAMES),
    "RecordEnvelope": ("kind", "record", {name: kind.type for name, kind in records.KINDS.items()}),
    "FactEnvelope": ("type", "fact", facts.NAMES),
}
MOMENTS = ("2026-11-24T04:00:00Z", "2026-11-01T00:00:00Z", "2027-01-01T00:00:00+08:00")
REF = "kind:id"  # under this name `known` makes the keys of a map by records
WORDS = ("", "积水", "路口", "x", "  ", "1", "-1", "null", "true", "2026-11-24", "𠮷", "e\u0301")
ATTACKS = (
    *(
        "' OR 1=1 --",
        "'; DROP TABLE cases; --",
        '" OR ""="',
        "1; SELECT pg_sleep(9)",
        "x' UNION SELECT body FROM cases--",
    ),
    *("%", "_", "%_%", "\\", "*", "NEAR(", '"', "a AND b OR NOT c", "^", "case_words", "{}", "-"),
    *(
        "\u0000",
        "\u202e",
        "\u200b",
        "\ufeff",
        "\r\nX-Evil: 1",
        "../../etc/passwd",
        "%2e%2e/",
        "CON",
        "C:\\x",
        "file:///x",
    ),
    *("=1+1", "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "%s%n", "__proto__", "constructor", "case:", ":", "1:"),
)
NUMBERS = (
    0,
    -1,
    1,
    2**31,
    2**53 + 1,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    2**64,
    10**40,
    0.5,
    -0.0,
    1e308,
    True,
    "1",
    "1e3",
)
RAWS = (  # raw JSON that no encoder makes
    *(b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-0", b"01", b"'x'", b'"\\ud800"', b'"\\udc00\\ud800"', b'"\xff"'),
    *(b"[" * 1000 + b"]" * 1000, b'{"a":' * 1000 + b"1" + b"}" * 1000, b"[" * 20_000, b"", b"undefined", b'"\x00"'),
)
SURPLUS = ("role", "rev", "actor", "street", "user", "by", "id", "number", "stage", "district", "at", "__class__", "")
_LONG = ("长" * 5_000, "9" * 200_000, "a " * 3_000)


class Maker:
    """Makes random values for the schemas in `document`; `known` makes the values of fields by name.

    `spoils` counts the spoilt values.
    """

    def __init__(self, document: Mapping[str, Any], chance: random.Random, known: Known) -> None:
        self.spoils = 0
        self._schemas = document["components"]["schemas"]
        self._chance = chance
        self._known = known
        self._raws: list[bytes] = []

    def text(self, schema: Mapping[str, Any], name: str, *, spoil: float) -> str:
        """Returns a value as text for a path, a query or a header."""
        some = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]  # left out, never null
        value = self._value(some[0] if some else schema, name, spoil)
        return value if isinstance(value, str) else json.dumps(value)

    def texts(self, schema: Mapping[str, Any], name: str, *, spoil: float) -> list[str]:
        """Returns the values of a parameter, which may be given several times."""
        if self._plain(schema).get("type") == "array":
            count = 60 if self._chance.random() < spoil else self._chance.choice((1, 1, 2))
            return [self.text(schema["items"], name, spoil=spoil) for _ in range(count)]
        return [self.text(schema, name, spoil=spoil)] * self._chance.choice((1, 1, 1, 1, 2))

    def body(self, schema: Mapping[str, Any], *, spoil: float) -> bytes:
        """Returns a JSON body; with probability `spoil` it is broken as a whole."""
        self._raws.clear()
        raw = json.dumps(self._value(schema, "", spoil), ensure_ascii=self._chance.random() < 0.5)
        made = raw.encode(errors="surrogatepass")
        for number, bytes_ in enumerate(self._raws):
            made = made.replace(b'"@raw%d@"' % number, bytes_)
        return self._broken(made) if self._chance.random() < spoil else made

    def _value(self, schema: Mapping[str, Any], name: str, spoil: float) -> Any:
        if self._chance.random() < spoil:
            self.spoils += 1
            return self._spoilt()
        if name in self._known and self._chance.random() < 0.98:
            return self._known[name]()
        return self._good(self._plain(schema), name, spoil)

    def _good(self, schema: Mapping[str, Any], name: str, spoil: float) -> Any:
        if "anyOf" in schema:
            return self._value(self._chance.choice(schema["anyOf"]), name, spoil)
        if "enum" in schema:
            return self._chance.choice(schema["enum"])
        match schema.get("type"):
            case "object":
                return self._object(schema, spoil)
            case "array":
                count = self._chance.choice((0, 1, 1, 1, 1, 2, 3))
                return [self._value(schema.get("items", {}), name, spoil) for _ in range(count)]
            case "integer" | "number":
                return self._chance.choice((1, 2, 3, 3, 50, 117.3 if schema["type"] == "number" else 0))
            case "boolean":
                return self._chance.random() < 0.5
            case "null":
                return None
            case "string" if schema.get("format") == "date-time":
                return self._chance.choice(
                    ("2026-11-24T04:00:00Z", "2026-11-01T00:00:00Z", "2027-01-01T00:00:00+08:00")
                )
        return self._chance.choice(WORDS)

    def _object(self, schema: Mapping[str, Any], spoil: float) -> dict[str, Any]:
        made = {}
        needed = schema.get("required", ())
        for name, inner in schema.get("properties", {}).items():
            if (name in needed and self._chance.random() > spoil / 4) or (
                name not in needed and self._chance.random() < 0.6
            ):
                made[name] = self._value(inner, name, spoil)
        more = schema.get("additionalProperties")
        if isinstance(more, Mapping):
            made |= {str(self._value({}, REF, spoil))[:80]: self._value(more, "", spoil) for _ in range(3)}
        if self._chance.random() < spoil:
            self.spoils += 1
            made[self._chance.choice(SURPLUS)] = self._spoilt()
        return self._enveloped(schema.get("title", ""), made, spoil)

    def _enveloped(self, title: str, made: dict[str, Any], spoil: float) -> dict[str, Any]:
        if title in ENVELOPES and self._chance.random() > spoil:
            named, inside, names = ENVELOPES[title]
            made[named] = self._chance.choice(tuple(names))
            made[inside] = self._value({"$ref": f"#/{names[made[named]].__name__}"}, "", spoil)
        if title == "ImportBatch":
            made["commands"] = [self._value({"$ref": "#/Import"}, "", spoil) for _ in range(self._chance.randrange(3))]
        return made

    def _plain(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        return schema

    def _spoilt(self) -> Any:
        pick = self._chance.random()
        if pick < 0.35:
            return self._chance.choice(ATTACKS)
        if pick < 0.55:
            return self._chance.choice(NUMBERS)
        if pick < 0.6:
            return self._chance.choice(_LONG)
        if pick < 0.75:
            return self._chance.choice((None, [], {}, [[]], {"": {}}, [None] * 200, False))
        self._raws.append(self._chance.choice(RAWS))
        return f"@raw{len(self._raws) - 1}@"

    def _broken(self, raw: bytes) -> bytes:
        self.spoils += 1
        at = self._chance.randrange(len(raw) + 1)
        return self._chance.choice(
            (raw[:at], raw + b"}", b"\xef\xbb\xbf" + raw, raw[:at] + b"\xff" + raw[at:], b"", raw * 2, b" " * 1_000_001)
        )
