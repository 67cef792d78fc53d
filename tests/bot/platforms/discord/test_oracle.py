"""The fake is held against Discord's own description; here that this would notice something."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bot.platforms.discord.conftest import running
from tests.fakes.discord import FakeDiscord, redirect, things
from tests.fakes.discord.oracle import HERE, OPENAPI, Oracle
from tests.fakes.discord.schema import differences

SOURCES = [HERE / "shapes.json", OPENAPI]


def _oracle(source: Path) -> Oracle:
    if not source.exists():
        pytest.skip("Discord's own description is not here")
    return Oracle([json.loads(source.read_text(encoding="utf-8"))])


async def _small_talk(oracle: Oracle) -> None:
    """A command, a form and a direct message."""
    fake = FakeDiscord()
    fake.check, fake.gateway.events = oracle.check_answer, oracle.check_event
    await fake.start()
    with redirect(fake):
        async with running(fake) as setting:
            await fake.until(lambda: fake.gateway.listening)
            ada = fake.human()
            await ada.response(await ada.commands("style", style="goth", photo=("me.jpg", b"photo")))
            await ada.response(await ada.commands("selfie"))
            await ada.says("hello", ("me.jpg", b"photo"))
            await setting.heard(2)
    await fake.stop()


@pytest.mark.parametrize("source", SOURCES, ids=["shapes", "openapi"])
async def test_what_is_said_is_looked_at_and_nothing_is_found(source: Path) -> None:
    oracle = _oracle(source)
    await _small_talk(oracle)
    assert len(oracle.checked) >= 9
    assert oracle.differences == {}


@pytest.mark.parametrize("source", SOURCES, ids=["shapes", "openapi"])
@pytest.mark.parametrize("spoil", [{"id": 17}, {"avatar": False}, {"username": None}])
async def test_a_wrong_answer_is_noticed(source: Path, spoil: dict[str, Any]) -> None:
    oracle = _oracle(source)
    answer = things.message(things.snowflake(), things.snowflake(), {**things.user("ada"), **spoil})
    oracle.check_event("MESSAGE_CREATE", answer)
    assert list(oracle.differences) == ["MESSAGE_CREATE MessageResponse"]


@pytest.mark.parametrize(
    ("value", "schema", "right"),
    [
        (1, {"type": "integer", "minimum": 1}, True),
        (0, {"type": "integer", "minimum": 1}, False),
        (True, {"type": "integer"}, False),
        (None, {"type": ["string", "null"]}, True),
        ("ab", {"type": "string", "maxLength": 1}, False),
        ("ab", {"pattern": "^a"}, True),
        ({}, {"type": "object", "required": ["a"]}, False),
        ({"a": 1}, {"type": "object", "properties": {"a": {"type": "string"}}}, False),
        ({"a": {"b": 1}}, {"properties": {"a": {"$ref": "#/it"}}}, False),
        ([1, "a"], {"type": "array", "items": {"type": "integer"}}, False),
        (2, {"oneOf": [{"enum": [1]}, {"enum": [2]}]}, True),
        (3, {"anyOf": [{"enum": [1]}, {"enum": [2]}]}, False),
        (1, {"allOf": [{"type": "integer"}, {"enum": [2]}]}, False),
        ({"x": 1}, {"additionalProperties": {"type": "string"}}, False),
        ([], {"minItems": 1}, False),
    ],
)
def test_schemas_are_kept_to(value: Any, schema: Any, right: bool) -> None:
    whole = {"it": {"properties": {"b": {"type": "string"}}}}
    assert (list(differences(value, schema, whole)) == []) is right
