"""Wakes whoever waits for work in this process. Other processes are found out by looking now and then."""

import asyncio


class Bell:
    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There may be something to do."""
        self._rung.set()

    async def wait(self, timeout_s: float) -> None:
        """Until the bell rings, or has rung since the last time, or the time is over."""
        try:
            await asyncio.wait_for(self._rung.wait(), timeout_s)
        except TimeoutError:
            return
        finally:
            self._rung.clear()
