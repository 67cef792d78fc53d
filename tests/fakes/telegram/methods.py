"""The Bot API's methods, as strict as the real ones about what may be sent and edited. Knows no HTTP."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any

from tests.fakes.telegram.faults import ApiError, bad
from tests.fakes.telegram.world import Chat, Json, World

DOWNLOAD_BYTES = 20_000_000
PHOTO_BYTES = 10_000_000
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
Uploads = dict[str, tuple[str, bytes]]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class Methods:
    """Each method takes its parameters and the files that came with them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.commands: dict[str | None, list[Json]] = {}
        self.hook: Json | None = None
        self.actions: list[tuple[int, str]] = []
        self.answered: list[str] = []
        self.last_error: str | None = None
        self.local: Path | None = None
        self.polls = 0

    async def getMe(self, params: Json, files: Uploads) -> Json:
        return self.world.me

    async def getUpdates(self, params: Json, files: Uploads) -> list[Json]:
        if self.hook is not None:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        self.polls += 1
        mine = self.polls
        await self.world.tell()
        world, offset = self.world, params.get("offset", 0)
        if "allowed_updates" in params:
            world.allowed = params["allowed_updates"]
        world.queue = [update for update in world.queue if update["update_id"] >= offset]
        end = time.monotonic() + params.get("timeout", 0)
        async with world.changed:
            while not world.queue and mine == self.polls and (left := end - time.monotonic()) > 0:
                try:
                    await asyncio.wait_for(world.changed.wait(), left)
                except TimeoutError:
                    break
        if mine != self.polls:
            raise ApiError(409, CONFLICT)
        return world.queue[: params.get("limit", 100)]

    async def setWebhook(self, params: Json, files: Uploads) -> bool:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", params.get("secret_token", "x")):
            raise bad("secret token contains unallowed characters")
        self.hook = {"url": params["url"], "secret": params.get("secret_token")} if params["url"] else None
        self.world.allowed = params.get("allowed_updates", self.world.allowed)
        self.world.on_update()
        return True

    async def deleteWebhook(self, params: Json, files: Uploads) -> bool:
        self.hook = None
        return True

    async def getWebhookInfo(self, params: Json, files: Uploads) -> Json:
        info = {
            "url": self.hook["url"] if self.hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.world.queue),
        }
        if self.last_error is not None:
            info |= {"last_error_date": int(time.time()), "last_error_message": self.last_error}
        return info

    async def sendMessage(self, params: Json, files: Uploads) -> Json:
        _check_text(params["text"])
        return await self._send(params, {"text": params["text"]})

    async def sendPhoto(self, params: Json, files: Uploads) -> Json:
        self.world.chat(params["chat_id"])
        _check_caption(params.get("caption"))
        return await self._send(
            params, {**self._media("photo", params["photo"], files), "caption": params.get("caption")}
        )

    async def sendDocument(self, params: Json, files: Uploads) -> Json:
        self.world.chat(params["chat_id"])
        _check_caption(params.get("caption"))
        media = self._media("document", params["document"], files)
        return await self._send(params, {**media, "caption": params.get("caption")})

    async def editMessageText(self, params: Json, files: Uploads) -> Json:
        message = self._own(params)
        _check_text(params.get("text", ""))
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        return await self._change(message, params, {"text": params["text"]})

    async def editMessageCaption(self, params: Json, files: Uploads) -> Json:
        message = self._own(params)
        _check_caption(params.get("caption"))
        if "photo" not in message and "document" not in message:
            raise bad("there is no caption in the message to edit")
        return await self._change(message, params, {"caption": params.get("caption")})

    async def editMessageMedia(self, params: Json, files: Uploads) -> Json:
        message, media = self._own(params), params["media"]
        _check_caption(media.get("caption"))
        new = self._media(media["type"], media["media"], files)
        gone = dict.fromkeys(("text", "photo", "document"))
        return await self._change(message, params, {**gone, **new, "caption": media.get("caption")})

    async def deleteMessage(self, params: Json, files: Uploads) -> bool:
        self.world.chat(params["chat_id"])
        message = self.world.messages.get((params["chat_id"], params["message_id"]))
        if message is None:
            raise bad("message to delete not found")
        if time.time() - message["date"] > 48 * 3600:
            raise bad("message can't be deleted for everyone")
        del self.world.messages[params["chat_id"], params["message_id"]]
        await self.world.tell()
        return True

    async def deleteMessages(self, params: Json, files: Uploads) -> bool:
        self.world.chat(params["chat_id"])
        if not 1 <= len(params["message_ids"]) <= 100:
            raise bad("wrong number of message identifiers specified")
        there = [(params["chat_id"], number) for number in params["message_ids"]]
        found = [key for key in there if key in self.world.messages]
        if any(time.time() - self.world.messages[key]["date"] > 48 * 3600 for key in found):
            raise bad("message can't be deleted for everyone")
        for key in found:
            del self.world.messages[key]
        await self.world.tell()
        return True

    async def sendChatAction(self, params: Json, files: Uploads) -> bool:
        self.world.chat(params["chat_id"])
        if params["action"] not in ("typing", "upload_photo", "upload_document"):
            raise bad("wrong parameter action in request")
        self.actions.append((params["chat_id"], params["action"]))
        return True

    async def getFile(self, params: Json, files: Uploads) -> Json:
        file = self.world.files.get(params["file_id"])
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if self.local is not None:  # run with --local: files lie on the disk we share
            path = self.local / file.id
            path.write_bytes(file.data)
            return {**file.head(), "file_path": str(path)}
        if len(file.data) > DOWNLOAD_BYTES:
            raise bad("file is too big")
        return {**file.head(), "file_path": file.path}

    async def answerCallbackQuery(self, params: Json, files: Uploads) -> bool:
        query = self.world.queries.pop(params["callback_query_id"], None)
        if query is None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.answered.append(params["callback_query_id"])
        if not query.done():
            query.set_result(params.get("text"))
        return True

    async def setMyCommands(self, params: Json, files: Uploads) -> bool:
        for command in params["commands"]:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[params.get("language_code")] = params["commands"]
        return True

    async def getMyCommands(self, params: Json, files: Uploads) -> list[Json]:
        return self.commands.get(params.get("language_code"), [])

    async def _send(self, params: Json, body: Json) -> Json:
        chat = self.world.chat(params["chat_id"])
        topic = params.get("message_thread_id")
        if topic is not None and not chat.forum:
            raise bad("message thread not found")
        place = {} if topic is None else {"message_thread_id": topic, "is_topic_message": True}
        more = {**place, "reply_to_message": self._answered(params, chat), "reply_markup": _keyboard(params)}
        return await self.world.write(chat, self.world.me, {**body, **more})

    def _answered(self, params: Json, chat: Chat) -> Json | None:
        wanted = params.get("reply_parameters")
        if wanted is None:
            return None
        message = self.world.messages.get((chat.id, wanted["message_id"]))
        if message is None and not wanted.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        return message and {key: value for key, value in message.items() if key != "reply_to_message"}

    def _own(self, params: Json) -> Json:
        self.world.chat(params["chat_id"])
        message = self.world.messages.get((params["chat_id"], params["message_id"]))
        if message is None:
            raise bad("message to edit not found")
        if message["from"]["id"] != self.world.me["id"]:
            raise bad("message can't be edited")
        return message

    async def _change(self, message: Json, params: Json, new: Json) -> Json:
        new = {**new, "reply_markup": _keyboard(params)}
        if all(message.get(key) == value for key, value in new.items()):
            raise bad(SAME)
        message |= {**new, "edit_date": int(time.time())}
        for key in [key for key, value in message.items() if value is None]:
            del message[key]
        await self.world.tell()
        return message

    def _media(self, kind: str, source: str, files: Uploads) -> Json:
        """A file that came along, "attach://name", or one the server has, by its id."""
        name = source.removeprefix("attach://")
        if name in files:
            filename, data = files[name]
        elif source in self.world.files:
            known = self.world.files[source]
            if known.kind != kind:
                raise bad(f"can't use file of type {known.kind.title()} as {kind.title()}")
            if kind == "photo":
                sizes = [file.photo() for file in self.world.files.values() if file.id == source]
                return {"photo": sizes}
            return {"document": known.document()}
        else:
            raise bad("wrong file identifier/HTTP URL specified")
        if not data:
            raise bad("file must be non-empty")
        if kind == "photo":
            if len(data) > PHOTO_BYTES:
                raise bad("file is too big")
            if data[:2] != b"\xff\xd8" and data[:4] not in (b"\x89PNG", b"RIFF"):
                raise bad("IMAGE_PROCESS_FAILED")
            return {"photo": self.world.photo(data)}
        return {"document": self.world.keep(data, "document", filename).document()}


def _keyboard(params: Json) -> Json | None:
    markup: Json | None = params.get("reply_markup")
    buttons = [button for row in markup["inline_keyboard"] for button in row] if markup else []
    if len(buttons) > 100:
        raise bad("reply markup is too long")
    for button in buttons:
        if not button["text"]:
            raise bad("inline keyboard button text must be non-empty")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
    return markup if buttons else None


def _check_text(text: Any) -> None:
    if not text.strip():
        raise bad("message text is empty")
    if utf16(text) > 4096:
        raise bad("MESSAGE_TOO_LONG")


def _check_caption(caption: str | None) -> None:
    if utf16(caption or "") > 1024:
        raise bad("MEDIA_CAPTION_TOO_LONG")
