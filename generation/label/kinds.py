"""The one table of what a picture is called: pill, metadata and caption all read it, so they cannot contradict.

Knows no pixels and no file format, so that the bot may import it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""IPTC's vocabulary of digital source types; metadata holds the full URI."""


class Kind(StrEnum):
    """What was done to make a picture. `digitalCapture`, the untouched photo, is missing on purpose."""

    ENHANCED = "enhanced"  # the person's photo, changed by programmed filters; no trained generator
    COMPOSITE = "composite"  # the person's photo with parts that a trained generator made
    GENERATED = "generated"  # a new picture by a trained generator
    DRAWN = "drawn"  # a new picture, drawn by procedure; no trained generator

    @property
    def words(self) -> "Words":
        return WORDS[self]


@dataclass(frozen=True, slots=True)
class Words:
    """How one kind is named.

    Args:
        badge: the word beside "AI" in the pill.
        source: the last part of IPTC's URI.
        said: what metadata and alt text begin with, in English: "AI-" and the pill's word, then how it was made.
        caption: the key of the caption's first line in the bot's texts.
    """

    badge: str
    source: str
    said: str
    caption: str

    @property
    def source_uri(self) -> str:
        return IPTC + self.source


WORDS: dict[Kind, Words] = {
    Kind.ENHANCED: Words(
        "MODIFIED", "algorithmicallyEnhanced", "AI-modified photo, edited by software", "caption_enhanced"
    ),
    Kind.COMPOSITE: Words(
        "MODIFIED",
        "compositeWithTrainedAlgorithmicMedia",
        "AI-modified photo, with parts made by a generative model",
        "caption_composite",
    ),
    Kind.GENERATED: Words(
        "GENERATED", "trainedAlgorithmicMedia", "AI-generated picture, made by a generative model", "caption_generated"
    ),
    Kind.DRAWN: Words("GENERATED", "algorithmicMedia", "AI-generated picture, drawn by software", "caption_drawn"),
}


def kind_of_many(kinds: Iterable[Kind]) -> Kind:
    """What a sheet of several pictures is; nothing made by a trained generator may hide among the others."""
    found = set(kinds)
    if len(found) == 1:
        return found.pop()
    return Kind.COMPOSITE if found & {Kind.COMPOSITE, Kind.GENERATED} else Kind.ENHANCED
