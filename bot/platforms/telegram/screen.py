"""Draws what a message of ours should show: sends it, edits it, turns text into a picture and back. Knows no talk.

Whatever is tried again is an edit of the same message, so a lost answer does no harm.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from telegram import InputMediaDocument, InputMediaPhoto, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated

from bot.messages import Gone, Later, Showing
from bot.platforms.telegram.client import Client, says, told
from bot.platforms.telegram.files import Files, empty_picture
from bot.platforms.telegram.heard import Heard
from bot.platforms.telegram.limits import LIMITS
from bot.platforms.telegram.places import Place, Ref
from bot.platforms.telegram.rates import Rates
from bot.platforms.telegram.sheet import Sheet, cut
from bot.platforms.telegram.sweep import sweep

log = logging.getLogger(__name__)

_PLAIN = LinkPreviewOptions(is_disabled=True)
_SAME = ("message is not modified",)
_MISSING = ("message to edit not found", "message to delete not found", "message_id_invalid", "message can't be edited")
_SHUT = (
    *("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "chat was deleted", "deactivated"),
    *("not enough rights", "have no rights", "chat_write_forbidden", "topic_closed", "thread not found", "kicked"),
    *("chat_send_photos_forbidden", "chat_send_docs_forbidden", "chat_send_media_forbidden", "chat_restricted"),
)
_NO_PHOTO = ("photo_invalid_dimensions", "image_process_failed", "photo_save_file_invalid", "too big", "too large")
_BAD_ID = ("wrong file identifier", "wrong remote file", "file_reference", "invalid file_id")
ASK_AGAIN_S = 600.0
"""How long one note in a group stands for all that cannot be told to somebody there."""


REMEMBERED = 2000


class Screen:
    """A picture is always an edit: a message whose answer was lost is sent twice, one that was edited is not. Where
    there is no message yet its words go first.

    Args:
    start_here: in each language, what somebody in a group is told who never started us; with a blank {link}.
    """

    def __init__(
        self, client: Client, rates: Rates, heard: Heard, username: Callable[[], str], start_here: Mapping[str, str]
    ) -> None:
        self._client, self._bot, self._rates, self._heard = client, client.bot, rates, heard
        self._username = username
        self._start_here = start_here
        self._files = Files()
        self._moved: dict[int, int] = {}
        self._asked: dict[str, tuple[float, Ref]] = {}
        self._begun: OrderedDict[str, Ref] = OrderedDict()

    async def show(self, chat: str, key: str, showing: Showing, ref: str | None) -> str:
        """Make a message of ours show this. In a group it goes to the person alone unless it is public.

        Returns:
            ref: the message as it is now; it may be another one.

        Raises:
            Gone, Later, OSError
        """
        home = Place.read(chat)
        old = Ref.read(ref) if ref else None
        to = self._moved.get(home.group, home.group) if showing.public and home.group is not None else home.user
        if old is not None and showing.progress is not None and showing.picture is None:
            await self._tell(old, showing, home)
            return str(old)
        if old is not None and (old.chat != to or old.kind == "note"):
            old = None
        try:
            with self._minding(to):
                return str(await self._draw(Sheet(to, key, home, showing), old))
        except Gone:
            if home.group is None or showing.public:
                raise
        return str(await self._ask_to_start(home, key))

    async def wipe(self, user: int, newest: int) -> None:
        """Take away what stands in a person's private chat, up to that message."""
        with self._minding(user):
            await sweep(self._bot, self._rates, user, newest)

    async def _tell(self, old: Ref, showing: Showing, home: Place) -> None:
        """Progress: only where there is room for it, never in a group, and whether it comes through or not."""
        stays = old.kind == "text" if showing.picture_id is None else old.picture == showing.picture_id
        if not stays or old.chat < 0 or not self._rates.spare(old.chat):
            return
        sheet = Sheet(old.chat, "", home, showing)
        try:
            with self._minding(old.chat):
                await self._bot.send_chat_action(old.chat, ChatAction.UPLOAD_PHOTO)
                await (self._edit_text(old, sheet) if old.kind == "text" else self._edit_caption(old, sheet))
        except BadRequest as error:
            log.debug("progress was not shown: %s", error)

    async def _draw(self, sheet: Sheet, old: Ref | None) -> Ref:
        begun = self._begun.get(sheet.key)
        old = old or (begun if begun is not None and begun.chat == sheet.to else None)
        await self._rates.turn(sheet.to, sheet.key)
        if old is None and sheet.kind != "text" and sheet.to > 0:
            old = self._begun[sheet.key] = await self._send(sheet.in_words())
            while len(self._begun) > REMEMBERED:
                self._begun.popitem(last=False)
        drawn = await self._draw_as(sheet, old)
        self._begun.pop(sheet.key, None)
        return drawn

    async def _draw_as(self, sheet: Sheet, old: Ref | None) -> Ref:
        try:
            return await self._place(sheet, old)
        except BadRequest as error:
            if old is not None and says(error, *_MISSING):
                return await self._place(sheet, None)
            if sheet.kind != "text" and says(error, *_BAD_ID) and self._files.forget(sheet):
                return await self._place(sheet, old)
            if sheet.kind == "photo" and says(error, *_NO_PHOTO):
                return await self._place(sheet.as_file(), old)
            raise

    async def _place(self, sheet: Sheet, old: Ref | None) -> Ref:
        if old is None:
            return await self._send(sheet)
        if sheet.kind == "text":
            return await (self._edit_text(old, sheet) if old.kind == "text" else self._take_away(old, sheet))
        if old.kind == sheet.kind and old.picture == sheet.showing.picture_id is not None:
            return await self._edit_caption(old, sheet)
        made = InputMediaPhoto if sheet.kind == "photo" else InputMediaDocument
        media = made(self._files.source(sheet), caption=sheet.text, filename=sheet.filename)
        said = await self._edit(self._bot.edit_message_media(media, old.chat, old.message, reply_markup=sheet.keyboard))
        self._files.remember(sheet, said)
        return Ref(sheet.kind, old.chat, old.message, sheet.showing.picture_id)

    async def _send(self, sheet: Sheet) -> Ref:
        more: dict[str, Any] = {
            "reply_markup": sheet.keyboard,
            "message_thread_id": sheet.home.topic if sheet.to < 0 else None,
        }
        if sheet.kind == "text":
            said = await self._bot.send_message(sheet.to, sheet.text, link_preview_options=_PLAIN, **more)
        else:
            send = self._bot.send_photo if sheet.kind == "photo" else self._bot.send_document
            said = await send(sheet.to, self._files.source(sheet), sheet.text, filename=sheet.filename, **more)
        self._files.remember(sheet, said)
        self._heard.saw(sheet.to, said.message_id)
        return Ref(sheet.kind, sheet.to, said.message_id, sheet.showing.picture_id)

    async def _edit_text(self, old: Ref, sheet: Sheet) -> Ref:
        """A text, unless the message became a picture when its answer was lost; then that has to go."""
        edit = self._bot.edit_message_text(
            sheet.text, old.chat, old.message, reply_markup=sheet.keyboard, link_preview_options=_PLAIN
        )
        try:
            await self._edit(edit)
        except BadRequest as error:
            if not says(error, "no text in the message") or sheet.showing.progress is not None:
                raise
            return await self._take_away(old, sheet)
        return Ref("text", old.chat, old.message)

    async def _edit_caption(self, old: Ref, sheet: Sheet) -> Ref:
        """New words under a picture that stays."""
        caption = cut(sheet.showing.text, LIMITS.caption_chars)
        edit = self._bot.edit_message_caption
        await self._edit(edit(old.chat, old.message, caption=caption, reply_markup=sheet.keyboard))
        return old

    async def _take_away(self, old: Ref, sheet: Sheet) -> Ref:
        """From a picture back to words, which Telegram cannot do: a new message for it.

        After 48 hours a message cannot be deleted any more; then an empty picture takes the place of the old.
        """
        try:
            await self._bot.delete_message(old.chat, old.message)
        except BadRequest as error:
            if not says(error, *_MISSING):
                words = cut(sheet.text, LIMITS.caption_chars)
                empty = InputMediaPhoto(empty_picture(), caption=words, filename="empty.png")
                await self._edit(
                    self._bot.edit_message_media(empty, old.chat, old.message, reply_markup=sheet.keyboard)
                )
                return Ref("photo", old.chat, old.message)
        return await self._send(sheet)

    async def _edit(self, edit: Awaitable[Message | bool]) -> Message | None:
        """An edit that changes nothing was done before."""
        try:
            said = await edit
        except BadRequest as error:
            if says(error, *_SAME):
                return None
            raise
        return said if isinstance(said, Message) else None

    async def _ask_to_start(self, home: Place, key: str) -> Ref:
        """A note in the group for somebody we may not write to; one is enough, whatever they ask for meanwhile."""
        now = time.monotonic()
        self._asked = {chat: asked for chat, asked in self._asked.items() if asked[0] > now - ASK_AGAIN_S}
        if str(home) in self._asked:
            return self._asked[str(home)][1]
        group = self._moved.get(home.group or 0, home.group or 0)
        lang, message = self._heard.last(str(home))
        template = self._start_here.get(lang.split("-")[0].lower(), self._start_here["en"])
        text = template.format(link=f"https://t.me/{self._username()}?start=last")
        reply = None if message is None else ReplyParameters(message, allow_sending_without_reply=True)
        with self._minding(group):
            await self._rates.turn(group, f"{key}:note")
            said = await self._bot.send_message(
                group, text, message_thread_id=home.topic, reply_parameters=reply, link_preview_options=_PLAIN
            )
        ref = Ref("note", group, said.message_id)
        self._asked[str(home)] = now, ref
        return ref

    @contextmanager
    def _minding(self, chat: int) -> Iterator[None]:
        """Errors in the house's words; a chat that asked for patience gets it, a group that moved is followed."""
        try:
            with told():
                try:
                    yield
                except ChatMigrated as error:
                    self._moved[chat] = error.new_chat_id
                    raise Later(0.1) from error
                except BadRequest as error:
                    if says(error, *_SHUT):
                        raise Gone(str(error)) from error
                    raise
        except Later as later:
            if later.__cause__ is not None and later.seconds >= 1:
                self._rates.hold(chat, later.seconds)
            raise
