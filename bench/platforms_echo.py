"""python -m bench.platforms_echo telegram|discord|web …: says everything again, by the library alone.

No database, no queue, no worker: the least a bot on the same library does for a message and for a photo.
"""

import io
import itertools
import sys
from collections.abc import Callable
from typing import Any

import discord
from aiohttp import WSMsgType, web
from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from bench.platforms_bot import point_discord

CAPTION = "there you are"


def telegram(server: str, token: str) -> None:
    """python-telegram-bot's own Application and polling, as many updates at a time as it likes."""

    async def text(update: Update, _: Any) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    async def photo(update: Update, _: Any) -> None:
        assert update.message is not None
        file = await update.message.photo[-1].get_file()
        await update.message.reply_photo(bytes(await file.download_as_bytearray()), CAPTION)

    builder = Application.builder().token(token).base_url(f"{server}/bot").base_file_url(f"{server}/file/bot")
    application = builder.concurrent_updates(True).connection_pool_size(64).pool_timeout(60).build()
    application.add_handler(MessageHandler(filters.PHOTO, photo))
    application.add_handler(MessageHandler(filters.TEXT, text))
    application.run_polling()


def discord_(rest: str, line: str, token: str) -> None:
    point_discord(rest, line)
    client = discord.Client(intents=discord.Intents(dm_messages=True))

    @client.event
    async def on_message(message: discord.Message) -> None:
        if message.author.bot:
            return
        if message.attachments:
            data = await message.attachments[0].read()
            await message.channel.send(CAPTION, file=discord.File(io.BytesIO(data), "picture.jpg"))
        else:
            await message.channel.send(message.content)

    client.run(token, log_handler=None)


def web_(port: str) -> None:
    """The web chat's own addresses, with nothing behind them."""
    lines: dict[str, web.WebSocketResponse] = {}
    numbers = itertools.count(1)

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="hello")

    async def follow(request: web.Request) -> web.WebSocketResponse:
        socket = lines[request.cookies["selfiebot"]] = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        async for frame in socket:
            if frame.type != WSMsgType.TEXT:
                break
        return socket

    async def send(request: web.Request) -> web.Response:
        form = await request.post()
        number = next(numbers)
        picture = number if "photo" in form else None
        body = {"text": str(form.get("text", "")), "buttons": (), "progress": None, "picture_id": picture}
        row = {"kind": "row", "seq": number, "ref": f"m{number}", "author": "bot", "body": body}
        await lines[request.cookies["selfiebot"]].send_json(row)
        return web.json_response({"new": True})

    app = web.Application(client_max_size=30_000_000)
    app.add_routes([web.get("/", page), web.get("/favicon.ico", page), web.get("/ws", follow), web.post("/send", send)])
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, print=None)


ECHOES: dict[str, Callable[..., None]] = {"telegram": telegram, "discord": discord_, "web": web_}

if __name__ == "__main__":
    ECHOES[sys.argv[1]](*sys.argv[2:])
