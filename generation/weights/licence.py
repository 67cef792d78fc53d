"""What a licence allows, as far as its id tells. Knows no weights."""

import re
from dataclasses import dataclass

ALLOW = re.compile(
    r"apache-2\.0|mit|bsd|bsd-[23]-clause|isc|unlicense|cc0-1\.0|cc-by(-sa)?-[234]\.0|"
    r"(creativeml-|bigscience-)?openrail(\+\+|-m)?"
)
"""Ids on model cards whose licences allow commercial use, with or without conditions."""

FORBID = re.compile(r"(^|-)nc(-|$)|non-?commercial|research|kommunity")


@dataclass(frozen=True, slots=True)
class Licence:
    """Args:
    id: as model cards name it.
    title: its name, with what one must know of it.
    commercial: whether it allows commercial use; None if that is not known.
    url: where its text is.
    """

    id: str
    title: str
    commercial: bool | None
    url: str = ""


UNKNOWN = Licence("unknown", "no licence that I can find", None)


def licence_by_id(id_: str) -> Licence:
    """The licence that a model card names. What nobody has heard of is not known to allow anything."""
    plain = id_.strip().lower()
    if not plain:
        return UNKNOWN
    commercial = True if ALLOW.fullmatch(plain) else False if FORBID.search(plain) else None
    return Licence(plain, id_.strip(), commercial)
