"""The fake Telegram is held to the shapes we use, and those to an independent description of the Bot API."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.telegram import BotApi
from tests.fakes.telegram.shapes import METHODS, TYPES, UNIONS, differences, fields, wrong_call

ORACLE = Path(__file__).parents[5] / "shared/oracles/telegram-bot-api.json"


@pytest.fixture(scope="module")
def oracle() -> dict[str, Any]:
    if not ORACLE.exists():
        pytest.skip("the independent description of the Bot API is not here")
    description: dict[str, Any] = json.loads(ORACLE.read_text(encoding="utf-8"))
    return description


def name_of(kind: str) -> str:
    """Our [[X]] as the description says it."""
    return f"Array of {name_of(kind[1:-1])}" if kind.startswith("[") else kind


def unlike(owner: str, line: str, described: list[dict[str, Any]]) -> list[str]:
    known = {field["name"]: field for field in described}
    found = []
    for name, must, kind in fields(line):
        if name not in known:
            found.append(f"{owner} has no {name}")
        elif known[name]["required"] is not must:
            found.append(f"{owner}.{name} is required: {not must}")
        elif name_of(kind) not in known[name]["types"]:
            found.append(f"{owner}.{name} is {known[name]['types']}, not {kind}")
    missing = [name for name, field in known.items() if field["required"] and name not in line]
    return found + [f"{owner}.{name} is left out" for name in missing]


def test_every_type_is_as_it_is_described(oracle: dict[str, Any]) -> None:
    found = [wrong for kind, line in TYPES.items() for wrong in unlike(kind, line, oracle["types"][kind]["fields"])]
    assert found == []


def test_every_method_is_as_it_is_described(oracle: dict[str, Any]) -> None:
    methods = oracle["methods"]
    found = [m for name, (_, line) in METHODS.items() for m in unlike(name, line, methods[name].get("fields", []))]
    assert found == []
    for name, (result, _) in METHODS.items():
        assert name_of(result) in methods[name]["returns"], name


def test_every_choice_of_types_is_as_it_is_described(oracle: dict[str, Any]) -> None:
    for union, (_, choices) in UNIONS.items():
        assert set(choices) <= set(oracle["types"][union]["subtypes"]), union


async def test_what_people_do_comes_in_the_right_shape(api: BotApi) -> None:
    ada, group = api.person(), api.group(forum=True)
    photo = await ada.photo(b"\xff\xd8\xff", "/style goth")
    await ada.says("/style@selfie_test_bot goth", group, reply_to_message=photo)
    await ada.document(b"x", "me.heic")
    await ada.album([b"\xff\xd8\xff", b"\xff\xd8\xff"])
    await ada.photo(b"\xff\xd8\xff", **ada.forward_of(api.person(7, "Bob")))
    await ada.press_data("x", photo)
    await ada.press_data("x", {"chat": ada.own.json(), "message_id": 3, "date": 0})
    updates = api.world.queue
    assert len(updates) == 8
    assert list(differences(updates, "[Update]", "updates")) == []


def test_a_call_nobody_described_is_noticed() -> None:
    assert wrong_call("sendSelfie", {}) == ["there is no sendSelfie"]
    assert wrong_call("sendMessage", {"chat_id": 1}) == ["sendMessage: sendMessage.text is missing"]
    assert wrong_call("sendMessage", {"chat_id": 1, "text": "x", "mood": "good"}) == [
        "sendMessage: sendMessage has no mood"
    ]
