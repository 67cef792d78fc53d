"""A browser's requests without the browser."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, FormData

KEY = "0123456789abcdef"


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookie: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """A browser's requests without the browser. It has been at the page, so it has a cookie."""

    def __init__(self, url: str, session: ClientSession) -> None:
        self.url, self.session = url, session
        self.origin = {"Origin": url.rstrip("/")}

    async def send(self, form: dict[str, Any], headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        data = FormData(default_to_multipart=True)
        for name, value in form.items():
            filename = "photo.jpg" if isinstance(value, bytes) else None
            data.add_field(name, io.BytesIO(value) if isinstance(value, bytes) else value, filename=filename)
        return await self.post(data, headers)

    async def post(self, data: Any, headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        given = self.origin if headers is None else headers
        async with self.session.post(self.url + "send", data=data, headers=given) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        async with self.session.get(self.url + path, headers=headers) as it:
            cookie = it.cookies["selfiebot"].value if "selfiebot" in it.cookies else ""
            return Answer(it.status, it.headers, await it.read(), cookie)

    async def frames(self, after: int = 0, first: str = "") -> list[dict[str, Any]]:
        """What a page that connects is told, up to its "ready"."""
        where = {"after": str(after), "first": first}
        frames: list[dict[str, Any]] = []
        async with self.session.ws_connect(self.url + "ws", headers=self.origin, params=where) as socket:
            while not frames or frames[-1]["kind"] != "ready":
                frames.append(await socket.receive_json(timeout=5))
        return frames
