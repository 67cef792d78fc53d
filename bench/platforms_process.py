"""A bot as a process of its own: started, killed, its CPU time read. Knows no platform."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]


class Program:
    """Args:
    folder: where it runs, and where its log is.
    module: what is run, with `arguments`; `settings` are its environment.
    """

    def __init__(self, folder: Path, module: str, arguments: Sequence[str], settings: Mapping[str, str]) -> None:
        self.folder, self.settings = folder, dict(settings)
        self.log = folder / "log.txt"
        self._command = [sys.executable, "-m", module, *arguments]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                self._command,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **self.settings},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def check(self) -> None:
        """Raises SystemExit with its log if it has ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            raise SystemExit(f"it ended: {self.log.read_text()[-2000:]}")

    def cpu_s(self) -> float:
        """What it has used so far, without its workers."""
        assert self._process is not None
        times = psutil.Process(self._process.pid).cpu_times()
        return float(times.user + times.system)

    async def kill(self) -> None:
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.send_signal(how)
            await asyncio.to_thread(process.wait, 20)
