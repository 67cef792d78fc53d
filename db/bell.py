"""Wakes whoever waits for work in this process. Other processes are found out by looking now and then."""

import asyncio
import contextlib
import time


class Bell:
    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There may be something to do."""
        self._rung.set()

    def ring_at(self, at: float) -> None:
        """There will be something to do then (Unix time, s)."""
        asyncio.get_running_loop().call_later(max(0.0, at - time.time()), self.ring)

    async def wait(self, timeout_s: float) -> None:
        """Until the bell rings, or has rung since the last time, or the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):  # wait_for of Python 3.11 can swallow a cancellation
                await self._rung.wait()
        self._rung.clear()
