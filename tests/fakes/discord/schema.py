"""As much of JSON Schema (2020-12) as OpenAPI files use, so that the tests need no library for it. Knows no Discord."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_TYPES: Mapping[str, Any] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
    "null": type(None),
}  # fmt: skip


def differences(value: Any, schema: Any, whole: Any, at: str = "") -> Iterator[str]:
    """Where a value is not as its schema says. whole: the document that #/references are looked up in."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        yield from differences(value, _look_up(whole, schema["$ref"]), whole, at)
    if not _is_a(value, schema.get("type")):
        yield f"{at}: {value!r:.60} is no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r:.60} is none of {schema['enum']!r:.80}"
    yield from _combined(value, schema, whole, at)
    yield from _sizes(value, schema, at)
    if isinstance(value, dict):
        yield from _members(value, schema, whole, at)
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from differences(one, schema.get("items"), whole, f"{at}/{number}")


def _look_up(whole: Any, ref: str) -> Any:
    found = whole
    for step in ref.removeprefix("#/").split("/"):
        found = found[step]
    return found


def _is_a(value: Any, types: str | list[str] | None) -> bool:
    if types is None:
        return True
    for name in [types] if isinstance(types, str) else types:
        if isinstance(value, _TYPES[name]) and not (isinstance(value, bool) and name in ("integer", "number")):
            return True
    return False


def _combined(value: Any, schema: dict[str, Any], whole: Any, at: str) -> Iterator[str]:
    for part in schema.get("allOf", ()):
        yield from differences(value, part, whole, at)
    for key in ("oneOf", "anyOf"):
        if key in schema:
            yield from _any_of(value, schema[key], whole, at)


def _any_of(value: Any, choices: list[Any], whole: Any, at: str) -> Iterator[str]:
    tried = [list(differences(value, choice, whole, at)) for choice in choices]
    if tried and all(tried):
        yield from min(tried, key=len)


def _sizes(value: Any, schema: dict[str, Any], at: str) -> Iterator[str]:
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 2**31):
            yield f"{at}: {len(value)} characters"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{at}: {value!r:.60} is not like {schema['pattern']}"
    if isinstance(value, list) and not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 2**31):
        yield f"{at}: {len(value)} items"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        least, most = schema.get("minimum"), schema.get("maximum")
        if (least is not None and value < least) or (most is not None and value > most):
            yield f"{at}: {value} is not within {least} and {most}"


def _members(value: dict[str, Any], schema: dict[str, Any], whole: Any, at: str) -> Iterator[str]:
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{at}: {key} is missing"
    known = schema.get("properties", {})
    for key, one in value.items():
        if key in known:
            yield from differences(one, known[key], whole, f"{at}/{key}")
        elif isinstance(schema.get("additionalProperties"), dict):
            yield from differences(one, schema["additionalProperties"], whole, f"{at}/{key}")
