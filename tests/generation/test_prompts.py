"""The words of the catalogue keep the person, say what to leave out, and name nobody."""

import re

import pytest

from generation.styles.catalogue import read_catalogue
from generation.styles.style import Style
from generation.words import check_words

CATALOGUE = read_catalogue(paints=True)
WORDED = [style for style in CATALOGUE if style.prompt]

KEEP = re.compile(r"Keep the same person\b[^.]*\bface shape\b[^.]*\b(skin tone|depth of skin tone)\b[^.]*\.$")
NAMED = re.compile(
    r"\b(van gogh|monet|klimt|picasso|warhol|lichtenstein|rembrandt|vermeer|hokusai|banksy|mucha|caravaggio"
    r"|ghibli|disney|pixar|marvel|dc comics|netflix|nintendo|pok[eé]mon|star wars|matrix|blade runner|tron"
    r"|kodak|fuji\w*|leica|canon|nikon|polaroid|instax|ray-?ban|gucci|chanel|barbie|lego|photoshop|instagram|tiktok"
    r"|batman|superman|spider-?man|joker|dracula|cleopatra|tutankhamun|elsa|hogwarts|coachella|euphoria)\b",
    re.I,
)
"""Artists, makers, titles of films, and characters that belong to somebody."""
ETHNIC = re.compile(
    r"\b(asian|african|european|caucasian|arab\w*|latin[oa]|hispanic|indian|chinese|japanese|korean|egyptian|nordic"
    r"|oriental|ethnic\w*|exotic|gypsy|geisha|tribal)\b",
    re.I,
)
JUDGING = re.compile(
    r"\b(improv|better|perfect|flawless|correct|ideal|beautif|prett|attractive|fix|handsome|slim)", re.I
)
SKIN_LIGHTER = re.compile(
    r"\b(pale|fair|light|lighter|white|whiter|porcelain|ivory|bleached) (skin|face|complexion)", re.I
)
SKIN_TO_DARE = re.compile(
    r"\b(naked|nude|bare|topless|shirtless|sexy|sensual|cleavage|lingerie|bikini)\b(?! (lid|lip|tree|rosy|warm|skull))",
    re.I,
)
SOMEBODY = re.compile(r"\b(he|she|his|her|him|man|woman|boy|girl|male|female)\b(?! make-up)", re.I)


def tokens(words: str) -> int:
    """About as many as CLIP counts: words, the rests of long ones, and points."""
    return sum(1 + max(0, len(part) - 1) // 9 for part in re.findall(r"\w+|[^\w\s]", words))


def styles(pack: str) -> list[Style]:
    return [style for style in WORDED if style.pack == pack]


def test_at_least_sixty_styles_can_be_painted() -> None:
    assert len(WORDED) >= 60
    assert {style.pack for style in WORDED} == {"everyday", "makeup", "hair", "accessories", "worlds", "places"}


@pytest.mark.parametrize("style", WORDED, ids=lambda style: style.name)
def test_a_prompt_keeps_the_person_and_names_nobody(style: Style) -> None:
    check_words(style.prompt)
    assert KEEP.search(style.prompt), "its last sentence keeps the person: face shape and skin tone at least"
    for kind in (NAMED, ETHNIC, JUDGING, SKIN_LIGHTER, SKIN_TO_DARE, SOMEBODY):
        assert not kind.search(style.prompt), kind.search(style.prompt)
    for kind in (NAMED, ETHNIC):
        assert not kind.search(style.avoid), kind.search(style.avoid)


@pytest.mark.parametrize("style", WORDED, ids=lambda style: style.name)
def test_a_prompt_says_first_what_it_looks_like_and_is_not_too_long(style: Style) -> None:
    look, keep = style.prompt.split(" Keep ", 1)
    assert 15 <= tokens(look) <= 60, "a small text encoder reads 75 tokens: the look is among them"
    assert tokens(style.prompt) <= 100
    assert 1 <= len(re.findall(r"\.(?:\s|$)", style.prompt)) <= 3
    assert style.prompt[0].isupper()
    assert style.prompt.isprintable()
    assert "." not in keep[:-1]


@pytest.mark.parametrize("style", WORDED, ids=lambda style: style.name)
def test_what_to_avoid_is_a_list_with_somebody_else_and_lighter_skin_in_it(style: Style) -> None:
    items = style.avoid.split(", ")
    assert {"different person", "text", "watermark"} <= set(items)
    assert any("lighter skin" in item or "lightened" in item or "skin" in item for item in items)
    assert 5 <= len(items) == len(set(items)) <= 16
    assert not style.avoid.endswith(".")
    assert not re.search(r"\b(no|not|without)\b", style.avoid), "it is negated already"


def test_what_changes_a_faces_shape_or_age_has_no_words() -> None:
    assert [style.name for style in CATALOGUE if style.playful and style.prompt] == []
    assert [style.name for style in CATALOGUE if style.pack == "face" and style.prompt] == []


def test_no_two_styles_are_the_same_words() -> None:
    assert len({style.prompt for style in WORDED}) == len(WORDED)


def test_what_is_dyed_worn_or_made_up_leaves_the_room_and_the_clothes() -> None:
    for style in [*styles("hair"), *styles("accessories")]:
        assert "clothes" in style.prompt, style.name
        assert "background" in style.prompt, style.name
    for style in styles("hair"):
        assert "Dye this person's hair" in style.prompt
        assert "haircut" in style.prompt or "hair length" in style.prompt
    for style in styles("places"):
        assert "clothes" in style.prompt.split(" Keep ")[1], style.name
        assert "background" not in style.prompt.split(" Keep ")[1], style.name


def test_the_words_tell_of_the_look_that_the_recipe_draws() -> None:
    """Every colour or thing that a style's line names in one word, its prompt names as well, in most styles."""
    told = [style for style in WORDED if shared(style) >= 1]
    assert len(told) >= 0.95 * len(WORDED), [style.name for style in WORDED if shared(style) < 1]


def shared(style: Style) -> int:
    """Words of four letters and more that the line and the prompt have in common, but for the small ones."""
    line, prompt = (
        {word.rstrip("s") for word in re.findall(r"[a-zé]{4,}", text.lower())}
        for text in (style.line + " " + style.title, style.prompt.split(" Keep ")[0])
    )
    return len((line & prompt) - {"with", "your", "that", "from", "over", "behind", "like", "their", "face", "this"})


def test_styles_mixed_of_two_with_words_say_both() -> None:
    both = CATALOGUE.find("goth + pink-hair")
    for name in ("goth", "pink-hair"):
        part = CATALOGUE.find(name)
        assert part.prompt in both.prompt
        assert all(item in both.avoid for item in part.avoid.split(", "))
    check_words(both.prompt)


def test_a_mix_with_a_style_that_has_no_words_is_not_painted() -> None:
    assert CATALOGUE.find("goth + septum-ring").prompt == ""
