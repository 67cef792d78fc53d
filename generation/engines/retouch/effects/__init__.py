"""Effects: one a module, named by its file; a recipe's step names it. This file only finds them.

An effect is a module with one of

    def apply(scene, canvas, *, seed, <parameters>) -> Layer | list[Layer] | None
    def bend(scene, *, <parameters>) -> Field

and may have `NEEDS`, a tuple of the mattes it reads ("person", "hair"), and
`def headroom(scene, *, <parameters>) -> float`, the px it needs above the picture's upper edge.
Parameters have defaults; one whose default is "#rrggbb" takes colours.
"""

import difflib
import importlib
import pkgutil
from types import ModuleType

from generation.job import Note


class Skip(Exception):
    """This photo does not show what the effect works on; the picture is drawn without it, and the note says so."""

    def __init__(self, note: Note) -> None:
        super().__init__(note)
        self.note = note


def names() -> list[str]:
    """The effects there are."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def load_effect(name: str) -> ModuleType:
    """The module of an effect.

    Raises:
        ValueError: there is no such effect; the text names the nearest ones.
    """
    known = names()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3) or known
        raise ValueError(f'There is no effect "{name}". Nearest: {", ".join(near)}.')
    return importlib.import_module(f"{__name__}.{name}")
