"""What the doctor says of one thing. Knows nothing of how it was found."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    FINE = "✓"
    NOTE = "·"
    BROKEN = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """remedy: what to do about it; empty if nothing."""

    verdict: Verdict
    subject: str
    what: str
    remedy: str = ""
