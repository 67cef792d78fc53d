"""Brings every message of ours to the screen as it should look, and shows on the way how far its picture is.

Knows neither what is said nor how a platform draws. Whatever is tried twice is an edit of the same message.
"""

import asyncio
import dataclasses
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from weakref import WeakValueDictionary

from bot.crew import Crew, backoff_s, keep_looking, worker_name
from bot.messages import Gone, Later, Showing, with_last_line
from bot.platforms import Limits, Platform
from bot.rows import showing_of
from db import JobRow, Post, Store

log = logging.getLogger(__name__)

BUGS = 8
"""How often a message is tried that a platform's code breaks on."""
TRIES = 700
"""How often a message is tried that the network does not let through: for about a day."""
LONGEST_WAIT_S = 120.0
NEWS_S = 0.1
"""How often held-back news of progress are looked at."""
SHOWN_AT_ONCE = 4
"""News are shown while fewer messages than that are on their way: who has much to bring has no time to chat."""


@dataclass(frozen=True, slots=True)
class News:
    """How far a picture is: its place in the queue, or the share of its work that is done."""

    job: JobRow
    place: int | None
    share: float | None


class Delivery:
    """Args:
    waiting: the text of a message whose job has that place in the queue.
    working: the text of a message whose job is being rendered, given the share that is done.
    show_s: how long one attempt may take; shorter than the lease, so that no two try at once.
    """

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        *,
        waiting: Callable[[JobRow, int], str],
        working: Callable[[JobRow, float], str],
        at_once: int = 16,
        lease_s: float = 90.0,
        show_s: float = 60.0,
        look_s: float = 0.25,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._waiting = waiting
        self._working = working
        self._at_once = at_once
        self._lease_s = lease_s
        self._show_s = show_s
        self._look_s = look_s
        self._worker = worker_name()
        self._crew = Crew(self._deliver, self._put_off, store.outbox.bell.ring)
        self._tellers = Crew(self._tell, _drop)
        self._news: dict[str, News] = {}
        self._quiet_until: dict[tuple[str, str], float] = {}
        self._chats: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def progress(self, job: JobRow, *, place: int | None = None, share: float | None = None) -> None:
        """How far a job is, to be shown when its chat's limit allows; only the latest counts, and it may be lost."""
        self._news[job.outbox_key] = News(job, place, share)

    async def run(self) -> None:
        """Deliver until cancelled; what is under way is then free for others at once."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(keep_looking(self._claim, lambda: self._store.outbox.bell.wait(self._look_s)))
                group.create_task(keep_looking(self._spread_news, lambda: asyncio.sleep(NEWS_S)))
        finally:
            await self._tellers.dismiss()
            await self._crew.dismiss()
            await self._store.outbox.release(self._worker)

    async def _claim(self) -> None:
        free = self._at_once - len(self._crew)
        if free > 0:
            for post in await self._store.outbox.claim(self._worker, free, self._lease_s):
                self._crew.send(post)

    async def _deliver(self, claimed: Post) -> None:
        async with self._chat(claimed.platform, claimed.chat):
            post = await self._store.outbox.get(claimed.key)
            if post is None or post.lease != claimed.lease:  # erased, or another's by now
                return
            platform = self._platforms.get(post.platform)
            if platform is None:
                await self._store.outbox.give_up(post, "its platform is not running")
                return
            await self._show(post, platform)

    async def _show(self, post: Post, platform: Platform) -> None:
        started = time.perf_counter()
        picture = None if post.body.picture is None else await self._store.blobs.get(post.body.picture)
        showing = fit(showing_of(post.body, picture, None if post.final else 0.0), platform.limits)
        try:
            async with asyncio.timeout(self._show_s):
                if post.body.wipes:
                    await platform.wipe(post.chat)
                ref = await platform.show(post.chat, post.key, showing, post.ref)
        except Gone:
            await self._store.outbox.give_up(post, "gone")
            log.info("message %d of %s has nowhere to go", post.id, post.platform)
        except Later as later:
            await self._store.outbox.later(post, time.time() + later.seconds)
        except OSError as error:
            await self._try_again(post, type(error).__name__, TRIES)
        else:
            if not post.final:  # what was just shown is news enough
                self._keep_quiet(post.platform, post.chat)
            await self._store.outbox.shown(post, ref)
            log.debug("message %d shown in %.1f ms", post.id, (time.perf_counter() - started) * 1000)

    async def _put_off(self, post: Post, error: BaseException) -> None:
        await self._try_again(post, type(error).__name__, TRIES if isinstance(error, OSError) else BUGS)

    async def _try_again(self, post: Post, why: str, most: int) -> None:
        if post.attempts + 1 >= most:
            log.error("message %d of %s was given up: %s", post.id, post.platform, why)
            await self._store.outbox.give_up(post, why)
        else:
            await self._store.outbox.later(post, time.time() + backoff_s(post.attempts, LONGEST_WAIT_S))

    async def _spread_news(self) -> None:
        """Send on the latest news of each chat that may have one now."""
        now = time.monotonic()
        self._quiet_until = {chat: until for chat, until in self._quiet_until.items() if until > now}
        for key, news in list(self._news.items()):
            if len(self._crew) + len(self._tellers) >= SHOWN_AT_ONCE:
                return
            chat = news.job.platform, news.job.chat
            platform = self._platforms.get(news.job.platform)
            if chat in self._quiet_until and platform is not None:
                continue
            del self._news[key]
            if platform is not None:
                self._keep_quiet(*chat)
                self._tellers.send(news)

    def _keep_quiet(self, platform: str, chat: str) -> None:
        """No news in this chat for as long as its platform wants between two edits."""
        pause_s = 60 / self._platforms[platform].limits.edits_per_minute
        self._quiet_until[platform, chat] = time.monotonic() + pause_s

    async def _tell(self, news: News) -> None:
        """Show news on a message that is on the screen and still waits for its picture; else they are dropped."""
        job = news.job
        platform, chat = self._platforms[job.platform], self._chat(job.platform, job.chat)
        if chat.locked():
            self._news.setdefault(job.outbox_key, news)  # what is shown just now is news enough
            return
        async with chat:
            post = await self._store.outbox.get(job.outbox_key)
            if post is None or post.final or post.body.picture != job.picture:  # of a draft, or before it came
                return
            if post.ref is None or post.shown != post.version:
                self._news.setdefault(job.outbox_key, news)  # what it should show comes first
                return
            showing = showing_of(dataclasses.replace(post.body, text=self._words(news, post)), None, news.share or 0.0)
            try:
                async with asyncio.timeout(self._show_s):
                    await platform.show(post.chat, post.key, fit(showing, platform.limits), post.ref)
            except Later as later:
                self._quiet_until[job.platform, job.chat] = time.monotonic() + later.seconds
            except Gone:
                return
            except OSError as error:  # it may have come through all the same
                log.debug("news were not shown: %s", type(error).__name__)
            after = await self._store.outbox.get(job.outbox_key)
            if after is not None and after.lease != post.lease:  # another bot may have shown the picture before us
                await self._store.outbox.redo(after)

    def _words(self, news: News, post: Post) -> str:
        """How far it is; under a draft that is the last line alone."""
        share = news.share or 0.0
        line = self._working(news.job, share) if news.place is None else self._waiting(news.job, news.place)
        return line if post.body.picture is None else with_last_line(post.body.text, line)

    def _chat(self, platform: str, chat: str) -> asyncio.Lock:
        """One thing at a time in a chat: no older text over a newer one, nothing after a wipe that came before it."""
        lock = self._chats.get((platform, chat))
        if lock is None:
            lock = self._chats[platform, chat] = asyncio.Lock()
        return lock


def fit(showing: Showing, limits: Limits) -> Showing:
    """What a platform's limits leave of it."""
    if showing.picture is not None and len(showing.picture) > limits.photo_bytes:
        log.error("picture %s has %d bytes, too many for its platform", showing.picture_id, len(showing.picture))
        showing = dataclasses.replace(showing, picture=None, picture_id=None)
    bare = showing.picture is None and showing.picture_id is None
    most = limits.text_chars if bare else limits.caption_chars
    text = showing.text if len(showing.text) <= most else showing.text[: most - 1] + "…"
    return dataclasses.replace(showing, text=text, buttons=showing.buttons[: limits.buttons])


async def _drop(news: News, error: BaseException) -> None:
    """News are worth one attempt."""
