"""People who talk to the whole bot: real store, intake, dispatch, delivery and conversation, and a small platform.

Every answer is held to the house's rules: one message for one message, no dead button, no picture without its label.
"""

import dataclasses
import itertools
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from bot.conversation import Promises
from bot.intake import Intake
from bot.messages import Showing
from bot.platforms import Limits, Platform
from bot.whole import put_together
from db import Store
from generation.styles import Catalogue, read_catalogue
from tests.bot.parts import TestPool, eventually, running
from tests.fakes.platform import FakePlatform

ROOMY = Limits(text_chars=10_000, caption_chars=1000, buttons=100, photo_bytes=10_000_000, edits_per_minute=6000)
PROMISES = Promises(photo_hours=24, picture_days=7, queue_per_person=3)


@dataclass
class Person:
    """One person in a chat of their own."""

    bot: "Bot"
    name: str
    lang: str = "en"
    offers: tuple[str, ...] = ()
    seen: list[Showing] = field(default_factory=list)
    _events: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def user(self) -> str:
        return f"fake:{self.name}"

    @property
    def screen(self) -> dict[str, Showing]:
        return self.bot.platform.chats.get(self.name, {})

    async def says(self, text: str = "", photo: bytes | None = None, *more: bytes) -> Showing:
        """Send a text, a photo or both; the answer as it stands when all work on it is done."""
        photos = []
        for data in filter(None, (photo, *more)):
            ref = f"{self.name}-{next(self._events)}"
            self.bot.platform.photos[ref] = data
            photos.append(ref)
        return await self._send(text=text, photos=photos)

    async def shows_trouble(self, trouble: str) -> Showing:
        return await self._send(trouble=trouble)

    async def taps(self, words: str, under: Showing | None = None, changes: int = 1) -> Showing:
        """Press the button whose title holds these words, under the latest message or a given one.

        Args:
            changes: how many messages this is to change or add.
        """
        return await self._send(changes, pressed=self._token(words, under))

    async def agrees(self) -> Showing:
        await self.says("/start")
        return await self.taps("I agree" if self.lang == "en" else "Einverstanden")

    async def _send(self, changes: int = 1, **raw: object) -> Showing:
        event = f"{self.name}-{next(self._events)}"
        about = {"user": self.name, "chat": self.name, "lang": self.lang, "offers": self.offers}
        return await self._does(self.bot.intake.receiver("fake")(event, self.name, {**about, **raw}), changes)

    def _token(self, words: str, under: Showing | None) -> str:
        """Of the one button whose title holds these words."""
        buttons = (under or self.seen[-1]).buttons
        found = [button.token for button in buttons if words in button.title]
        assert len(found) == 1, f"{words!r} is one of {[button.title for button in buttons]}"
        return found[0]

    async def _does(self, deed: Awaitable[object], changes: int = 1) -> Showing:
        """Do something, and wait for the answer as it stands when all work on it is done."""
        before = dict(self.screen)
        await deed

        def changed() -> list[Showing]:
            return [showing for ref, showing in self.screen.items() if before.get(ref) != showing]

        await eventually(lambda: len(changed()) >= changes and all(showing.progress is None for showing in changed()))
        answers = changed()
        assert len(answers) == changes, "one message in, one reply out"
        await self._keeps_the_rules(answers[0])
        self.seen.append(answers[0])
        return answers[0]

    async def _keeps_the_rules(self, answer: Showing) -> None:
        assert answer.text
        assert "{" not in answer.text
        for button in answer.buttons:
            command = await self.bot.store.buttons.command(button.token, self.user)
            assert command.startswith("/")
        if answer.picture is not None:
            assert answer.alt
            assert ("AI-" if self.lang == "en" else "KI-") in answer.text.splitlines()[0]


class Side(Protocol):
    """A platform of the bot's, and the people at its other end."""

    @property
    def platform(self) -> Platform: ...

    def person(self, bot: "Bot", name: str = "ada", lang: str = "en") -> Person: ...

    async def ready(self) -> None:
        """Wait until the platform, which runs by now, can hear people."""


@dataclass
class FakeSide:
    platform: FakePlatform = field(default_factory=lambda: FakePlatform(limits=ROOMY))

    def person(self, bot: "Bot", name: str = "ada", lang: str = "en") -> Person:
        return Person(bot, name, lang)

    async def ready(self) -> None:
        pass


@dataclass
class Bot:
    store: Store
    side: Side
    intake: Intake
    pool: TestPool
    catalogue: Catalogue

    @property
    def platform(self) -> FakePlatform:
        """For those tests that need the small platform's own levers."""
        assert isinstance(self.side, FakeSide)
        return self.side.platform

    def person(self, name: str = "ada", lang: str = "en") -> Person:
        return self.side.person(self, name, lang)


@dataclass
class _Line:
    """A platform with the intake it feeds, to be run beside the others."""

    platform: Platform
    intake: Intake

    async def run(self) -> None:
        await self.platform.run(self.intake.receiver(self.platform.name))


@asynccontextmanager
async def whole_bot(
    store: Store,
    side: Side | None = None,
    pool: TestPool | None = None,
    promises: Promises = PROMISES,
    painter: TestPool | None = None,
    catalogue: Catalogue | None = None,
) -> AsyncIterator[Bot]:
    """Everything but the other end and the drawing is real."""
    catalogue, side, pool = catalogue or read_catalogue(), side or FakeSide(), pool or TestPool()
    pools = {"draw": pool, **({"paint": painter} if painter else {})}
    promises = dataclasses.replace(promises, paints=painter is not None)
    whole = put_together(store, {side.platform.name: side.platform}, pools, catalogue, promises)
    async with running(*whole.parts, _Line(side.platform, whole.intake)):
        await side.ready()
        yield Bot(store, side, whole.intake, pool, catalogue)
