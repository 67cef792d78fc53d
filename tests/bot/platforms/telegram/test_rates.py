"""How fast messages go out: no chat, no group and not all together faster than Telegram bears, and no result lost."""

import asyncio
import time
from collections import Counter

import pytest

from bot.messages import Later, Showing
from bot.platforms.telegram.rates import Rates
from tests.bot.platforms.telegram.conftest import JPEG, connected
from tests.fakes.telegram import BotApi

FIFTY_TIMES = Rates(chat=(0.02, 3), group=(0.08, 3), all=(0.0008, 3))


async def until_done(rates: Rates, chat: int, key: str, times: list[float]) -> None:
    while True:
        try:
            await rates.turn(chat, key)
        except Later as later:
            await asyncio.sleep(later.seconds)
        else:
            times.append(time.monotonic())
            return


def most_within(times: list[float], seconds: float) -> int:
    return max(sum(start <= at < start + seconds for at in times) for start in times)


async def test_a_chat_gets_a_short_burst_and_then_one_message_a_beat() -> None:
    rates, times = Rates(chat=(0.1, 3), group=(0.1, 3), all=(0.0, 1)), list[float]()
    await asyncio.gather(*(until_done(rates, 42, str(n), times) for n in range(8)))
    assert times[2] - times[0] < 0.09
    assert times[-1] - times[0] >= 0.42


async def test_no_minute_has_more_than_twenty_messages_in_a_group() -> None:
    rates, times = Rates(chat=(0.01, 3), group=(0.04, 3), all=(0.0, 1)), list[float]()  # a hundred times as fast
    await asyncio.gather(*(until_done(rates, -1001, str(n), times) for n in range(50)))
    assert most_within(times, 0.6) <= 20
    assert len(times) == 50


async def test_no_second_has_more_than_thirty_messages_in_all() -> None:
    rates, times = Rates(all=(0.02, 3)), list[float]()  # twice as fast
    await asyncio.gather(*(until_done(rates, n, "k", times) for n in range(1, 61)))
    assert most_within(times, 0.5) <= 30


async def test_the_defaults_keep_telegrams_rules() -> None:
    rates = Rates()
    for (every_s, burst), (most, seconds) in zip((rates.group, rates.all), ((20, 60), (30, 1)), strict=True):
        assert burst + seconds / every_s <= most


async def test_who_waits_long_is_sent_away_with_a_ticket_of_their_own() -> None:
    rates = Rates(chat=(10.0, 1), group=(10.0, 1))
    await rates.turn(42, "first")
    waits = []
    for key in ("second", "third", "second"):
        with pytest.raises(Later) as later:
            await rates.turn(42, key)
        waits.append(round(later.value.seconds))
    assert waits == [10, 20, 10]


async def test_progress_gives_way_to_whoever_waits() -> None:
    rates = Rates(chat=(10.0, 1), group=(10.0, 1))
    assert rates.spare(7)
    await rates.turn(42, "first")
    assert not rates.spare(42)
    with pytest.raises(Later):
        await rates.turn(42, "second")
    assert not rates.spare(42)


async def test_after_a_flood_nobody_bursts() -> None:
    rates, times = Rates(chat=(0.1, 3), group=(0.1, 3), all=(0.0, 1)), list[float]()
    start = time.monotonic()
    rates.hold(42, 0.3)
    await asyncio.gather(*(until_done(rates, 42, str(n), times) for n in range(4)))
    assert times[0] - start >= 0.29
    assert most_within(times, 0.06) == 1


async def test_fifty_results_in_one_group_all_come_without_a_burst(api: BotApi) -> None:
    """Fifty times as fast as life: a minute is 1.2 seconds."""
    group = api.group()
    async with connected(api, rates=FIFTY_TIMES) as line:

        async def deliver(number: int) -> None:
            showing = Showing(f"result {number}", (), JPEG + str(number).encode(), number, public=True)
            while True:
                try:
                    await line.platform.show(f"-1001/{number}", f"key{number}", showing, None)
                except Later as later:
                    await asyncio.sleep(later.seconds)
                else:
                    return

        await asyncio.gather(*(deliver(number) for number in range(1, 51)))
        captions = Counter(message["caption"] for message in api.person().seen(group))
    assert captions == {f"result {number}": 1 for number in range(1, 51)}
    assert most_within([call.at for call in api.sent("sendPhoto")], 1.15) <= 20
