"""When a message may go out, so that Telegram never has to say "too many requests". Knows no messages, only chats."""

import asyncio
import time
from dataclasses import dataclass, field

from bot.messages import Later
from bot.platforms.telegram import limits

PATIENCE_S = 2.0
"""Whoever would have to wait longer is sent away and comes back in time, so that others are not held up."""
FORGET_S = 300.0
MANY = 5000


@dataclass
class Pace:
    """One message every so many seconds, and so many at once after a pause (the generic cell rate algorithm)."""

    every_s: float
    burst: int
    full_at: float = 0.0  # when everything sent so far is paid off

    def free_at(self, now: float) -> float:
        return max(now, self.full_at - self.every_s * (self.burst - 1))

    def take(self, at: float) -> None:
        self.full_at = max(self.full_at, at) + self.every_s

    def hold(self, until: float) -> None:
        """Nothing before then, and no burst afterwards."""
        self.full_at = max(self.full_at, until + self.every_s * (self.burst - 1))


@dataclass
class Rates:
    """Every chat has its own pace, groups a slower one, and all together have one too.

    A message that has to wait gets a ticket, the time of its turn; so fifty messages in one group come back one after
    the other and not all at once. Progress gets no tickets: it goes when nobody else wants to, or not at all.
    """

    chat: tuple[float, int] = (limits.CHAT_EVERY_S, limits.CHAT_BURST)
    group: tuple[float, int] = (limits.GROUP_EVERY_S, limits.GROUP_BURST)
    all: tuple[float, int] = (limits.ALL_EVERY_S, limits.ALL_BURST)
    _paces: dict[int, list[Pace]] = field(default_factory=dict)
    _tickets: dict[tuple[int, str], float] = field(default_factory=dict)
    _all: Pace | None = None

    async def turn(self, chat: int, key: str) -> None:
        """Wait for a message's turn.

        Raises:
            Later: it is too far off; the same key keeps its place.
        """
        now = time.monotonic()
        at = self._tickets.get((chat, key))
        if at is None or at < now - FORGET_S:
            at = self._take(chat, now)
            self._tickets[chat, key] = at
        if at - now > PATIENCE_S:
            self._tidy(now)
            raise Later(at - now)
        del self._tickets[chat, key]
        await asyncio.sleep(max(0.0, at - now))
        await self.step()

    def spare(self, chat: int) -> bool:
        """Whether a message that does not matter may go now; if so, it counts."""
        now = time.monotonic()
        everyone = self._everyone()
        if any(waiting == chat for waiting, _ in self._tickets) or everyone.full_at > now:
            return False
        if any(pace.full_at > now for pace in self._paces_of(chat)):
            return False
        self._take(chat, now)
        everyone.take(now)
        return True

    def hold(self, chat: int, seconds: float) -> None:
        """Telegram asked for patience in this chat: everybody there queues up again behind that time."""
        until = time.monotonic() + seconds
        for pace in self._paces_of(chat):
            pace.full_at = 0.0
            pace.hold(until)
        for ticket in [ticket for ticket in self._tickets if ticket[0] == chat]:
            del self._tickets[ticket]

    def _take(self, chat: int, now: float) -> float:
        paces = self._paces_of(chat)
        at = max(pace.free_at(now) for pace in paces)
        for pace in paces:
            pace.take(at)
        return at

    def _paces_of(self, chat: int) -> list[Pace]:
        paces = self._paces.get(chat)
        if paces is None:
            wanted = [self.chat, self.group] if chat < 0 else [self.chat]
            paces = self._paces[chat] = [Pace(*pace) for pace in wanted]
        return paces

    def _everyone(self) -> Pace:
        if self._all is None:
            self._all = Pace(*self.all)
        return self._all

    async def step(self) -> None:
        """Wait for the pace of all together, for what is no message of a chat."""
        now, everyone = time.monotonic(), self._everyone()
        at = everyone.free_at(now)
        everyone.take(at)
        await asyncio.sleep(at - now)
        self._tidy(now)

    def _tidy(self, now: float) -> None:
        if len(self._paces) > MANY:
            self._paces = {c: paces for c, paces in self._paces.items() if any(p.full_at > now for p in paces)}
        if len(self._tickets) > MANY:
            self._tickets = {key: at for key, at in self._tickets.items() if at > now - FORGET_S}
