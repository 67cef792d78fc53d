"""Whether a folder of weights is whole: every part there, every header sound, every checksum as published.

Opens headers and hashes bytes; loads nothing, and needs no extra.
"""

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from generation.painter import PainterName
from generation.weights.checksums import digest_as
from generation.weights.places import MANIFEST, read_manifest
from generation.weights.registry import Weights

PIPELINES = {
    "Flux2KleinPipeline": PainterName.FLUX2_KLEIN,
    "StableDiffusionXLPipeline": PainterName.SDXL_IP,
    "StableDiffusionXLImg2ImgPipeline": PainterName.SDXL_IP,
}
"""Which engine paints with what a model_index.json names."""

LIBRARIES = {"diffusers", "transformers"}
WEIGHTLESS = ("tokenizer", "scheduler", "feature_extractor", "processor")
LONGEST_HEADER = 100_000_000
"""Bytes; the format allows no more."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Args:
    faults: a sentence for each file that is not as it was published.
    compared, without: how many files were compared, and how many have no checksum to compare with.
    """

    faults: tuple[str, ...]
    compared: int
    without: int
    size: int


def engine_of(folder: Path) -> PainterName | None:
    """The engine that paints with a folder; None if none does, or if the folder is no whole model."""
    return PIPELINES.get(str(_index(folder).get("_class_name")))


def find_faults(folder: Path, known: Weights | None = None) -> list[str]:
    """What is missing or unsound, a sentence each. Quick: reads a few kilobytes of each file.

    Args:
        known: what the folder should be, if it is of ours.
    """
    faults = list(_missing(folder, known)) if known else []
    if (folder / "model_index.json").exists():
        faults += _part_faults(folder)
    files = sorted(folder.rglob("*.safetensors"))
    faults += [f"{file.relative_to(folder)}: {fault}" for file in files if (fault := header_fault(file))]
    return faults or ([] if files else ["there are no .safetensors files"])


def compare_sums(folder: Path, report: Callable[[str], None] = lambda path: None) -> Sums:
    """Every file with its published checksum: the manifest's, or the name under which the hub's cache keeps it.

    Args:
        report: called with each file's path before it is read.
    """
    listed = _listed(folder)
    faults = [f"{path}: missing" for path in listed if not (folder / path).is_file()]
    compared = without = size = 0
    for file in _files(folder):
        path = file.relative_to(folder).as_posix()
        published = listed.get(path) or _blob(file)
        if not published:
            without += 1
            continue
        report(path)
        compared += 1
        size += file.stat().st_size
        if digest_as(file, published) != published:
            faults.append(f"{path}: its checksum is not the published one")
    return Sums(tuple(faults), compared, without, size)


def header_fault(file: Path) -> str:
    """What is wrong with a .safetensors file's header or length; "" if nothing.

    The format: 8 bytes, the header's length; the header, JSON that names each tensor's place; the tensors, to the end.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > min(LONGEST_HEADER, size):
                return "its header is no .safetensors header"
            header: dict[str, Any] = json.loads(stream.read(length))
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    except OSError as error:
        return f"can't be read ({error.strerror})"
    except (struct.error, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return "its header is no .safetensors header"
    whole = 8 + length + max(ends, default=0)
    return "" if size == whole else f"{size} bytes, {whole} expected"


def _index(folder: Path) -> dict[str, Any]:
    try:
        index = json.loads((folder / "model_index.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return index if isinstance(index, dict) else {}


def _missing(folder: Path, known: Weights) -> Iterator[str]:
    """Of a pipeline its index alone, which names its parts: whoever fetched it may have taken other files of them."""
    wanted = ("model_index.json",) if "model_index.json" in known.files else known.files
    paths = [file.relative_to(folder).as_posix() for file in _files(folder)]
    for pattern in wanted:
        if not pattern.startswith(("README", "LICENSE")) and not any(fnmatchcase(path, pattern) for path in paths):
            yield f"{pattern}: missing"


def _part_faults(folder: Path) -> Iterator[str]:
    index = _index(folder)
    if (name := index.get("_class_name")) not in PIPELINES:
        yield f"model_index.json: no engine here paints with {name or 'what cannot be read'}"
    for part, kind in index.items():
        if isinstance(kind, list) and len(kind) == 2 and kind[0]:
            if kind[0] not in LIBRARIES:
                yield f"model_index.json: {part} needs code of its own ({kind[0]}), which is not run"
            yield from _folder_faults(folder / part)


def _folder_faults(part: Path) -> Iterator[str]:
    if not part.is_dir():
        yield f"{part.name}: missing"
        return
    if not any(part.glob("*.json")):
        yield f"{part.name}: no configuration"
    if not part.name.startswith(WEIGHTLESS) and not any(part.glob("*.safetensors")):
        yield f"{part.name}: no .safetensors files"
    for index in part.glob("*.safetensors.index.json"):
        try:
            shards = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            yield f"{part.name}/{index.name}: can't be read"
        else:
            yield from (f"{part.name}/{shard}: missing" for shard in sorted(shards) if not (part / shard).is_file())


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if file.is_file() and not hidden and file.name != MANIFEST and file.suffix != ".part":
            yield file


def _listed(folder: Path) -> dict[str, str]:
    """path -> sha256, of the folder's manifest; one further down is right for what lies below it."""
    listed: dict[str, str] = {}
    for note in sorted(folder.rglob(MANIFEST), key=lambda file: len(file.parts)):
        manifest, below = read_manifest(note.parent), note.parent.relative_to(folder)
        if manifest:
            listed |= {(below / path).as_posix(): digest for path, (_, digest) in manifest.files.items()}
    return listed


def _blob(file: Path) -> str:
    """The hub's cache keeps a file under its checksum and links its name to it; "" for files that are no such links."""
    name = file.resolve().name if file.is_symlink() else ""
    return name if len(name) in (40, 64) and set(name) <= set("0123456789abcdef") else ""
