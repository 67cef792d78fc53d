"""What is asked for plainly or thinly disguised is not painted; what is meant well is."""

import pickle
import random
import re
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from generation.errors import WordsRefused
from generation.styles.catalogue import read_catalogue
from generation.words import HERE, check_words
from generation.words.fence import build_fence, read_lists
from generation.words.spelling import plain, read_words

ROOT = Path(__file__).parents[2]
WISHES = Path(__file__).parent / "wishes"


def wishes(name: str) -> list[str]:
    """One a line, of the English file and the German one."""
    return [line for file in sorted(WISHES.glob(f"{name}-*.txt")) for line in file.read_text("utf-8").splitlines()]


HARMLESS, REFUSED = wishes("harmless"), wishes("refused")


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def refused(words: str) -> bool:
    try:
        check_words(words)
    except WordsRefused:
        return True
    return False


DISGUISED = lines("""
    n u d e
    n.u.d.e
    n-u-d-e
    n_u_d_e
    me as a n a k e d man
    n ude
    nud e
    nak-ed
    na.ked
    nu\u200bde
    n\u00adude
    n\ufeffa\u200dk\u2060ed
    nud3
    nvd3 nud3
    n4k3d
    n@ked
    s3x
    $ex
    5exy
    p0rn
    t0pl3ss
    nuuuude
    nnnaked
    nnuuddee
    NaKeDdD
    nüde
    ñaked
    ńáķéď
    ｎｕｄｅ
    𝓷𝓾𝓭𝓮
    𝐍𝐀𝐊𝐄𝐃
    ⓝⓤⓓⓔ
    🇳🇺🇩🇪
    🅝🅤🅓🅔
    nudе
    паkеd
    пudе
    ѕех
    ɴᴜᴅᴇ
    ΝUDΕ
    n*de
    p*rn
    s*xy
    *nude*
    "nude"
    (nude)
    nude!!!
    nude2
    nude/topless
    me,nude,please
    puuussssy
    wíthout clóthes
    w1thout cl0thes
    chi1d
    ch!ld
    schoo1girl
    h1tler
    swa5tika
    d0nald trump
    D.o.n.a.l.d Trump
    """)


@pytest.mark.parametrize("words", HARMLESS)
def test_what_is_meant_well_is_painted(words: str) -> None:
    check_words(words)


@pytest.mark.parametrize("words", REFUSED)
def test_what_is_asked_for_plainly_is_refused(words: str) -> None:
    with pytest.raises(WordsRefused):
        check_words(words)


@pytest.mark.parametrize("words", DISGUISED)
def test_a_thin_disguise_does_not_help(words: str) -> None:
    with pytest.raises(WordsRefused):
        check_words(words)


@pytest.mark.parametrize("words", ["", " ", "\n", "!!!", "🦄", "***", "@", "$", "...", "1", "𝕏", "\x00", "\ud800"])
def test_words_that_say_nothing_are_not_refused(words: str) -> None:
    check_words(words)


def test_the_refusal_names_what_was_understood() -> None:
    for said, named in {
        "me N.u.d.3 at sea": "nude",
        "please take off my clothes": "take off my clothes",
        "look like Jane Miller": "jane miller",
        "as a chi1d": "child",
    }.items():
        with pytest.raises(WordsRefused) as raised:
            check_words(said)
        assert raised.value.args == (named,)
        assert named in str(raised.value)
        assert pickle.loads(pickle.dumps(raised.value)).args == (named,)


def test_case_spaces_and_punctuation_change_nothing_that_is_refused() -> None:
    chance = random.Random(5)
    for words in REFUSED:
        for _ in range(3):
            cased = "".join(chance.choice((letter.upper(), letter.lower())) for letter in words)
            spaced = "  ".join(chance.choice(("", '"', "(", "*")) + word for word in cased.split(" "))
            around = chance.choice(("me, ", "paint this: ", "\n")) + spaced + chance.choice(("", "!", " ...", ")"))
            assert refused(around), around


def test_case_and_spaces_change_nothing_that_is_harmless() -> None:
    chance = random.Random(7)
    for words in HARMLESS:
        for form in (words.upper(), words.lower(), words.title(), words.replace(" ", "  \t")):
            assert not refused(form), form
        assert not refused(f"{words}{chance.choice(('!', '.', '?', ' 😀', ' please'))}")


def test_whatever_stands_around_it_a_refused_word_is_found() -> None:
    chance = random.Random(11)
    letters = "abcdefghijklmnopqrstuvwxyz"
    for _ in range(300):
        left, right = ("".join(chance.choices(letters, k=chance.randint(4, 9))) for _ in range(2))
        assert refused(f"{left} nude {right}"), (left, right)


def test_no_text_breaks_the_reader() -> None:
    chance = random.Random(13)
    marks = "abnude 012*@$!|+.,'-_\n\t\u200b\u0301\ud83d🦄ßæﬁ卐жΩ١"
    for _ in range(2000):
        refused("".join(chance.choices(marks, k=chance.randint(0, 40))))
        refused("".join(chr(chance.randrange(0x11000)) for _ in range(20)))


def test_letters_read_as_they_look() -> None:
    assert plain("ＦＵＬＬ Übermäßig Straße") == "full ubermassig strasse"
    assert plain("Нudе") == "hude"
    assert plain("z\u0336a\u0336l") == "zal"
    assert all(not unicodedata.combining(mark) for mark in plain("ńáķéď"))
    assert [word.written for word in read_words("A child's T-shirt, don't!")] == ["a", "child", "t", "shirt", "dont"]


def first(part: str, lists: dict[str, str]) -> str:
    """The first word that may stand at a place of a phrase."""
    named = re.match(r"\[([a-z-]+)\]", part)
    return (lists[named[1]] if named else part).split("|")[0].rstrip("*")


def test_every_wish_in_the_lists_is_refused_and_nothing_harmless_is_dead() -> None:
    """Each phrase is found by the fence built of it, in its plainest form."""
    for name in ("refused", "harmless"):
        phrases, lists = read_lists(HERE / f"{name}.toml")
        fence = build_fence(phrases, lists)
        for phrase in phrases:
            parts = [part for part in phrase.split() if part != "..." and not part.endswith("?")]
            text = " ".join(first(part, lists) for part in parts if part != ".")
            assert list(fence.find(read_words(text))), phrase


def test_a_phrase_that_cannot_be_found_is_told_apart() -> None:
    with pytest.raises(ValueError, match="begin with a whole word"):
        build_fence(["undress* me"], {})
    with pytest.raises(KeyError):
        build_fence(["in [nothing]"], {})


def test_a_comma_ends_a_phrase() -> None:
    fence = build_fence(["light skin", "make me white .", "zieh mich ... aus"], {})

    def found(text: str) -> bool:
        return bool(list(fence.find(read_words(text))))

    assert found("light skin")
    assert not found("light, skin")
    assert found("make me white, please")
    assert not found("make me white haired")
    assert found("zieh mich bitte ganz aus")
    assert not found("zieh mich bitte ganz und gar aus")


def test_every_prompt_of_the_catalogue_passes() -> None:
    for style in read_catalogue(paints=True):
        check_words(style.prompt)


def test_titles_and_lines_of_styles_may_be_asked_for() -> None:
    meant_otherwise = {"nude", "baby-face"}
    for style in read_catalogue():
        if style.name not in meant_otherwise:
            check_words(f"{style.title}: {style.line}")


@pytest.mark.parametrize(
    "words",
    [
        "me as a lighthouse keeper in a storm, waves on the rocks, " * 7,
        "n u d " * 66,
        "n*de " * 80,
        "!1l|" * 100,
        "é" * 400,
    ],
)
def test_a_message_is_read_in_about_a_millisecond(words: str) -> None:
    refused(words)
    took_s = []
    for _ in range(9):
        start = time.process_time()
        refused(words[:400])
        took_s.append(time.process_time() - start)
    assert min(took_s) < 0.004


def test_the_fence_loads_nothing_that_draws() -> None:
    code = (
        "import sys; from generation.words import check_words; check_words('me as a king');"
        "print([name for name in ('numpy', 'PIL', 'cv2', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
