"""Which free words are not painted: nobody naked, nobody hurt, no children, no real people. Knows no model.

A list of words is a fence, not a wall: it stops what is asked for plainly, in the languages we speak, and says so.
Every prompt of the catalogue passes it as well.
"""

import re
import unicodedata

from generation.errors import WordsRefused

NAKED = (
    *("naked", "nude", "nudes", "nudity", "topless", "bottomless", "undressed", "unclothed", "lingerie", "underwear"),
    *(
        "porn",
        "porno",
        "pornographic",
        "nsfw",
        "erotic",
        "erotica",
        "sexy",
        "sexual",
        "sex",
        "hentai",
        "fetish",
        "bdsm",
    ),
    *("penis", "vagina", "vulva", "nipple", "nipples", "genitals", "cleavage", "orgasm", "onlyfans", "stripper"),
    *("nackt", "nackte", "nackter", "nacktbild", "unbekleidet", "ausgezogen", "entkleidet", "dessous", "unterwäsche"),
    *("sexuell", "erotisch", "erotik", "brustwarze", "brustwarzen", "busen", "scheide", "stripperin"),
)
HURT = (
    *("gore", "gory", "beheaded", "decapitated", "dismembered", "mutilated", "corpse", "suicide", "hanged", "tortured"),
    *("torture", "rape", "raped", "murdered", "stabbed", "selfharm", "self-harm", "swastika", "nazi", "hitler", "isis"),
    *(
        "enthauptet",
        "verstümmelt",
        "leiche",
        "selbstmord",
        "erhängt",
        "gefoltert",
        "folter",
        "vergewaltigt",
        "ermordet",
    ),
    *("erstochen", "hakenkreuz", "ss-uniform", "blackface", "lynched", "lynching"),
)
CHILDREN = (
    *("child", "children", "kid", "kids", "toddler", "baby", "infant", "minor", "underage", "teen", "teenager", "loli"),
    *("schoolgirl", "schoolboy", "preteen", "kind", "kinder", "kleinkind", "säugling", "minderjährig", "teenie"),
    *("schulmädchen", "schuljunge"),
)
LIGHTER = ("whiten", "whitening", "lighten", "lightened", "bleached skin", "fairer skin", "lighter skin", "white skin")
REFUSED = frozenset((*NAKED, *HURT, *CHILDREN, *LIGHTER))
PEOPLE = re.compile(r"\b(?:looks? like|look of|face of|as|wie|gesicht von) ([A-ZÄÖÜ][\w'’-]+ [A-ZÄÖÜ][\w'’-]+)")
"""Two capitalised words after "like" or "as" are somebody's name."""
SPACED = re.compile(r"\b(?:\w[\s._*-]){3,}\w\b")
MARKS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s", "!": "i"})


def check_words(words: str) -> None:
    """Raises:
    WordsRefused: with the word that is not painted.
    """
    plain = _plain(words)
    for form in (plain, plain.translate(MARKS), *(_joined(found[0]) for found in SPACED.finditer(plain))):
        for word in REFUSED:
            if re.search(rf"(?<!\w){re.escape(_plain(word))}(?!\w)", form):
                raise WordsRefused(word)
    if found := PEOPLE.search(words):
        raise WordsRefused(found[1])


def _plain(words: str) -> str:
    """Small letters without accents or anything that is not seen."""
    seen = "".join(mark for mark in unicodedata.normalize("NFKD", words) if unicodedata.category(mark)[0] not in "MC")
    return " ".join(seen.lower().split())


def _joined(spaced: str) -> str:
    """ "n u d e" is read as "nude"."""
    return re.sub(r"[\s._*-]", "", spaced)
