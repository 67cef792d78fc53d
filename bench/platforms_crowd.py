"""A crowd at all platforms, in bad weather, while the bot is killed: who got nothing, who got too much, who waited."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.platforms_faults import Met, WebWeather, discord_weather, telegram_weather
from bench.platforms_people import DiscordWorld, Guest, TelegramWorld, WebWorld, World
from bench.platforms_process import Program
from bench.platforms_rates import make_program, starts, until

LOOK_S = 0.01
EVERYBODYS = ("getUpdates",)
"""Calls whose faults everybody feels who writes just then."""
SEED = 20261122


@dataclass
class Visit:
    """One guest's selfie: when it was sent, answered and drawn. strays: messages that never became a picture."""

    platform: str
    guest: Guest
    sent: float = 0.0
    heard: float = 0.0
    drawn: float = 0.0
    pictures: int = 0
    strays: int = 0


@dataclass
class Crowd:
    visits: list[Visit] = field(default_factory=list)
    outages: list[tuple[float, float]] = field(default_factory=list)
    faults: dict[str, list[Met]] = field(default_factory=dict)
    seconds: float = 0.0

    def of(self, platform: str) -> list[Visit]:
        return [visit for visit in self.visits if visit.platform == platform]

    def waits(self, platform: str) -> list[float]:
        """Seconds to the first answer of those whose wait saw no outage, in order."""
        return sorted(visit.heard - visit.sent for visit in self.of(platform) if visit.heard and self._alive(visit))

    def slow(self, platform: str, seconds: float) -> list[tuple[Visit, list[Met]]]:
        """Those who waited longer than that, and the faults that their own requests or the bot's polling met."""
        late = [v for v in self.of(platform) if v.heard - v.sent > seconds and self._alive(v)]
        return [(visit, [met for met in self.faults[platform] if self._concerns(met, visit)]) for visit in late]

    def _concerns(self, met: Met, visit: Visit) -> bool:
        whose = met.what in EVERYBODYS or any(name in met.where for name in visit.guest.names())
        return whose and visit.sent - 1 < met.at < visit.heard

    def _alive(self, visit: Visit) -> bool:
        return all(visit.heard < down or visit.sent > up for down, up in self.outages)


async def crowd(folder: Path, photo: bytes, people: int, kills: int, arrive_s: float) -> Crowd:
    """
    Args:
        people: at each platform.
        arrive_s: the time over which they send their selfies.
    """
    chance, found = random.Random(SEED), Crowd()
    found.faults = {name: [] for name in ("telegram", "discord", "web")}
    web = WebWorld()
    way = WebWeather(web.port, chance, found.faults["web"])
    web.way = await way.start()
    telegram, discord = TelegramWorld(), DiscordWorld()
    async with telegram, discord, web:
        worlds: Sequence[World] = (telegram, discord, web)
        users = [world.user(number) for world in worlds for number in range(people)]
        program = await make_program(folder / "crowd", worlds, users, unpaced=False)
        await starts(program, worlds)
        telegram.api.faults = telegram_weather(chance, found.faults["telegram"])
        discord.fake.faults = discord_weather(chance, found.faults["discord"])
        started, tasks = time.monotonic(), list[asyncio.Task[None]]()
        try:
            visits = [Visit(w.name, await w.guest(n)) for w in worlds for n in range(people)]
            found.visits = visits
            coming = [asyncio.create_task(_comes(visit, photo, chance.random() * arrive_s)) for visit in visits]
            tasks = [*coming, asyncio.create_task(_look(visits))]
            await _kill(program, worlds, found, kills, arrive_s, chance)
            await asyncio.wait(coming, timeout=arrive_s + 60)
            await until(lambda: all(visit.drawn for visit in visits), 60, every_s=0.1)
            found.seconds = time.monotonic() - started
            telegram.api.faults, discord.fake.faults = [], []
            await asyncio.sleep(3)
            await _end(tasks)
            await _count(visits)
        finally:
            await _end(tasks)
            await program.stop()
            await way.stop()
    return found


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _comes(visit: Visit, photo: bytes, after_s: float) -> None:
    await asyncio.sleep(after_s)
    visit.sent = time.monotonic()
    await visit.guest.asks(photo)


async def _look(visits: list[Visit]) -> None:
    """Note when each guest sees something, and then the picture."""
    while True:
        for visit in visits:
            if visit.sent and not visit.drawn:
                if not visit.heard and visit.guest.answers():
                    visit.heard = time.monotonic()
                if visit.heard and visit.guest.pictures():
                    visit.drawn = time.monotonic()
                    await visit.guest.leaves()
        await asyncio.sleep(LOOK_S)


async def _kill(
    program: Program, worlds: Sequence[World], found: Crowd, kills: int, arrive_s: float, chance: random.Random
) -> None:
    """SIGKILL, at moments spread over the crowd's coming."""
    begin = time.monotonic()
    for number in range(kills):
        at = begin + arrive_s * (number + 0.3 + 0.4 * chance.random()) / kills
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        down = time.monotonic()
        await program.kill()
        await starts(program, worlds)
        found.outages.append((down, time.monotonic()))


async def _count(visits: list[Visit]) -> None:
    """What stands on every screen in the end."""
    for first in range(0, len(visits), 60):
        some = visits[first : first + 60]
        for visit in some:
            await visit.guest.looks_again()
        await asyncio.sleep(0.5)
        for visit in some:
            visit.pictures = visit.guest.pictures()
            visit.strays = visit.guest.answers() - visit.pictures
            await visit.guest.leaves()
