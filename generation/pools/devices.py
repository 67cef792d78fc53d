"""Which devices there are to paint on. Asks a process of its own, for the bot loads no torch."""

import asyncio
import sys

ASK = "import torch; print(torch.cuda.device_count())"
PATIENCE_S = 120.0


async def find_gpus() -> tuple[str, ...]:
    """Every GPU, as torch names them: "cuda:0". None if there is none, or no torch."""
    asked = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ASK), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            said, _ = await asked.communicate()
    except TimeoutError:
        asked.kill()
        await asked.wait()
        return ()
    count = said.decode().strip()
    return tuple(f"cuda:{number}" for number in range(int(count))) if count.isdecimal() else ()
