"""Holds what the fake and the bot say to each other against descriptions nobody here wrote, where they are at hand.

Always: a short list of the shapes we use (shapes.json). Also, if the file is there: Discord's own OpenAPI description
(github.com/discord/discord-api-spec), which is too large to keep here.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.fakes.discord.schema import differences

HERE = Path(__file__).parent
OPENAPI = HERE.parents[3] / "shared" / "oracles" / "discord-openapi.json"
_PREFIX = "/api/v10"


@dataclass
class Oracle:
    """Args:
    documents: OpenAPI documents, or parts of one.

    Attributes:
        checked: how often each operation or object was looked at.
        differences: what was found wrong, by where.
    """

    documents: list[Any]
    checked: Counter[str] = field(default_factory=Counter)
    differences: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def known(cls) -> "Oracle":
        files = (HERE / "shapes.json", OPENAPI)
        return cls([json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()])

    def check_answer(self, request: web.Request, body: Any, response: web.Response) -> None:
        """Both what was asked and what was answered."""
        path = request.path.removeprefix(_PREFIX)
        for document in self.documents:
            found = _operation(document, request.method, path)
            if found is None:
                if len(document["paths"]) > 100:
                    self._note(f"{request.method} {path}", ["there is no such operation"])
                continue
            name, operation = found
            where = f"{request.method} {name}"
            if body is not None and response.status < 300:
                self._hold(f"{where} request", body, _content(operation.get("requestBody")), document)
            told = json.loads(response.body) if isinstance(response.body, bytes) and response.body else None
            if told is not None and response.status < 300:
                schema = _content(operation["responses"].get(str(response.status)) or operation["responses"].get("200"))
                self._hold(f"{where} {response.status}", told, schema, document)

    def check_event(self, name: str, data: dict[str, Any]) -> None:
        """The parts of events that are objects of REST too; events themselves are described nowhere."""
        for schema, value in _objects(name, data):
            for document in self.documents:
                if schema in document["components"]["schemas"]:
                    self._hold(f"{name} {schema}", value, {"$ref": f"#/components/schemas/{schema}"}, document)

    def _hold(self, where: str, value: Any, schema: Any, document: Any) -> None:
        self.checked[where] += 1
        self._note(where, differences(value, schema, document))

    def _note(self, where: str, found: Iterable[str]) -> None:
        for difference in found:
            self.differences.setdefault(where, set()).add(difference)


def _operation(document: Any, method: str, path: str) -> tuple[str, Any] | None:
    """The operation of this path; the one with the fewest variables, as routers do."""
    fitting = [
        (name.count("{"), name, operations[method.lower()])
        for name, operations in document["paths"].items()
        if method.lower() in operations and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", name), path)
    ]
    return min(fitting, key=lambda one: one[0])[1:] if fitting else None


def _content(described: Any) -> Any:
    return ((described or {}).get("content") or {}).get("application/json", {}).get("schema")


def _objects(name: str, data: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    if name == "MESSAGE_CREATE":
        yield "MessageResponse", data
    if name == "INTERACTION_CREATE":
        yield "UserResponse", (data.get("member") or data)["user"]
        resolved = data["data"].get("resolved", {})
        yield from (("MessageAttachmentResponse", one) for one in resolved.get("attachments", {}).values())
        yield from (("MessageResponse", one) for one in resolved.get("messages", {}).values())
        if "message" in data:
            yield "MessageResponse", data["message"]
