"""Which GPUs this machine has, and which of them torch can use. Asks in processes of their own; knows no model."""

import importlib.util
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass

TIMEOUT_S = 120

QUERY = ("nvidia-smi", "--query-gpu=name,memory.total,memory.free,compute_cap", "--format=csv,noheader,nounits")

PROBE = """
import json, torch
cards = []
for number in range(torch.cuda.device_count()):
    known = torch.cuda.get_device_properties(number)
    free, total = torch.cuda.mem_get_info(number)
    cards.append([known.name, total / 1e9, free / 1e9, known.major + known.minor / 10])
print(json.dumps([torch.__version__, torch.version.cuda or torch.version.hip or "", cards]))
"""


@dataclass(frozen=True, slots=True)
class Card:
    """Args:
    total_gb, free_gb: in 10^9 bytes.
    capability: NVIDIA's compute capability: 7.5 Turing, 8.0 Ampere, 8.9 Ada, 9.0 Hopper.
    """

    name: str
    total_gb: float
    free_gb: float
    capability: float

    @property
    def has_bf16(self) -> bool:
        """Whether it computes bf16 by itself; older ones imitate it, slowly."""
        return self.capability >= 8


@dataclass(frozen=True, slots=True)
class Torch:
    """What torch says. built_for: the version of CUDA or ROCm; "" for a build that knows processors only."""

    version: str
    built_for: str
    cards: tuple[Card, ...]


def seen_cards() -> tuple[Card, ...]:
    """What NVIDIA's driver sees, with or without torch; nothing without the driver's own tool."""
    if shutil.which(QUERY[0]) is None:
        return ()
    return tuple(_card(line) for line in _ask(*QUERY).splitlines() if line.count(",") == 3)


def ask_torch() -> Torch | None:
    """None if torch is not installed, or does not work."""
    if importlib.util.find_spec("torch") is None:
        return None
    lines = _ask(sys.executable, "-c", PROBE).splitlines()
    if not lines:
        return None
    version, built_for, cards = json.loads(lines[-1])
    return Torch(version, built_for, tuple(Card(*card) for card in cards))


def _ask(*command: str) -> str:
    """What a command prints; "" if it fails or hangs."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _card(line: str) -> Card:
    """A line of nvidia-smi's: name, MiB, MiB, capability; what it does not know reads [N/A]."""
    name, total, free, capability = (part.strip() for part in line.rsplit(",", 3))
    return Card(name, _number(total) * 2**20 / 1e9, _number(free) * 2**20 / 1e9, _number(capability))


def _number(words: str) -> float:
    try:
        return float(words)
    except ValueError:
        return 0.0
