"""Which free words are not painted: nobody naked, nobody hurt, no children, no real people. Knows no model.

A list of words is a fence, not a wall. It stops what is asked for plainly or thinly disguised, in English and German;
it does not understand sentences, other languages, or what nobody thought of. Where a wish can be meant well and ill
it leans to refusing nakedness, children and another skin, and to painting costumes, blood-red lips and monsters.
What people say of themselves ("my black skin") is no wish for another skin.

    spelling.py      reads words through their disguises
    fence.py         finds phrases among words
    refused.toml     what is refused        harmless.toml   what is not, although it looks like it
    people.toml      names of people        people.py       who "looks like Firstname Lastname"

Every prompt of the catalogue passes it as well.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

from generation.errors import WordsRefused
from generation.words.fence import Fence, build_fence, read_lists
from generation.words.people import People, read_people
from generation.words.spelling import Word, read_words

HERE = Path(__file__).parent


def check_words(words: str) -> None:
    """Under a millisecond for what fits into a message; the first call reads the lists as well.

    Raises:
        WordsRefused: with the words that are not painted, as far as they were understood.
    """
    said = _without_harmless(read_words(words))
    found = [*_fence("refused").find(said), *_people().find(said)]
    if found:
        raise WordsRefused(min(found).read)


def _without_harmless(words: list[Word]) -> list[Word]:
    """The words, unreadable where they are harmless."""
    found = list(words)
    for phrase in _fence("harmless").find(words):
        for at in range(phrase.start, phrase.end):
            found[at] = replace(found[at], spellings=frozenset(), starred=False)
    return found


@cache
def _fence(name: str) -> Fence:
    return build_fence(*read_lists(HERE / f"{name}.toml"))


@cache
def _people() -> People:
    return read_people(HERE / "people.toml")
