"""The weights we recommend and those we refuse, out of recommended.toml. Knows no network and no disk."""

import difflib
import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from generation.painter import Dtype, PainterName
from generation.weights.licence import Licence

FILE = Path(__file__).parent / "recommended.toml"
USUAL_PIXELS = 1024**2 + 768**2
"""What one picture under way is reckoned at: itself and one reference."""


class UnknownWeights(Exception):
    """Nothing recommended has that name; the text names the nearest."""


class Role(StrEnum):
    BASE = "base"
    ADAPTER = "adapter"
    LORA = "lora"
    DECODER = "decoder"


@dataclass(frozen=True, slots=True)
class Memory:
    """What a card must hold, in GB (10^9 bytes). Computed from parameters and the shapes of layers, not measured.

    Args:
        weights: by how they are held, without the text encoder.
        text: the text encoder.
        fixed: the decoder's work, and CUDA's own.
        job: one picture under way, at 1024 px with one reference of 768 px.
    """

    weights: Mapping[Dtype, float]
    text: float
    fixed: float
    job: float

    def needed_gb(self, dtype: Dtype, *, text: bool, jobs: int, size_px: int, refs: int, ref_side_px: int) -> float:
        """For so many pictures at once, with so many references each.

        Args:
            text: the text encoder is on the card, too.
        """
        share = (size_px**2 + refs * ref_side_px**2) / USUAL_PIXELS
        return self.weights[dtype] + (self.text if text else 0) + self.fixed + jobs * self.job * share


@dataclass(frozen=True, slots=True)
class Weights:
    """Args:
    id: the hub's.
    revision: the commit that was looked at; "" for the newest.
    files, leaves: patterns of the files that an engine reads, and of those among them that it does not.
    needs: the names of other weights that this one is of no use without.
    subfolder: where an engine looks for it in the folder of the weights that need it; "" for what stands alone.
    memory: None for what is part of another.
    """

    name: str
    engine: PainterName
    role: Role
    id: str
    revision: str
    licence: Licence
    line: str
    parameters: str
    size_gb: float
    files: tuple[str, ...]
    leaves: tuple[str, ...]
    needs: tuple[str, ...]
    subfolder: str
    memory: Memory | None

    def wants(self, path: str) -> bool:
        """Whether an engine reads that file of the hub's repository."""
        return _matches(path, self.files) and not _matches(path, self.leaves)


@dataclass(frozen=True, slots=True)
class Refused:
    """Weights whose licence forbids what a public bot does."""

    name: str
    id: str
    licence: Licence


@dataclass(frozen=True, slots=True)
class Net:
    """A small net of the engine stylenet, which the operator brings. where: whence."""

    name: str
    where: str
    licence: Licence
    line: str


@dataclass(frozen=True, slots=True)
class Registry:
    weights: tuple[Weights, ...]
    refused: tuple[Refused, ...]
    nets: tuple[Net, ...]

    def of(self, hub_id: str) -> Weights | Refused | None:
        """What is known of that hub id, if anything. The hub does not tell capitals from small letters."""
        return next((known for known in self._all() if known.id.lower() == hub_id.lower()), None)

    def find(self, name: str) -> Weights | Refused:
        """By a name of ours or a hub id.

        Raises:
            UnknownWeights
        """
        found = next((known for known in self._all() if known.name == name.lower()), None) or self.of(name)
        if found is None:
            spellings = {spelling.lower(): spelling for known in self._all() for spelling in (known.name, known.id)}
            near = difflib.get_close_matches(name.lower(), spellings, 3, 0.5)
            names = [spellings[one] for one in near] or [weights.name for weights in self.weights]
            raise UnknownWeights(f'There are no weights called "{name}". Nearest: {", ".join(names)}.')
        return found

    def _all(self) -> tuple[Weights | Refused, ...]:
        return (*self.weights, *self.refused)


@functools.cache
def read_registry() -> Registry:
    """Read once a process; it is our own file, so a fault in it is a bug."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    licences = {id_: Licence(id_, **entry) for id_, entry in table["licences"].items()}
    return Registry(
        tuple(_weights(name, entry, licences) for name, entry in table["models"].items()),
        tuple(Refused(name, entry["id"], licences[entry["licence"]]) for name, entry in table["refused"].items()),
        tuple(Net(name, **entry | {"licence": licences[entry["licence"]]}) for name, entry in table["nets"].items()),
    )


def _weights(name: str, entry: Mapping[str, Any], licences: Mapping[str, Licence]) -> Weights:
    return Weights(
        name=name,
        engine=PainterName(entry["engine"]),
        role=Role(entry["role"]),
        id=entry["id"],
        revision=entry.get("revision", ""),
        licence=licences[entry["licence"]],
        line=entry["line"],
        parameters=entry["parameters"],
        size_gb=entry["size_gb"],
        files=tuple(entry["files"]),
        leaves=tuple(entry.get("leaves", ())),
        needs=tuple(entry.get("needs", ())),
        subfolder=entry.get("subfolder", ""),
        memory=_memory(entry.get("memory_gb")),
    )


def _memory(entry: Mapping[str, Any] | None) -> Memory | None:
    if entry is None:
        return None
    held = {Dtype(dtype): gb for dtype, gb in entry["weights"].items()}
    return Memory(held, entry["text"], entry["fixed"], entry["job"])


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)
