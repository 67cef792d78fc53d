"""Effects: one a module, named by its file; a recipe's step names it. This file only finds them.

An effect is a module with one of

    def apply(scene, canvas, *, seed, <parameters>) -> Layer | list[Layer] | None
    def bend(scene, *, <parameters>) -> Field

and may have `NEEDS`, a tuple of the mattes it reads ("person", "hair"), and
`def headroom(scene, *, <parameters>) -> float`, the px it needs above the picture's upper edge.
Parameters have defaults; one whose default is "#rrggbb" takes colours.

Modules lie in folders by stage, and the stages are in drawing order: when styles are combined, their
steps are drawn in it. A recipe of one style is drawn as it is written.
"""

import difflib
import importlib
import pkgutil
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType

from generation.job import Note

STAGES = ("shape", "skin", "makeup", "paint", "hair", "backdrop", "light", "worn", "medium", "finish")
"""In drawing order."""


class Skip(Exception):
    """This photo does not show what the effect works on; the picture is drawn without it, and the note says so."""

    def __init__(self, note: Note) -> None:
        super().__init__(note)
        self.note = note


@cache
def stages() -> MappingProxyType[str, str]:
    """The stage of every effect there is, in drawing order of the stages."""
    here = Path(__file__).parent
    return MappingProxyType(
        {
            module.name: stage
            for stage in STAGES
            for module in sorted(pkgutil.iter_modules([str(here / stage)]), key=lambda module: module.name)
            if not module.name.startswith("_")
        }
    )


def load_effect(name: str) -> ModuleType:
    """The module of an effect.

    Raises:
        ValueError: there is no such effect; the text names the nearest ones.
    """
    known = stages()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3) or sorted(known)
        raise ValueError(f'There is no effect "{name}". Nearest: {", ".join(near)}.')
    return importlib.import_module(f"{__name__}.{known[name]}.{name}")
