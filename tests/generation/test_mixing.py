"""Styles combine into one recipe, or the person hears why they cannot."""

import pickle
from dataclasses import replace
from itertools import combinations

import pytest

from generation.engines.retouch.effects import stages
from generation.errors import (
    CannotMix,
    TooManyStyles,
    TwoBackgrounds,
    TwoEngines,
    TwoFaces,
    TwoGlasses,
    TwoHairColours,
    TwoHats,
    TwoMedia,
)
from generation.styles import read_catalogue
from generation.styles.mixing import MOST, ONE_OF, mix
from generation.styles.style import Painted, Style, step

STYLES = read_catalogue().styles
ONE_OF_A_STAGE = {"paint", "hair", "backdrop", "medium"}
"""Stages of which a picture has room for one effect."""
OF_NETS = {"arbitrary", "generator"}
"""Steps of styles that nets draw, which are no effects of the retouch engine."""


def named(*names: str) -> Style:
    return mix([STYLES[name] for name in names])


def test_goth_with_pink_hair_and_round_glasses_is_all_three() -> None:
    mixed = named("goth", "pink-hair", "round-glasses")
    effects = [step.effect for step in mixed.steps]
    assert {"lipstick", "hair_colour", "glasses"} <= set(effects)
    assert effects.count("hair_colour") == 1
    assert (mixed.name, mixed.mixed, mixed.fixed) == ("goth+pink-hair+round-glasses", True, False)
    assert mixed.title == "Goth + Pink hair + Round glasses"


def test_only_heads_are_painted_where_every_part_is_about_the_head() -> None:
    goth, pink = (replace(STYLES[name], painted=Painted.HEAD) for name in ("goth", "pink-hair"))
    assert mix([goth, pink]).painted is Painted.HEAD
    assert mix([goth, replace(pink, painted=Painted.FRAME)]).painted is Painted.FRAME


def test_one_style_or_the_same_twice_is_itself() -> None:
    assert named("goth") is STYLES["goth"]
    assert named("goth", "goth") is STYLES["goth"]
    assert not STYLES["goth"].mixed


def test_of_the_same_effect_the_later_styles_is_drawn() -> None:
    mixed = named("goth", "red-lips")
    (lips,) = [step for step in mixed.steps if step.effect == "lipstick"]
    (own,) = [step for step in STYLES["red-lips"].steps if step.effect == "lipstick"]
    assert lips.params == own.params


@pytest.mark.parametrize("names", [("goth", "pink-hair"), ("pink-hair", "goth")])
def test_a_hair_colour_stays_beside_a_look_that_dyes_hair_too(names: tuple[str, str]) -> None:
    (dye,) = [step for step in named(*names).steps if step.effect == "hair_colour"]
    (own,) = STYLES["pink-hair"].steps
    assert dye.params == own.params


def test_what_is_worn_stays_whole_and_the_rest_keeps_its_proportion() -> None:
    loud, soft = Style("loud", "", "Loud", ".", "!", 1.0, steps=(step("glow"),)), STYLES["golden-hour"]
    hat = STYLES["crown"]
    mixed = mix([loud, soft, hat])
    shares = {each.effect: (each.share, each.whole) for each in mixed.steps}
    assert shares["crown"] == (hat.strength, True)
    assert shares["sun_haze"] == (soft.strength, False)
    assert mixed.strength == 1.0


def test_all_worn_is_fixed_as_one_is() -> None:
    assert named("crown", "round-glasses").fixed


@pytest.mark.parametrize(
    ("names", "trouble"),
    [
        (("crown", "witch-hat"), TwoHats),
        (("round-glasses", "goth", "sunglasses"), TwoGlasses),
        (("pink-hair", "blue-hair"), TwoHairColours),
        (("comic", "noir"), TwoMedia),
        (("half-skull", "tiger"), TwoFaces),
        (("studio", "neon-city"), TwoBackgrounds),
    ],
)
def test_two_of_which_there_is_one_cannot_mix_and_both_are_named(
    names: tuple[str, ...], trouble: type[CannotMix]
) -> None:
    with pytest.raises(trouble) as raised:
        named(*names)
    assert STYLES[names[0]].title in str(raised.value)
    assert STYLES[names[-1]].title in str(raised.value)


def test_styles_of_two_engines_cannot_mix() -> None:
    other = Style("dream", "", "Dream", ".", "!", engine="diffusion")
    with pytest.raises(TwoEngines):
        mix([STYLES["goth"], other])


def test_there_is_an_end_to_mixing() -> None:
    many = [Style(f"s{n}", "", f"S{n}", ".", "!", steps=(step("glow"),)) for n in range(MOST + 1)]
    assert mix(many[:MOST]).mixed
    with pytest.raises(TooManyStyles):
        mix(many)


def test_any_two_of_ours_mix_or_say_why_not() -> None:
    mixed, refused = [], []
    for pair in combinations(STYLES.values(), 2):
        try:
            mixed.append(mix(pair))
        except CannotMix as why:
            refused.append((pair, str(why)))
    assert len(mixed) > len(refused) > 0
    assert all(style.title in why for pair, why in refused for style in pair)
    assert pickle.loads(pickle.dumps(mixed)) == mixed


def test_each_effect_of_which_there_is_one_is_known_and_exists() -> None:
    known = {effect for effects in ONE_OF.values() for effect in effects}
    assert known <= set(stages()) | OF_NETS
    assert {effect for effect, stage in stages().items() if stage in ONE_OF_A_STAGE} <= known
