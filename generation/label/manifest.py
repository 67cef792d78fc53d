"""What the signed manifest (C2PA) of a picture says. Knows no certificate, no file and nothing of the person.

The photo a picture was made of is named as an ingredient, "not stored": neither its bytes, a thumbnail nor a hash.
Words and source types come from the table of kinds, like those of the pill and of the XMP packet.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from generation.label.kinds import Kind
from generation.label.metadata import NAMESPACES, PROGRAM, program_version

PHOTO = "photo of a person, not stored"
TILE_MARK = "selfiebot.tile.1"
"""The invisible mark's name as a soft binding; whoever lays another one names it otherwise."""

_PHOTO_ID = "photo"  # joins ingredient and action inside the definition only; it is not written


@dataclass(frozen=True, slots=True)
class Bound:
    """The invisible mark in the picture, by which a lost manifest can be found again.

    Args:
        value: what the mark says, as text.
    """

    value: str
    scheme: str = TILE_MARK


@dataclass(frozen=True, slots=True)
class Facts:
    """What anybody may know of one picture.

    Args:
        picture_id: unique, random, says nothing about anyone.
        title: the style's title.
        day: of making. No time of day: that could tell two people's pictures apart.
        mark: None if none was laid.
        from_photo: False for a picture made of words alone.
    """

    picture_id: str
    kind: Kind
    title: str
    day: date
    mark: Bound | None = None
    from_photo: bool = True


def describe(facts: Facts) -> dict[str, Any]:
    """The manifest's definition, as c2pa's Builder takes it: C2PA 2.2, sections 18.15 (actions) and 18.10 (binding)."""
    parent = _changes_a_photo(facts.kind)
    photo = {
        "title": PHOTO,
        "format": "image/jpeg",
        "relationship": "parentOf" if parent else "inputTo",
        "label": _PHOTO_ID,
    }
    assertions = [{"label": "c2pa.actions.v2", "data": {"actions": _actions(facts)}}, _dated(facts)]
    if facts.mark is not None:
        blocks = [{"scope": {}, "value": facts.mark.value}]
        binding = {"alg": facts.mark.scheme, "blocks": blocks, "pad": ""}
        assertions.append({"label": "c2pa.soft-binding", "data": binding})
    return {
        "claim_generator_info": [_program()],
        "title": f"{PROGRAM} {facts.picture_id}",
        "ingredients": [photo] if parent or facts.from_photo else [],
        "assertions": assertions,
    }


def _actions(facts: Facts) -> list[dict[str, Any]]:
    """A photo that was changed was opened and edited; any other picture was created."""
    made = {
        "digitalSourceType": facts.kind.words.source_uri,
        "description": f"{facts.kind.words.said}. Style: {facts.title}",
        "softwareAgent": _program(),
    }
    of_photo = {"parameters": {"ingredientIds": [_PHOTO_ID]}}
    if _changes_a_photo(facts.kind):
        actions = [{"action": "c2pa.opened", **of_photo}, {"action": "c2pa.edited", **made}]
    else:
        actions = [{"action": "c2pa.created", **made, **(of_photo if facts.from_photo else {})}]
    if facts.mark is not None:
        actions.append({"action": "c2pa.watermarked.bound"})
    return actions


def _changes_a_photo(kind: Kind) -> bool:
    return kind.words.badge == "MODIFIED"


def _dated(facts: Facts) -> dict[str, Any]:
    names = {prefix: NAMESPACES[prefix] for prefix in ("xmp", "Iptc4xmpExt")}
    fields = {"xmp:CreateDate": facts.day.isoformat(), "Iptc4xmpExt:DigImageGUID": facts.picture_id}
    return {"label": "c2pa.metadata", "data": {"@context": names, **fields}}


def _program() -> dict[str, str]:
    return {"name": PROGRAM, "version": program_version()}
