"""Small honest chat platforms for tests: one in memory with faults on order, one in a folder that outlives the bot."""

import asyncio
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.messages import Message, Offer, PhotoRef, Showing, Trouble
from bot.platforms import Gone, Limits, Raw, Receive, Unparsable


@dataclass
class Fault:
    """Raised by the next call of a method; after: only once the call has had its effect.

    Args:
        method: "fetch", "show" or "wipe".
        times: how many calls it spoils.
    """

    method: str
    error: Exception
    after: bool = False
    times: int = 1


@dataclass
class FakePlatform:
    """Args:
    once: whether it knows a message it was sent twice by its key, as the web chat does; most platforms don't.
    delay_s: how long showing takes.
    holds: fetching waits for this, all of it or what is `slow`.
    """

    name: str = "fake"
    limits: Limits = Limits(text_chars=200, caption_chars=100, buttons=8, photo_bytes=1_000_000, edits_per_minute=6000)
    once: bool = False
    delay_s: float = 0.0
    photos: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    chats: dict[str, dict[str, Showing]] = field(default_factory=dict)
    drawn: list[tuple[str, str, str]] = field(default_factory=list)  # (chat, ref, text), every drawing in order
    shown: asyncio.Event = field(default_factory=asyncio.Event)
    holds: asyncio.Event | None = None
    slow: set[str] = field(default_factory=set)
    fetching: int = 0
    fetched: list[str] = field(default_factory=list)
    _keys: dict[str, str] = field(default_factory=dict)
    _receive: Receive | None = None

    async def run(self, receive: Receive) -> None:
        self._receive = receive
        await asyncio.Event().wait()

    def parse(self, event: str, raw: Raw) -> Message | None:
        if raw.get("kind") == "noise":
            return None
        if not isinstance(raw.get("user"), str):
            raise Unparsable("no user")
        if raw.get("kind") == "bug":
            raise KeyError("a bug in the platform")
        photos = tuple(PhotoRef(ref) for ref in raw.get("photos", ()))
        text, pressed, lang = raw.get("text", ""), raw.get("pressed"), raw.get("lang", "en")
        offers = tuple(map(Offer, raw.get("offers", ())))
        trouble = Trouble(raw["trouble"]) if "trouble" in raw else None
        return Message(event, f"fake:{raw['user']}", raw["chat"], text, photos, pressed, lang, offers, trouble)

    async def fetch(self, ref: str) -> bytes:
        with self._faulty("fetch"):
            if ref not in self.photos:
                raise Gone(ref)
            if self.holds is not None and (not self.slow or ref in self.slow):
                await self._wait(self.holds)
            self.fetched.append(ref)
            return self.photos[ref]

    async def _wait(self, holds: asyncio.Event) -> None:
        self.fetching += 1
        try:
            await holds.wait()
        finally:
            self.fetching -= 1

    async def show(self, chat: str, key: str, showing: Showing, ref: str | None) -> str:
        await asyncio.sleep(self.delay_s)
        with self._faulty("show"):
            messages = self.chats.setdefault(chat, {})
            if ref is not None and ref not in messages:
                raise Gone(ref)
            if ref is None:
                ref = self._keys.get(key) if self.once else None
                ref = ref or f"{chat}/{len(self.drawn)}"
                self._keys[key] = ref
            messages[ref] = showing
            self.drawn.append((chat, ref, showing.text))
            self.shown.set()
            self.shown = asyncio.Event()
        return ref

    async def wipe(self, chat: str) -> None:
        with self._faulty("wipe"):
            self.chats.pop(chat, None)

    def texts(self, chat: str) -> list[str]:
        return [showing.text for showing in self.chats.get(chat, {}).values()]

    def _faulty(self, method: str) -> "_Faulty":
        return _Faulty(self, method)


class _Faulty:
    def __init__(self, platform: FakePlatform, method: str) -> None:
        fault = next((fault for fault in platform.faults if fault.method == method), None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                platform.faults.remove(fault)
        self._fault = fault

    def __enter__(self) -> None:
        if self._fault is not None and not self._fault.after:
            raise self._fault.error

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None and self._fault is not None and self._fault.after:
            raise self._fault.error


class FilePlatform:
    """A platform whose side of things is a folder: it lives on when the bot is killed.

    in/EVENT.json: what people sent; gone once the bot acknowledged it. out/KEY.json: what the screen shows; a new
    message under a key it knows is that message, as in the web chat. log: a line for every drawing.
    fetches: a line for every photo asked for.

    Args:
        fetch_s: how long a photo takes.
    """

    name = "fake"
    limits = Limits(text_chars=200, caption_chars=200, buttons=8, photo_bytes=10_000_000, edits_per_minute=600)

    def __init__(self, folder: Path, fetch_s: float = 0.0) -> None:
        self.folder, self.fetch_s = folder, fetch_s
        for name in ("in", "out", "photos"):
            (folder / name).mkdir(exist_ok=True)

    def send(self, event: str, raw: Mapping[str, Any]) -> None:
        _write(self.folder / "in" / f"{event}.json", dict(raw))

    def screen(self) -> dict[str, dict[str, Any]]:
        """What every message shows now, by ref."""
        return {file.stem: json.loads(file.read_text()) for file in (self.folder / "out").glob("*.json")}

    async def run(self, receive: Receive) -> None:
        while True:
            for file in sorted((self.folder / "in").glob("*.json")):
                raw = json.loads(file.read_text())
                await receive(file.stem, raw["chat"], raw)
                file.unlink()
            await asyncio.sleep(0.01)

    def parse(self, event: str, raw: Raw) -> Message | None:
        photos = tuple(PhotoRef(ref) for ref in raw.get("photos", ()))
        return Message(event, f"fake:{raw['user']}", raw["chat"], raw["text"], photos)

    async def fetch(self, ref: str) -> bytes:
        with (self.folder / "fetches").open("a") as log:
            log.write(f"{ref}\n")
        await asyncio.sleep(self.fetch_s)
        return (self.folder / "photos" / ref).read_bytes()

    async def show(self, chat: str, key: str, showing: Showing, ref: str | None) -> str:
        ref = ref or key
        file, picture = self.folder / "out" / f"{ref}.json", showing.picture is not None
        digest = hashlib.sha256(showing.picture).hexdigest() if showing.picture is not None else ""
        if showing.picture_id is not None and not picture and file.exists():  # what is shown already stays
            digest = json.loads(file.read_text())["digest"]
        buttons = [button.title for button in showing.buttons]
        shown = {"chat": chat, "text": showing.text, "picture": bool(digest), "digest": digest, "buttons": buttons}
        _write(file, shown)
        with (self.folder / "log").open("a") as log:
            log.write(f"{ref} {picture}\n")
        return ref

    async def wipe(self, chat: str) -> None:
        for file in (self.folder / "out").glob("*.json"):
            if json.loads(file.read_text())["chat"] == chat:
                file.unlink()


def _write(file: Path, value: Mapping[str, Any]) -> None:
    draft = file.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(json.dumps(value))
    draft.rename(file)
