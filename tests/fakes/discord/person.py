"""A person of tests.talk who talks to the bot at Discord: by commands where there are some, else by direct messages."""

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

from bot.messages import Button, Showing, Trouble
from tests.fakes.discord import things
from tests.fakes.discord.people import Human, tokens
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.things import Json
from tests.talk import Person

_LOADING = 128
_LOCALES = {"en": "en-US"}
_ESCAPED = re.compile(r"\\([\\*_~|`<#>-])")
_BAR = re.compile(r"\n?[▰▱]{10}$")
_SIGNED = re.compile(r"\n— <@\d+>$")
_STYLED = re.compile(r"(.+?)(?:\s+(\d{1,3}))?")


@dataclass
class DiscordPerson(Person):
    """Args:
    server: talks in a server's channel, where only commands, forms and buttons are heard; else to the bot alone.
    """

    discord: FakeDiscord = dataclasses.field(kw_only=True)
    server: bool = dataclasses.field(default=False, kw_only=True)
    human: Human = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.human = self.discord.human(self.name, _LOCALES.get(self.lang, self.lang))

    @property
    def user(self) -> str:
        return f"discord:{self.human.id}"

    @property
    def screen(self) -> dict[str, Showing]:
        messages = {**self.human.screen(dm=True), **self.human.screen()}
        return {id: self._seen_as(message) for id, message in messages.items()}

    def _seen_as(self, message: Json) -> Showing:
        """A message as the person sees it."""
        text = "".join([message["content"], *(one["description"] for one in message["embeds"])])
        waits = bool(message["flags"] & _LOADING or _BAR.search(text))
        shown = _ESCAPED.sub(r"\1", _BAR.sub("", _SIGNED.sub("", text)))
        buttons = [Button(title, token) for token, title in tokens(message).items()]
        files = message["attachments"]
        return Showing(
            shown,
            tuple(buttons),
            self.human.picture(message),
            alt=files[0].get("description") or "" if files else "",
            progress=0.0 if waits else None,
            public=message["channel_id"] == self.discord.channel and message["id"] not in self.discord.alone,
        )

    async def says(self, text: str = "", photo: bytes | None = None, *more: bytes) -> Showing:
        files = [(f"selfie-{n}.jpg", data) for n, data in enumerate(filter(None, (photo, *more)))]
        before = self.screen
        own = await self._say(text, files)
        return await self._answer(before, own)

    async def _say(self, text: str, files: list[tuple[str, bytes]]) -> Json | None:
        """The interaction it was said by, if any."""
        server = self.server or "share" in self.offers
        given = self._command(text) if len(files) < 2 else None
        if given is not None and (given[0] == "style" or not files):
            name, options = given
            return await self.human.commands(name, dm=not server, photo=files[0] if files else None, **options)
        if server:
            assert files, "nothing else is heard in a server"
            style = {"style": text.split()[1]} if text.startswith("/style ") else {}
            form = (await self.human.response(await self.human.commands("selfie")))["data"]
            return await self.human.fills_in(form, *files, **style)
        await self.human.says(text, *files)
        return None

    def _command(self, text: str) -> tuple[str, dict[str, Any]] | None:
        """The slash command Discord's own app would make of this; None where it makes none."""
        name, _, words = text.removeprefix("/").partition(" ")
        if not text.startswith("/") or name not in {one["name"] for one in self.discord.commands if one["type"] == 1}:
            return None
        if name != "style":
            return None if words else (name, {})
        found = _STYLED.fullmatch(words.strip())
        if found is None or (found[2] and not 1 <= int(found[2]) <= 100):
            return None
        return name, {"style": found[1], **({"strength": int(found[2])} if found[2] else {})}

    async def shows_trouble(self, trouble: str) -> Showing:
        before = self.screen
        if trouble == Trouble.NOT_YOUR_PHOTO:
            other = await self.discord.human("somebody").says("me", ("me.jpg", b"photo"), dm=False)
            return await self._answer(before, await self.human.points_at(other))
        if trouble == Trouble.TOO_LARGE:
            photo = {**self.discord.attach(self.human.dm, "a.jpg", b"photo", "image/jpeg"), "size": 100_000_000}
            huge = things.message(things.snowflake(), self.human.dm, self.human.who, attachments=[photo])
            await self.discord.gateway.dispatch_message(huge)
        else:
            await self.human.says("", ("a.mp4", b"clip"), kind="video/mp4")
        return await self._answer(before, None)

    async def taps(self, words: str, under: Showing | None = None, changes: int = 1) -> Showing:
        """A button that is not on the screen any more can be pressed too: it was, a moment ago."""
        token, before = self._token(words, under), self.screen
        return await self._answer(before, await self.human.presses_token(token), changes)

    async def _answer(self, before: dict[str, Showing], own: Json | None, changes: int = 1) -> Showing:
        """What was answered, when all work on it is done. At Discord a press has an answer of its own, too."""

        def changed() -> dict[str, Showing]:
            return {id: showing for id, showing in self.screen.items() if before.get(id) != showing}

        def settled() -> bool:
            now = changed()
            return len(now) >= changes and all(showing.progress is None for showing in now.values())

        await self.discord.until(settled)
        answers = changed()
        original = self.discord.interactions[own["id"]]["_original"] if own else None
        new = [showing for id, showing in answers.items() if id not in before]
        assert len(new) <= 1, "one message in, one reply out"
        answer = answers.get(original or "") or [*answers.values()][-1]
        await self._keeps_the_rules(answer)
        self.seen.append(answer)
        return answer
