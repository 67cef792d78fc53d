"""What Discord takes for a message or a command, and the errors it answers otherwise. Knows no state."""

import re
from typing import Any

from aiohttp import web

from tests.fakes.discord.faults import refusal
from tests.fakes.discord.things import Json

UPLOAD_BYTES = 10 * 2**20
_LOCALES = frozenset((
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
))  # fmt: skip
_LEVEL = {1: "slash", 2: "user", 3: "message"}


class No(Exception):
    """A refusal on its way to the client."""

    def __init__(self, status: int, code: int, message: str, where: str = "") -> None:
        super().__init__(f"{code} {message} {where}")
        self.status, self.code, self.message, self.where = status, code, message, where

    def response(self) -> web.Response:
        more = (
            {"errors": {self.where: {"_errors": [{"code": "INVALID", "message": self.message}]}}} if self.where else {}
        )
        return refusal(self.status, self.code, "Invalid Form Body" if self.where else self.message, **more)


def invalid(where: str, why: str) -> No:
    return No(400, 50035, why, where)


def check_message(body: Json, files: dict[str, tuple[str, bytes]], kept: list[Json], *, new: bool) -> None:
    if sum(len(data) for _, data in files.values()) > UPLOAD_BYTES:
        raise No(413, 40005, "Request entity too large")
    content = body.get("content") or ""
    if not isinstance(content, str) or len(content) > 2000:
        raise invalid("content", "Must be 2000 or fewer in length.")
    if len(body.get("embeds") or []) > 10 or any(len(one["description"]) > 4096 for one in body.get("embeds") or []):
        raise invalid("embeds", "Must be 4096 or fewer in length.")
    if len(str(body.get("nonce", ""))) > 25:
        raise invalid("nonce", "Must be 25 or fewer in length.")
    _check_rows(body.get("components") or [])
    _check_attachments(body.get("attachments") or [], files, kept)
    if new and not (content or files or body.get("embeds") or body.get("components")):
        raise No(400, 50006, "Cannot send an empty message")


def _check_rows(rows: list[Json]) -> None:
    if len(rows) > 5:
        raise invalid("components", "Must be 5 or fewer in length.")
    names: list[str] = []
    for row in rows:
        inner = row.get("components", [])
        if (
            row.get("type") != 1
            or not 1 <= len(inner) <= 5
            or (len(inner) > 1 and any(one["type"] == 3 for one in inner))
        ):
            raise invalid("components", "A row holds 1 to 5 buttons or a menu.")
        for one in inner:
            (_check_menu if one.get("type") == 3 else _check_button)(one)
            names.append(one["custom_id"])
    if len(names) != len(set(names)):
        raise invalid("components", "Component custom id cannot be duplicated")


def _check_button(button: Json) -> None:
    if button.get("type") != 2 or button.get("style") not in (1, 2, 3, 4):
        raise invalid("components", "Not a button.")
    if not 1 <= len(button.get("label", "")) <= 80 or not 1 <= len(button.get("custom_id", "")) <= 100:
        raise invalid("components", "A label has 1 to 80 characters, a custom_id 1 to 100.")


def _check_menu(menu: Json) -> None:
    options = menu.get("options", [])
    if not 1 <= len(options) <= 25 or len({one["value"] for one in options}) != len(options):
        raise invalid("components", "A menu has 1 to 25 options of different values.")
    if not all(1 <= len(one[key]) <= 100 for one in options for key in ("label", "value")):
        raise invalid("components", "A label and a value have 1 to 100 characters.")
    if len(menu.get("placeholder", "")) > 150 or not 1 <= len(menu.get("custom_id", "")) <= 100:
        raise invalid("components", "A placeholder has up to 150 characters.")


def _check_attachments(listed: list[Json], files: dict[str, tuple[str, bytes]], kept: list[Json]) -> None:
    known = {one["id"] for one in kept} | set(files)
    for one in listed:
        if str(one.get("id")) not in known:
            raise invalid("attachments", "Unknown attachment.")
        if len(one.get("description") or "") > 1024:
            raise invalid("attachments", "Must be 1024 or fewer in length.")


def check_commands(commands: list[Json]) -> None:
    seen = set()
    for command in commands:
        kind, name = command.get("type", 1), command.get("name", "")
        if (kind, name) in seen:
            raise invalid("name", "Application command names must be unique")
        seen.add((kind, name))
        _check_locales(command)
        if _LEVEL.get(kind) == "slash":
            _check_slash(name, command)
        elif not 1 <= len(name) <= 32 or command.get("description"):
            raise invalid("name", "A menu's command has 1 to 32 characters and no description.")


def _check_slash(name: str, command: Json) -> None:
    _check_name(name)
    _check_description(command)
    optional = False
    for option in command.get("options", []):
        _check_name(option["name"])
        _check_description(option)
        _check_locales(option)
        if option.get("required") and optional:
            raise invalid("options", "Required options must be placed before non-required options")
        optional |= not option.get("required")
        if option.get("autocomplete") and (option["type"] not in (3, 4, 10) or option.get("choices")):
            raise invalid("options", "This option cannot be completed.")


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[-_'\w]{1,32}", name) or name != name.lower():
        raise invalid("name", "Command name is invalid")


def _check_description(thing: Json) -> None:
    texts = [thing.get("description", ""), *(thing.get("description_localizations") or {}).values()]
    if not all(1 <= len(text) <= 100 for text in texts):
        raise invalid("description", "Must be between 1 and 100 in length.")


def _check_locales(thing: Json) -> None:
    for key in ("name_localizations", "description_localizations"):
        if not set(thing.get(key) or {}) <= _LOCALES:
            raise invalid(key, "Unknown locale.")


def check_response(interaction: Json, response: Json) -> None:
    """May an interaction of this kind be answered so?"""
    kind, data = response.get("type"), response.get("data") or {}
    allowed = {2: (4, 5, 9), 3: (4, 5, 6, 7, 9), 4: (8,), 5: (4, 5, 6, 7)}[interaction["type"]]
    if kind not in allowed:
        raise invalid("type", "Not a response to this interaction.")
    if kind == 8 and not _fit_choices(data.get("choices", [])):
        raise invalid("choices", "25 or fewer, each with a name and a value of 1 to 100 characters.")
    if kind == 9:
        _check_form(data)


def _fit_choices(choices: list[Json]) -> bool:
    return len(choices) <= 25 and all(1 <= len(str(one[key])) <= 100 for one in choices for key in ("name", "value"))


def _check_form(form: Json) -> None:
    if not 1 <= len(form.get("title", "")) <= 45 or not form.get("custom_id"):
        raise invalid("title", "Must be between 1 and 45 in length.")
    fields: list[Any] = form.get("components", [])
    if not 1 <= len(fields) <= 5:
        raise invalid("components", "A form has 1 to 5 fields.")
    for field in fields:
        inner = field.get("component") or {}
        if field.get("type") != 18 or not 1 <= len(field.get("label", "")) <= 45 or not inner.get("custom_id"):
            raise invalid("components", "A form's field is a label with a component.")
        if inner.get("type") == 19 and not 0 <= inner.get("min_values", 1) <= inner.get("max_values", 1) <= 10:
            raise invalid("components", "Up to 10 files.")
        if inner.get("type") == 3 and not 1 <= len(inner.get("options", [])) <= 25:
            raise invalid("components", "A menu has 1 to 25 options.")
