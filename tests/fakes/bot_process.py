"""The real bot as a process of its own, as `selfiebot run` starts it; may be killed and started again."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

import aiohttp

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class BotProcess:
    """Args:
    folder: for its data, its .env and its log.
    settings: more settings, as environment variables.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "log.txt"
        self.settings = {"DATA_DIR": str(folder / "data"), "WEB_PORT": str(self.port), **settings}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        out: IO[bytes] = self.log.open("ab")
        with out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot"],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self.settings},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    async def ready(self, timeout_s: float = 60) -> None:
        """Wait until its page opens."""
        async with asyncio.timeout(timeout_s), aiohttp.ClientSession() as session:
            while True:
                assert self.process is not None
                assert self.process.poll() is None, self.log.read_text()
                with suppress(aiohttp.ClientError, OSError):
                    async with session.get(f"{self.base}/favicon.ico"):
                        return
                await asyncio.sleep(0.05)

    async def started(self) -> "BotProcess":
        await asyncio.to_thread(self.start)
        await self.ready()
        return self

    async def kill(self) -> None:
        """SIGKILL: at any instruction."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM, as a supervisor does. Returns the exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        process, self.process = self.process, None
        with suppress(ProcessLookupError):
            process.send_signal(how)
        return await asyncio.to_thread(process.wait, 20)
