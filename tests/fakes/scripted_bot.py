"""A small bot behind a real platform: answers by a fixed script, so that a platform can be tested without the real one.

Says hello to /start; shows a picture with progress when a photo comes, and a draft on the way if it says /draft;
tells which button was pressed; /forget wipes.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.messages import Button, Message, Showing
from bot.platforms import Platform
from tests.fakes.web_history import MemoryHistory

HELLO = "Hello! I am an AI picture bot.\nSend me a selfie."


class ScriptedBot:
    """
    Args:
        picture: the JPEG every photo becomes.
        step_s: how long each step of the pretended work takes.
    """

    def __init__(self, platform: Platform, history: MemoryHistory, picture: bytes, step_s: float = 0.05) -> None:
        self.platform, self.history, self.picture, self.step_s = platform, history, picture, step_s
        self.events: dict[str, Mapping[str, Any]] = {}
        self.heard: list[Message] = []
        self.photos: list[bytes] = []
        self.may_finish = asyncio.Event()
        self.may_finish.set()
        self._answers: set[asyncio.Task[None]] = set()

    async def receive(self, event: str, chat: str, raw: Mapping[str, Any]) -> bool:
        if event in self.events:
            return False
        self.events[event] = raw
        task = asyncio.create_task(self._answer(event, raw))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)
        return True

    async def close(self) -> None:
        for task in self._answers:
            task.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)

    async def _answer(self, event: str, raw: Mapping[str, Any]) -> None:
        message = self.platform.parse(event, raw)
        assert message is not None
        self.heard.append(message)
        if message.text == "/forget":
            await self.platform.wipe(message.chat)
            self.events.clear()
            await self._say(message, "Everything is erased.")
        elif message.text == "/start":
            await self._say(
                message, HELLO, Button("I agree", "tok-agree"), Button("What happens to photos?", "tok-why")
            )
        elif message.pressed is not None:
            await self._say(message, f"You pressed {message.pressed}")
        elif message.photos:
            self.photos.append(await self.platform.fetch(message.photos[0].ref))
            await self._render(message)
        else:
            await self._say(message, f"You said: {message.text}")

    async def _say(self, message: Message, text: str, *buttons: Button) -> None:
        await self.platform.show(message.chat, f"bot-{message.event}", Showing(text, buttons), None)

    async def _render(self, message: Message) -> None:
        key, chat = f"bot-{message.event}", message.chat
        ref = await self.platform.show(chat, key, Showing("In the queue: 2nd", progress=0.0), None)
        for share in (0.2, 0.45, 0.7):
            await asyncio.sleep(self.step_s)
            await self.platform.show(chat, key, Showing("Painting…", progress=share), ref)
        if message.text == "/draft":
            await self._show_draft(message, key, ref)
        await self.may_finish.wait()
        picture_id = self.history.add_picture(chat, self.picture)
        buttons = tuple(Button(title, f"tok-{title}") for title in ("Stronger", "Softer", "Noir", "Delete"))
        done = Showing(
            "AI-edited picture · 🖤 Goth", buttons, self.picture, picture_id, "You with dark lips and smoky eyes"
        )
        await self.platform.show(chat, key, done, ref)

    async def _show_draft(self, message: Message, key: str, ref: str) -> None:
        """The photo itself as a draft, and how far the painter is on from there."""
        draft = self.history.add_picture(message.chat, self.photos[-1])
        stop = (Button("Stop", "tok-stop"),)
        first = Showing("A draft", stop, self.photos[-1], draft, "Your draft", progress=0.0)
        await self.platform.show(message.chat, key, first, ref)
        await self.platform.show(message.chat, key, Showing("A draft, 60 %", stop, None, draft, progress=0.6), ref)
