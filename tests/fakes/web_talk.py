"""People who talk to the whole bot in the web chat, over real HTTP and WebSocket."""

import base64
import dataclasses
import hashlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bot.messages import Button, Showing
from bot.platforms.web import WebHistory, WebPlatform
from bot.platforms.web.session import COOKIE
from tests.bot.parts import eventually
from tests.fakes.web_person import WebPerson, web_person
from tests.talk import Bot, Person


@dataclass
class WebSide:
    platform: WebPlatform
    stack: AsyncExitStack

    async def ready(self) -> None:
        await self.platform.listening()

    def person(self, bot: Bot, name: str = "ada", lang: str = "en") -> "WebTalker":
        return WebTalker(bot, name, lang, side=self)


@asynccontextmanager
async def web_side(history: WebHistory) -> AsyncIterator[WebSide]:
    async with AsyncExitStack() as stack:
        yield WebSide(WebPlatform("127.0.0.1", 0, history), stack)


@dataclass
class WebTalker(Person):
    side: WebSide = dataclasses.field(kw_only=True)
    page: WebPerson | None = field(default=None, kw_only=True)

    @property
    def user(self) -> str:
        assert self.page is not None
        token = next(cookie.value for cookie in self.page.session.cookie_jar if cookie.key == COOKIE)
        return "web:" + base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode()[:22]

    @property
    def screen(self) -> dict[str, Showing]:
        page = self.page
        if page is None:
            return {}
        return {ref: _showing(body) for ref, body in page.shown.items() if page.authors[ref] == "bot"}

    async def says(self, text: str = "", photo: bytes | None = None, *more: bytes) -> Showing:
        page = await self._opened()
        return await self._does(page.says(text, photo))

    async def taps(self, words: str, under: Showing | None = None, changes: int = 1) -> Showing:
        page = await self._opened()
        return await self._does(page.presses(self._token(words, under)), changes)

    async def _opened(self) -> WebPerson:
        """The page, open and greeted."""
        if self.page is None:
            base = (await self.side.platform.listening()).rstrip("/")
            self.page = await self.side.stack.enter_async_context(web_person(base, self.lang))
            await eventually(lambda: len(self.screen) == 1)
        return self.page

    async def _does(self, deed: Awaitable[object], changes: int = 1) -> Showing:
        self.seen[-1:] = [await self._with_picture(await super()._does(deed, changes))]
        return self.seen[-1]

    async def _with_picture(self, answer: Showing) -> Showing:
        assert self.page is not None
        if answer.picture_id is None:
            return answer
        return dataclasses.replace(answer, picture=await self.page.picture(answer.picture_id))


def _showing(body: dict[str, object]) -> Showing:
    buttons = tuple(Button(title, token) for title, token in body["buttons"])  # type: ignore[attr-defined]
    picture = None if body["picture_id"] is None else b"on the page"
    return Showing(body["text"], buttons, picture, body["picture_id"], body["alt"], body["progress"])  # type: ignore[arg-type]
