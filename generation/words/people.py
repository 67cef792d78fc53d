"""Finds who is meant by a name: the widely known, and whoever looks like Firstname Lastname. Knows no faces."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generation.words.fence import Fence, Found, build_fence, items, spellings
from generation.words.spelling import Word

NEAR = 4
"""So many words before "like Firstname Lastname" tell whether somebody's looks are meant."""


@dataclass(frozen=True)
class People:
    """Real people by name."""

    known: Fence
    made_up: Fence
    before: frozenset[str]
    strong: frozenset[str]
    first: frozenset[str]
    no_name: frozenset[str]

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        """Where a real person is named."""
        yield from self.known.find(words)
        made_up = {found.start for found in self.made_up.find(words)}
        for at in range(1, len(words) - 1):
            if at not in made_up and self._named(words, at):
                yield Found(at, at + 2, f"{words[at].written} {words[at + 1].written}")

    def _named(self, words: Sequence[Word], at: int) -> bool:
        """Somebody's first name, after a word that compares, and before what may be their last."""
        first, last = words[at], words[at + 1]
        if first.written not in self.first or first.ends or words[at - 1].written not in self.before:
            return False
        if len(last.written) < 3 or not last.written.isalpha() or last.written in self.no_name:
            return False
        return words[at - 1].written in COMPARING or self._about_looks(words, at)

    def _about_looks(self, words: Sequence[Word], at: int) -> bool:
        return any(word.written in self.strong for word in words[max(0, at - NEAR) : at - 1])


COMPARING = frozenset(("like", "as", "als", "wie"))
"""Words that by themselves say that somebody's looks are meant."""


def read_people(file: Path) -> People:
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    known = [name for names in tables["known"].values() for name in items(names)]
    pattern = {name: items(words) for name, words in tables["pattern"].items()}
    return People(
        known=build_fence(known, {}),
        made_up=build_fence(pattern["made_up"], {}),
        **{name: _spelled(pattern[name]) for name in ("before", "strong", "first", "no_name")},
    )


def _spelled(words: Sequence[str]) -> frozenset[str]:
    return frozenset(form for word in words for form in spellings(word))
