"""Reads words through their disguises: "n.u.d.3", "nuuude" and "n u d e" are one word. Knows no meanings."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

LIKE = {
    **{"a": "аαᴀ", "b": "вьβʙ", "c": "сᴄ", "d": "ԁđðᴅ", "e": "еεᴇ", "g": "ɢ", "h": "нһħʜΗ", "i": "іιıɪ", "j": "јᴊ"},
    **{"k": "кκᴋ", "l": "ӏłʟ", "m": "мᴍ", "n": "ипηոɴΝ", "o": "оοσօøᴏ", "p": "рρᴘ", "q": "ԛ", "r": "гяʀ", "s": "ѕꜱς"},
    **{"t": "тτᴛ", "u": "υսᴜ", "v": "νᴠ", "w": "ωԝᴡ", "x": "хχ", "y": "уγʏΥ", "z": "ζᴢ", "ae": "æ", "oe": "œ"},
}
LOOK_ALIKES = str.maketrans({sign: letter for letter, signs in LIKE.items() for sign in signs})
"""Cyrillic, Greek and other letters by the Latin ones they look like."""

EMOJI_LETTERS = {
    first + place: chr(ord("a") + place) for first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6) for place in range(26)
}
LEET = str.maketrans("0134578@$!|+", "oieastbasiit")
LEET_L = str.maketrans("0134578@$!|+", "oleastbasllt")
PARTS = re.compile(r"[^\W_@$!|+*](?:[^\W_]|[@$!|+*])*|[@$](?:[^\W_]|[@$!|+*])+")
DIGITS_FIRST = re.compile(r"(\d+)([a-z]+)")
AROUND = "*_~\"'’‘“”„«»()[]{}<>.,;:!?…|+-–—"
APOSTROPHES = re.compile(r"['’‘`´]")
OF_SOMEBODY = re.compile(r"['’‘`´]s\b")
STRETCHED = re.compile(r"([a-z])\1\1|([a-z])\2.*([a-z])\3")
"""A letter three times in a row, or two letters twice each."""

CLAUSE_ENDS = ",.;:!?…)–—"
SQUEEZED = "~"
"""Stands before a reading that lacks doubled letters."""

SHORTEST, LONGEST = 4, 16
"""Letters of a word that may be hidden among single letters."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    Args:
        written: as it stands there, small and without accents.
        spellings: everything it may be read as.
        ends: a comma, a full stop or the end of the text follows.
        starred: letters of it are hidden by stars.
    """

    written: str
    spellings: frozenset[str]
    ends: bool = False
    starred: bool = False


def plain(text: str) -> str:
    """Small Latin letters without accents, and nothing that is not seen: "Übermäßig" becomes "ubermassig"."""
    if text.isascii():
        return text.lower()
    text = text.translate(EMOJI_LETTERS).translate(LOOK_ALIKES)
    marks = unicodedata.normalize("NFKD", text.replace("\u00ad", ""))
    seen = "".join(mark for mark in marks if not _hidden(mark))
    return seen.casefold().translate(LOOK_ALIKES)


def _hidden(mark: str) -> bool:
    return mark not in "\n\t\r" and unicodedata.category(mark)[0] in "MC"


def squeezed(word: str) -> str:
    """Every letter once where it stands several times in a row."""
    return "".join(letter for letter, _ in groupby(word))


def read_words(text: str) -> list[Word]:
    """The words of a text with all their readings."""
    words = [word for chunk in plain(text).split() for word in _chunk(chunk)]
    return _with_spaced(words)


def _chunk(chunk: str) -> list[Word]:
    """What stands between two spaces: "t-shirt," is "t" and "shirt", and read together "tshirt" as well."""
    ends = chunk[-1] in CLAUSE_ENDS
    body = APOSTROPHES.sub("", OF_SOMEBODY.sub("", chunk.strip(AROUND)))
    parts: list[str] = []
    for part in PARTS.findall(body):
        found = DIGITS_FIRST.fullmatch(part)
        parts += [found[1], found[2]] if found else [part]
    if not parts:
        return []
    together = "".join(parts)
    read = [Word(part, _spellings(part), starred="*" in part) for part in parts]
    if len(parts) > 1:
        read[0] = Word(read[0].written, read[0].spellings | _spellings(together), starred="*" in together)
    read[-1] = Word(read[-1].written, read[-1].spellings, ends, read[-1].starred)
    return read


def _spellings(part: str) -> frozenset[str]:
    found = {part}
    if not part.isalpha():
        letters = "".join(mark for mark in part if mark.isalnum() or mark == "*").strip("*")
        found = {letters, letters.rstrip("0123456789")}
        if any(mark.isalpha() for mark in part):
            found |= {part.translate(table).replace("*", "") for table in (LEET, LEET_L)}
    for word in [word for word in found if STRETCHED.search(word)]:
        found |= {squeezed(word), SQUEEZED + squeezed(word)}
    return frozenset(found - {""})


def _with_spaced(words: list[Word]) -> list[Word]:
    """Reads "n u d e" and "n ude" as one word, at the place where it begins."""
    found = list(words)
    for start, end in _runs(words):
        run = "".join(word.written for word in words[start:end])[:60]
        if end - start > 2:
            _add(found, start, set(_inside(_letters(run))))
            continue
        for at in range(start, end):
            if words[at].written in "ai":
                continue
            if at:
                _add(found, at - 1, {words[at - 1].written + words[at].written})
            if at + 1 < len(words):
                _add(found, at, {words[at].written + words[at + 1].written})
    return found


def _runs(words: list[Word]) -> Iterator[tuple[int, int]]:
    """Where single letters stand one after another."""
    start = 0
    for single, group in groupby(words, key=lambda word: len(word.written) == 1):
        end = start + len(list(group))
        if single:
            yield start, end
        start = end


def _letters(run: str) -> str:
    return run.translate(LEET)


def _inside(run: str) -> Iterator[str]:
    """The run itself, and every longer piece of it."""
    yield run
    yield SQUEEZED + squeezed(run)
    for start in range(len(run)):
        for length in range(SHORTEST, LONGEST + 1):
            yield run[start : start + length]


def _add(words: list[Word], at: int, spellings: set[str]) -> None:
    word = words[at]
    words[at] = Word(word.written, word.spellings | spellings, word.ends, word.starred)
