"""Which weights a folder holds, by the note in it or the name it is called by. Looks into no weights."""

from pathlib import Path

from generation.weights.places import find_folder, read_manifest
from generation.weights.registry import Refused, Weights, read_registry


def recognise(model: str, folder: Path | None) -> Weights | Refused | None:
    """What the registry knows of a model: of what its folder says it is, else of its name.

    Args:
        model: a hub id, or a folder.
        folder: where it is on this machine, if it is.
    """
    manifest = read_manifest(folder) if folder else None
    return read_registry().of(manifest.id if manifest else model)


def recommended(model: str, folder: Path | None) -> Weights | None:
    """The same, if it is something we recommend."""
    known = recognise(model, folder)
    return known if isinstance(known, Weights) else None


def folder_of(weights: Weights) -> Path | None:
    """Where recommended weights are in the hub's cache: at the commit we looked at, else at their newest."""
    return find_folder(weights.id, weights.revision) or find_folder(weights.id)
