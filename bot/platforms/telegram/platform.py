"""Telegram as a platform: puts intake, parsing and drawing together, and keeps them going whatever happens."""

import asyncio
import logging
from collections.abc import Mapping

from telegram.error import TelegramError

from bot.messages import Gone, Later, Message, Showing
from bot.platforms import Raw, Receive
from bot.platforms.telegram.client import SERVER, Client, Refused, dig, told
from bot.platforms.telegram.commands import Commands, register
from bot.platforms.telegram.heard import Heard
from bot.platforms.telegram.intake import PAUSE_S, POLL_S, Intake, poll
from bot.platforms.telegram.limits import DOWNLOAD_BYTES, LIMITS, LOCAL_BYTES
from bot.platforms.telegram.parse import KINDS, Me, Reader
from bot.platforms.telegram.places import Place
from bot.platforms.telegram.rates import Rates
from bot.platforms.telegram.screen import Screen
from bot.platforms.telegram.webhook import Webhook, serve

log = logging.getLogger(__name__)

LONGEST_PAUSE_S = 60.0


class TelegramPlatform:
    """Args:
    token: from @BotFather. It is kept out of logs, errors and reprs.
    commands: what Telegram is to list, in each language.
    start_here: in each language, what somebody in a group is told whom we may not write to; with a blank {link}.
    webhook: None asks for updates instead.
    base_url: where the Bot API is; another one for a server of one's own.
    local_mode: that server runs with --local and shares this machine's disk.
    proxy: "http://…" or "socks5://…".
    rates: how fast messages may go out.
    """

    name = "telegram"
    limits = LIMITS

    def __init__(
        self,
        token: str,
        *,
        commands: Commands,
        start_here: Mapping[str, str],
        webhook: Webhook | None = None,
        base_url: str = SERVER,
        local_mode: bool = False,
        proxy: str | None = None,
        rates: Rates | None = None,
        poll_s: int = POLL_S,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._client = Client(token, base_url, local_mode=local_mode, proxy=proxy)
        self._commands, self._webhook = commands, webhook
        self._poll_s, self._pause_s = poll_s, pause_s
        names = {name for listed in commands.values() for name, _ in listed}
        self._reader = Reader(names, LOCAL_BYTES if local_mode else DOWNLOAD_BYTES)
        self._heard = Heard()
        self._me: Me | None = None
        self._screen = Screen(self._client, rates or Rates(), self._heard, self._username, start_here)

    async def run(self, receive: Receive) -> None:
        """Take updates in until cancelled. Whatever Telegram, the network or the address does: it begins again."""
        troubles = 0
        try:
            while True:
                (error,) = await asyncio.gather(self._run(receive), return_exceptions=True)
                if isinstance(error, Later):
                    await asyncio.sleep(error.seconds)
                elif error is not None:
                    troubles += 1
                    bug = not isinstance(error, OSError | Gone | TelegramError)
                    log.error("Telegram: %s; trying again%s", error, _advice(error), exc_info=error if bug else None)
                    await asyncio.sleep(min(LONGEST_PAUSE_S, self._pause_s * 2.0 ** min(troubles, 10)))
        finally:
            await self._client.close()

    def parse(self, event: str, raw: Raw) -> Message | None:
        message = self._reader.read(event, raw)
        if message is not None:
            self._heard.know(message)
            self._saw(raw)
        return message

    async def fetch(self, ref: str) -> bytes:
        return await self._client.photo(ref)

    async def show(self, chat: str, key: str, showing: Showing, ref: str | None) -> str:
        return await self._screen.show(chat, key, showing, ref)

    async def wipe(self, chat: str) -> None:
        """Empty the person's private chat with us, as far as Telegram allows. A group is everybody's and stays."""
        await self._screen.wipe(Place.read(chat).user, self._heard.newest(Place.read(chat).user))

    def _saw(self, raw: Raw) -> None:
        for part in raw.get("parts", [raw]):
            for said in (dig(part, "update", "message"), dig(part, "update", "callback_query", "message")):
                self._heard.saw(dig(said, "chat", "id"), dig(said, "message_id"))

    async def _run(self, receive: Receive) -> None:
        await self._client.open()
        with told():
            me = await self._client.bot.get_me()
        self._me = Me(me.id, me.username or "")
        intake = Intake(self._client, self._reader, self._me, receive, self._heard)
        registering = asyncio.create_task(register(self._client, self._commands, pause_s=self._pause_s))
        log.info("Telegram: running as @%s", self._me.username)
        try:
            if self._webhook is None:
                with told():
                    await self._client.bot.delete_webhook()
                await poll(self._client, intake, poll_s=self._poll_s, pause_s=self._pause_s)
            else:
                await self._listen(self._webhook, intake)
        finally:
            registering.cancel()
            await asyncio.gather(registering, return_exceptions=True)
            await intake.close()

    async def _listen(self, webhook: Webhook, intake: Intake) -> None:
        serving = asyncio.create_task(serve(webhook, intake.take))
        try:
            with told():
                await self._client.bot.set_webhook(
                    webhook.url, secret_token=webhook.secret, allowed_updates=KINDS, max_connections=40
                )
            await serving
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    def _username(self) -> str:
        return self._me.username if self._me is not None else ""


def _advice(error: BaseException) -> str:
    return ". Is TELEGRAM_TOKEN right? @BotFather shows it" if isinstance(error, Refused) else ""
