"""Bringing a message of ours to the screen: where it is shown, and what if that place has closed. Knows no events."""

import dataclasses
import hashlib

from bot.messages import Gone, Showing
from bot.platforms.discord.commands import Menu
from bot.platforms.discord.draw import Sheet, draw, note
from bot.platforms.discord.limits import NONCE_CHARS, TOKEN_S
from bot.platforms.discord.refs import Answer, Chat, Note, Posted, Ref
from bot.platforms.discord.rest import Refused, Rest

SLACK_S = 60.0  # our clock and Discord's differ; within it we just try


class Screen:
    def __init__(self, rest: Rest, menu: Menu) -> None:
        self._rest = rest
        self._menu = menu

    async def show(self, chat: Chat, key: str, showing: Showing, ref: Ref | None) -> Ref:
        """Raises Gone, Later, OSError; Refused if Discord does not take what we draw."""
        try:
            return await self._show(chat, key, showing, ref)
        except Refused as refused:
            if refused.gone:
                raise Gone from None
            raise

    async def _show(self, chat: Chat, key: str, showing: Showing, ref: Ref | None) -> Ref:
        sheet = draw(showing)
        match ref:
            case Note():
                return ref
            case Posted(channel, message):
                await self._rest.edit(channel, message, sheet)
                return ref
            case Answer():
                if showing.public and not ref.dm:
                    return await self._publish(ref, key, sheet)
                return await self._answer(ref, key, sheet, showing)
            case None if chat.dm:
                return await self._post(chat.channel, key, sheet)
            case None if showing.public:
                return await self._post(chat.channel, key, sheet.signed(chat.user))
            case None:
                return await self._alone(chat, key, sheet, "en")

    async def _answer(self, ref: Answer, key: str, sheet: Sheet, showing: Showing) -> Ref:
        if ref.age_s() < TOKEN_S + SLACK_S:
            try:
                message = await self._rest.edit_answer(ref.app, ref.token, sheet)
            except Refused as refused:
                if not refused.closed and not (refused.missing and not ref.message):
                    raise
            else:
                return dataclasses.replace(ref, message=message, drawn=ref.drawn or showing.picture is not None)
        return await self._too_late(ref, key, sheet, showing)

    async def _too_late(self, ref: Answer, key: str, sheet: Sheet, showing: Showing) -> Ref:
        """The interaction is closed: what only one person sees cannot be edited any more."""
        if ref.dm and ref.message:
            await self._rest.edit(ref.channel, ref.message, sheet)
            return Posted(ref.channel, ref.message)
        if ref.dm:
            return await self._post(ref.channel, key, sheet)
        if ref.message and showing.progress is not None:
            return ref
        if ref.drawn and showing.picture is None:
            raise Gone
        return await self._alone(Chat(ref.channel, ref.user, False), key, sheet, ref.lang)

    async def _alone(self, chat: Chat, key: str, sheet: Sheet, lang: str) -> Ref:
        """Show it to the person alone; where they do not let us write, tell them in the channel that it waits."""
        try:
            return await self._post(await self._rest.dm(chat.user), key, sheet)
        except Refused as refused:
            if not refused.gone:
                raise
        told = await self._post(chat.channel, key, note(self._menu.word(lang, "ready"), chat.user))
        return Note(told.channel, told.message)

    async def _publish(self, ref: Answer, key: str, sheet: Sheet) -> Posted:
        """A message for everybody in place of the answer for one."""
        signed = sheet.signed(ref.user)
        try:
            posted = await self._post(ref.channel, key, signed)
        except Refused as refused:
            if not refused.gone:
                raise
            await self._drop(ref)
            return Posted(ref.channel, await self._rest.follow_up(ref.app, ref.token, signed))
        await self._drop(ref)
        return posted

    async def _drop(self, ref: Answer) -> None:
        try:
            await self._rest.drop_answer(ref.app, ref.token)
        except Refused:
            return  # it is gone already

    async def _post(self, channel: str, key: str, sheet: Sheet) -> Posted:
        nonce = hashlib.sha256(f"{key}\0{channel}".encode()).hexdigest()[: NONCE_CHARS - 1]
        return Posted(channel, await self._rest.post(channel, nonce, sheet))
