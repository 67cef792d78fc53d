"""Reads lists of phrases and finds them among words. Knows nothing of what is refused, or why.

A phrase is a row of words as they stand in refused.toml and harmless.toml:

    nude                     this word
    undress*                 every word that begins so
    take|took off [whose]? [clothes]
                             one of several words; one of a list; a word that may be missing
    make me white .          a full stop: nothing more comes in this clause
    zieh [whom] ... aus      up to two words in between
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generation.words.spelling import SQUEEZED, Word, plain, squeezed

GAP = 2
"""Words that may stand where a phrase says "..."."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a phrase.

    Args:
        words: what may stand there.
        stems: what a word may begin with that stands there.
        optional: it may be missing.
        kind: "word", "end" of the clause, or "gap".
    """

    words: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()
    optional: bool = False
    kind: str = "word"

    def takes(self, word: Word) -> bool:
        if not self.words.isdisjoint(word.spellings):
            return True
        return bool(self.stems) and any(spelling.startswith(self.stems) for spelling in word.spellings)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A phrase among words: where it begins, where the words after it begin, and how it was read."""

    start: int
    end: int
    read: str


@dataclass(frozen=True)
class Fence:
    """Phrases, found quickly: single words by a look-up, longer phrases by the word they begin with."""

    words: frozenset[str]
    stems: frozenset[str]
    phrases: Mapping[str, Sequence[tuple[Slot, ...]]]
    _lengths: tuple[int, ...] = field(init=False, repr=False)
    _column: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lengths", tuple(sorted({len(stem) for stem in self.stems})))
        object.__setattr__(self, "_column", "\n".join(["", *sorted(self.words | self.stems), ""]))

    def find(self, words: Sequence[Word]) -> Iterator[Found]:
        """Of each place the longest phrase that begins there."""
        for at, word in enumerate(words):
            found = max(self._at(words, at, word), key=lambda each: each.end, default=None)
            if found is not None:
                yield found

    def _at(self, words: Sequence[Word], at: int, word: Word) -> Iterator[Found]:
        for spelling in word.spellings:
            if self._alone(spelling):
                yield Found(at, at + 1, spelling.removeprefix(SQUEEZED))
            for slots in self.phrases.get(spelling, ()):
                end = _after(slots, words, at)
                if end > at:
                    yield Found(at, end, " ".join(each.written for each in words[at:end]))
        if word.starred and self._starred(word):
            yield Found(at, at + 1, word.written)

    def _alone(self, spelling: str) -> bool:
        return spelling in self.words or any(spelling[:length] in self.stems for length in self._lengths)

    def _starred(self, word: Word) -> bool:
        """ "n*de" is any word of four letters that begins and ends so."""
        hidden = {
            spelling for spelling in word.spellings if "*" in spelling and len(spelling) - spelling.count("*") > 1
        }
        return any(re.search(f"\n{re.escape(one)}\n".replace(r"\*", "[a-z]"), self._column) for one in hidden)


def _after(slots: Sequence[Slot], words: Sequence[Word], at: int) -> int:
    """The place after the phrase that begins here; -1 if it does not stand here."""
    if not slots:
        return at
    slot, rest = slots[0], slots[1:]
    if slot.kind == "end":
        return _after(rest, words, at) if at == len(words) or words[at - 1].ends else -1
    if slot.kind == "gap":
        return max(_after(rest, words, at + many) for many in range(GAP + 1) if _together(words, at, many))
    found = -1
    if at < len(words) and slot.takes(words[at]) and (not rest or _goes_on(rest, words, at)):
        found = _after(rest, words, at + 1)
    return max(found, _after(rest, words, at)) if slot.optional else found


def _goes_on(rest: Sequence[Slot], words: Sequence[Word], at: int) -> bool:
    """A clause does not end between two words of a phrase."""
    return not words[at].ends or all(slot.optional or slot.kind == "end" for slot in rest)


def _together(words: Sequence[Word], at: int, many: int) -> bool:
    return at + many <= len(words) and not any(word.ends for word in words[at : at + many])


def build_fence(phrases: Iterable[str], lists: Mapping[str, str]) -> Fence:
    """A fence of phrases as the module's text describes them.

    Args:
        lists: what "[name]" stands for in a phrase, as "one|two|three".
    """
    words: set[str] = set()
    stems: set[str] = set()
    longer: dict[str, list[tuple[Slot, ...]]] = {}
    for phrase in phrases:
        slots = tuple(_slot(part, lists) for part in phrase.split())
        if len(slots) == 1:
            words |= slots[0].words
            stems |= set(slots[0].stems)
            continue
        if slots[0].stems or slots[0].optional or not slots[0].words:
            raise ValueError(f"{phrase!r} must begin with a whole word: phrases are found by it.")
        for first in slots[0].words:
            longer.setdefault(first, []).append(slots)
    words |= {SQUEEZED + squeezed(word) for word in words if squeezed(word) != word}
    return Fence(frozenset(words), frozenset(stems), longer)


def _slot(part: str, lists: Mapping[str, str]) -> Slot:
    if part in (".", "..."):
        return Slot(kind="end" if part == "." else "gap")
    spelled = re.sub(r"\[([a-z-]+)\]", lambda found: lists[found[1]], part.rstrip("?"))
    each = [spelling for word in spelled.split("|") for spelling in spellings(word)]
    return Slot(
        words=frozenset(word for word in each if not word.endswith("*")),
        stems=tuple(word.rstrip("*") for word in each if word.endswith("*")),
        optional=part.endswith("?"),
    )


def spellings(word: str) -> set[str]:
    """As `plain` writes it, once without the dots over vowels and once with an e for them; in one piece."""
    apart = word.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return {plain(form).replace("-", "") for form in (word, apart)}


def read_lists(file: Path) -> tuple[list[str], dict[str, str]]:
    """The phrases of a file, whatever they are filed under, and its [lists], whose items stand between commas."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    lists = {name: "|".join(items(words)) for name, words in tables.pop("lists", {}).items()}
    return [item for table in tables.values() for words in table.values() for item in items(words)], lists


def items(words: str) -> list[str]:
    return [" ".join(item.split()) for item in re.split(r"[,\n]", words) if item.strip()]
