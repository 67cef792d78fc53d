"""Whether weights may be used here: their licence, and what the operator said to it. Loads nothing."""

import re
from pathlib import Path

from generation.painter import Painter, PainterUnusable
from generation.weights.licence import UNKNOWN, Licence, licence_by_id
from generation.weights.origin import recognise
from generation.weights.places import find_folder, read_manifest

HEAD = re.compile(r"\A---\s*\n(.*?)^---\s*$", re.S | re.M)
"""A model card begins with a few lines of YAML between two lines of hyphens."""

FIELD = re.compile(r"^(license|license_name):[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.M)


def check_licence(painter: Painter) -> None:
    """To be called before anything is loaded.

    Raises:
        PainterUnusable: a part's licence forbids commercial use or is not known, and the operator has not said yes.
    """
    if painter.accepts_noncommercial:
        return
    for part in filter(None, (painter.model, painter.adapter, painter.lora)):
        revision = painter.revision if part == painter.model else ""
        licence = licence_of(part, revision)
        if not licence.commercial:
            here = licence.commercial is False or find_folder(part, revision)
            raise PainterUnusable(refusal(part, licence) if here else _absent(part))


def refusal(part: str, licence: Licence) -> str:
    """Why weights are not used, and what to do."""
    if licence.commercial is None:
        return (
            f"I can't tell what the licence of {part} allows ({licence.title}). If you know that you may use it, set "
            "ACCEPT_NONCOMMERCIAL=true."
        )
    where = f" ({licence.url})" if licence.url else ""
    return (
        f"{part} is under the {licence.title}{where}, which forbids commercial use. If yours is not commercial, set "
        "ACCEPT_NONCOMMERCIAL=true; else take other weights: selfiebot models list."
    )


def _absent(part: str) -> str:
    return f"{part} is neither a folder nor downloaded to this machine. Run: selfiebot models get {part}"


def licence_of(model: str, revision: str = "", cache: Path | None = None) -> Licence:
    """Of a hub id or a folder: what we know of it, else what its model card says, else unknown.

    Args:
        cache: the hub's cache, if not the usual one.
    """
    folder = find_folder(model, revision, cache)
    if known := recognise(model, folder):
        return known.licence
    if folder is None:
        return UNKNOWN
    manifest = read_manifest(folder)
    return licence_by_id(manifest.licence if manifest else _on_the_card(folder))


def _on_the_card(folder: Path) -> str:
    """The licence's id as the folder's README.md gives it; "" if it does not."""
    try:
        head = HEAD.match((folder / "README.md").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return ""
    fields: dict[str, str] = dict(FIELD.findall(head[1])) if head else {}
    named = fields.get("license", "")
    return fields.get("license_name", named) if named == "other" else named
