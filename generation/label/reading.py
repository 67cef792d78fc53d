"""What a file's signed manifest (C2PA) says, and whether it is one of ours. Knows no chat, and asks no network.

Made for hostile files: only JPEG, PNG and WebP are looked at, no manifest beyond a size is opened, no address in it is
followed. Still, the library that reads it is not ours: strangers' files are read in a process that may die.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from c2pa import C2paError, Context, Reader

from generation.label.chain import Ours
from generation.label.containers import Layer, media_type, parts_of
from generation.label.kinds import WORDS
from generation.label.manifest import Bound, Facts
from generation.label.others import name_generator
from generation.label.signing import EKUS

MOST_FILE_BYTES = 40 << 20
MOST_MANIFEST_BYTES = 8 << 20
MOST_NAME = 100  # characters of a stranger's program that are repeated to anybody
MADE_BY_AI = {"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic"}
CHANGED = "assertion.dataHash.mismatch"


class State(StrEnum):
    INTACT = "ours, intact"
    BROKEN = "ours, broken"  # the picture or the manifest was changed since, or our certificate was put on another one
    OTHERS = "others'"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Args:
    generator: the program, as the manifest itself says; "" if it does not, or cannot be read.
    sources: the last parts of the IPTC source types it names, its ingredients' too.
    says_ai: by a source type, or by a generator that does nothing else.
    intact: nothing was changed since somebody signed it; says nothing of who that was.
    timestamp: when an authority says it was signed, ISO 8601; "" without one.
    facts: ours only, and only if the signature on them holds. When `state` is BROKEN the picture was changed since.
    """

    state: State
    generator: str = ""
    sources: tuple[str, ...] = ()
    says_ai: bool = False
    intact: bool = False
    timestamp: str = ""
    facts: Facts | None = None


UNREADABLE = Manifest(State.OTHERS)


def read_manifest(data: bytes, ours: Ours) -> Manifest | None:
    """None if the file has none. One that cannot be read, or is too large to, is somebody's, and not intact.

    Args:
        data: a whole file, from anybody.
    """
    media = media_type(data)
    if media is None or len(data) > MOST_FILE_BYTES:
        return None
    size = sum(len(part.data) for part in parts_of(data) if part.layer is Layer.C2PA)
    if size == 0:
        return None
    if size > MOST_MANIFEST_BYTES:
        return UNREADABLE
    try:
        with Reader(media, io.BytesIO(data), context=_context(ours.anchors)) as reader:
            found = json.loads(reader.json())
    except C2paError.ManifestNotFound:
        return None
    except (C2paError, ValueError, RecursionError):
        return UNREADABLE
    try:
        return _judge(found, ours)
    except (KeyError, TypeError, AttributeError, ValueError):
        return UNREADABLE


@lru_cache(maxsize=4)
def _context(anchors: str) -> Context:
    trust = {"trust_config": "\n".join(EKUS)} | ({"user_anchors": anchors} if anchors else {})
    return Context.from_dict(
        {
            "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
            "core": {
                "allowed_network_hosts": [],
                "allow_redirects": False,
                "decode_identity_assertions": False,
                "max_decompressed_manifest_size_in_mb": MOST_MANIFEST_BYTES >> 20,
            },
            "trust": trust,
        }
    )


def _judge(found: dict[str, Any], ours: Ours) -> Manifest:
    active = found["manifests"][found["active_manifest"]]
    signature = active.get("signature_info") or {}
    results = found["validation_results"]["activeManifest"]
    passed = {result["code"] for result in results["success"]}
    failed = {result["code"] for result in results["failure"]} - {"signingCredential.untrusted"}
    intact = not failed and "claimSignature.validated" in passed
    by_us = "signingCredential.trusted" in passed and str(signature.get("cert_serial_number")) in ours.serials
    state = (State.INTACT if intact else State.BROKEN) if by_us else State.OTHERS

    generator = _generator(active)
    sources = tuple(dict.fromkeys(_sources(found["manifests"])))
    signed_facts = by_us and "claimSignature.validated" in passed and failed <= {CHANGED}
    return Manifest(
        state=state,
        generator=generator,
        sources=sources,
        says_ai=bool(MADE_BY_AI.intersection(sources) or name_generator(generator)),
        intact=intact,
        timestamp=_clean(signature.get("time")) if "timeStamp.validated" in passed else "",
        facts=_facts(active) if signed_facts else None,
    )


def _generator(manifest: dict[str, Any]) -> str:
    info = manifest.get("claim_generator_info") or [{}]
    name = " ".join(str(info[0].get(field, "")) for field in ("name", "version"))
    return _clean(name) or _clean(manifest.get("claim_generator"))


def _sources(manifests: dict[str, Any]) -> Iterator[str]:
    for manifest in manifests.values():
        for action in _actions(manifest):
            source = action.get("digitalSourceType")
            if isinstance(source, str) and source:
                yield _clean(source.rstrip("/").rpartition("/")[2])


def _actions(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for assertion in manifest.get("assertions", ()):
        if str(assertion.get("label")).startswith("c2pa.actions"):
            yield from assertion["data"]["actions"]


def _facts(manifest: dict[str, Any]) -> Facts | None:
    """What `manifest.describe` was told; None if another version of us described it in another way."""
    data = {assertion["label"]: assertion["data"] for assertion in manifest["assertions"]}
    try:
        made = next(action for action in _actions(manifest) if "digitalSourceType" in action)
        kind = next(kind for kind, words in WORDS.items() if words.source_uri == made["digitalSourceType"])
        said = data["c2pa.metadata"]
        binding = data.get("c2pa.soft-binding")
        return Facts(
            picture_id=said["Iptc4xmpExt:DigImageGUID"],
            kind=kind,
            title=made["description"].removeprefix(f"{kind.words.said}. Style: "),
            day=date.fromisoformat(said["xmp:CreateDate"]),
            mark=Bound(binding["blocks"][0]["value"], binding["alg"]) if binding else None,
            from_photo=bool(manifest.get("ingredients")),
        )
    except (KeyError, IndexError, TypeError, ValueError, StopIteration):
        return None


def _clean(value: object) -> str:
    """A stranger's words, fit to be repeated: one line of letters, cut."""
    letters = "".join(letter for letter in str(value or "") if letter.isprintable())
    return " ".join(letters.split())[:MOST_NAME]
