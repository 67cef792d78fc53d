"""The conversation: the same on every platform. One message in, one reply out. Knows no platform and no engine."""

import dataclasses
import logging
from collections.abc import Awaitable, Callable, Mapping
from uuid import uuid4

from bot.conversation import consent, painting, pictures, privacy, selfies, sheets
from bot.conversation.commands import Command, read_command
from bot.conversation.menus import pack_choices, starter_choices
from bot.conversation.pictures import Captions
from bot.conversation.turn import Promises, Turn, style_choice
from bot.messages import Choice, Fetch, Message, Reply
from bot.texts import language, pack_title, say, sentence
from db.records import NotYours, UnknownButton
from db.store import Store
from generation.errors import UnknownStyle, UserError
from generation.styles import Catalogue

__all__ = ["Captions", "Conversation", "Promises"]

log = logging.getLogger(__name__)

TASTES = 5
"""How many names of each pack stand in the list of packs."""

Answer = Callable[[Turn], Awaitable[Reply]]


class Conversation:
    def __init__(self, store: Store, catalogue: Catalogue, promises: Promises) -> None:
        self._store = store
        self._catalogue = catalogue
        self._promises = promises

    async def reply_to(self, message: Message, fetch: Fetch) -> Reply:
        """Answer one message. What a person may know is in the reply; everything else goes to the log.

        Raises:
            OSError: the store is away; the message is answered again later.
        """
        lang = language(message.lang)
        try:
            return await self._answer(message, fetch)
        except UserError as error:
            return Reply(sentence(lang, error))
        except OSError:
            raise
        except Exception:
            ref = uuid4().hex[:8]
            log.exception("bug %s", ref)
            return Reply(say(lang, "bug", ref=ref))

    async def _answer(self, message: Message, fetch: Fetch) -> Reply:
        if message.trouble is not None:
            return Reply(say(message.lang, message.trouble))
        if message.pressed is not None:
            try:
                text = await self._store.buttons.command(message.pressed, message.user)
            except NotYours:
                return Reply(say(message.lang, "not_yours"))
            except UnknownButton:
                return Reply(say(message.lang, "old_button"), (Choice(say(message.lang, "more_styles"), "/styles"),))
            message = dataclasses.replace(message, text=text)
        person = await self._store.people.get(message.user)
        command = read_command(message.text)
        turn = Turn(message, command, person, self._store, self._catalogue, self._promises, fetch)
        if command.name == "agree":
            agreed = await consent.agree(turn)
            return agreed if isinstance(agreed, Reply) else await self._answer(agreed, fetch)
        if not consent.given(turn):
            answer = _BEFORE_CONSENT.get(command.name)
            return await (answer or consent.ask)(turn)
        return await _answer_for(turn)(turn)


def _answer_for(turn: Turn) -> Answer:
    name = turn.command.name
    if name in _BUTTONS and turn.message.pressed is not None:
        return _BUTTONS[name]
    if name:
        return _ANSWERS.get(name, _unknown)
    return selfies.photo if turn.message.photos else _text


async def _start(turn: Turn) -> Reply:
    return turn.reply("welcome_back", *starter_choices(turn))


async def _help(turn: Turn) -> Reply:
    more = turn.say("help_imagine") if turn.promises.paints else ""
    return Reply(turn.say("help") + more, (turn.choice("more_styles", "/styles"),))


async def _styles(turn: Turn) -> Reply:
    """The packs, or one pack: a line and a button for each of its styles."""
    packs = turn.catalogue.packs()
    pack = "-".join(turn.command.words.lower().split())
    if pack in packs:
        lines = "\n".join(f"{style.emoji} {style.name}: {style.line}" for style in packs[pack])
        doors = turn.choice("nine", f"/sheet {pack}"), turn.choice("all_packs", "/styles")
        text = turn.say("pack", pack=pack_title(turn.lang, pack), count=len(packs[pack]), list=lines)
        return Reply(text, (*map(style_choice, packs[pack]), *doors))
    names = "\n".join(
        f"{pack_title(turn.lang, name)}: {', '.join(style.name for style in styles[:TASTES])}, …"
        for name, styles in packs.items()
    )
    text = turn.say("styles", count=len(turn.catalogue), list=names)
    return Reply(text, (turn.choice("nine", "/sheet"), *pack_choices(turn)))


async def _unknown(turn: Turn) -> Reply:
    """/goth is as good as /style goth; anything else gets the help."""
    try:
        meant = turn.catalogue.find(turn.command.name)
    except UnknownStyle as error:
        await selfies.keep_photo(turn)
        if error.nearest:
            return selfies.unknown_style(turn, error)
        return turn.reply("unknown_command", command=turn.command.name[:40], help=turn.say("help"))
    command = Command("style", f"{meant.name} {turn.command.words}".strip())
    return await selfies.style(dataclasses.replace(turn, command=command))


async def _text(turn: Turn) -> Reply:
    """A style's bare name is a choice; anything else is small talk."""
    try:
        turn.catalogue.find(turn.command.words)
    except UnknownStyle as error:
        if error.nearest:
            return selfies.unknown_style(turn, error)
        return turn.reply("chat", *starter_choices(turn))
    return await selfies.style(turn)


_ANSWERS: Mapping[str, Answer] = {
    "start": _start,
    "help": _help,
    "styles": _styles,
    "style": selfies.style,
    "sheet": sheets.sheet,
    "imagine": painting.wanted,
    "last": pictures.last,
    "privacy": privacy.privacy,
    "forget": privacy.forget,
}
_BUTTONS: Mapping[str, Answer] = {
    "redraw": selfies.redraw,
    "beside": selfies.beside,
    "more": sheets.more,
    "share": pictures.share,
    "file": pictures.file,
    "delete": pictures.delete,
    "stop": painting.stop,
}
_BEFORE_CONSENT: Mapping[str, Answer] = {"help": _help, "privacy": privacy.privacy, "forget": privacy.forget}
