"""A person finds a style however they write it; whoever writes a pack is told what to mend, and where."""

import pickle
import re
from pathlib import Path
from types import MappingProxyType

import pytest

from generation.engines.retouch.effects import stages
from generation.errors import UnknownStyle
from generation.styles.catalogue import BadPack, Catalogue, read_catalogue
from generation.styles.style import Painted, Style, step

GOOD = """
[moon-light]
title = "Moon light"
line = "As if the moon shone."
emoji = "🌙"
strength = 0.6
aliases = ["luna"]
steps = [{ effect = "relight", colour = "#8899ff", amount = 0.5 }]
"""


def catalogue(*styles: Style) -> Catalogue:
    return Catalogue(MappingProxyType({style.name: style for style in styles}))


def style(name: str, *aliases: str, title: str | None = None) -> Style:
    return Style(name, "test", title or name.replace("-", " ").capitalize(), "A line.", "🙂", aliases=aliases)


SHELF = catalogue(
    style("pink-hair", "bubblegum", "rose hair"),
    style("goth"),
    style("glam"),
    style("noir", title="Film noir"),
    style("vampire"),
)


def read_with(folder: Path, text: str, name: str = "mine.toml") -> Catalogue:
    (folder / name).write_text(text, encoding="utf-8")
    return read_catalogue(folder)


@pytest.mark.parametrize(
    "words",
    [
        "pink-hair",
        "Pink hair",
        "PINK_HAIR",
        "pinkhair",
        "  pink   hair ",
        "bubblegum",
        "Rose Hair",
        "rosehair",
        "pink-Hair\n",
    ],
)
def test_a_style_is_found_by_name_title_or_alias_however_written(words: str) -> None:
    assert SHELF.find(words).name == "pink-hair"


def test_a_style_is_found_by_its_title() -> None:
    assert SHELF.find("film noir").name == "noir"


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        ("gothh", "goth"),
        ("got", "goth"),
        ("vampyre", "vampire"),
        ("pink hairs", "pink-hair"),
        ("bubblegun", "pink-hair"),
        ("hair", "pink-hair"),
    ],
)
def test_a_mistyped_style_gets_the_nearest_names(words: str, nearest: str) -> None:
    with pytest.raises(UnknownStyle) as raised:
        SHELF.find(words)
    assert raised.value.nearest[0] == nearest
    assert len(raised.value.nearest) <= 3
    assert len(set(raised.value.nearest)) == len(raised.value.nearest)


@pytest.mark.parametrize("words", ["", "   ", "---", "xyzzyq", "🦄", "a" * 5000, "{0}", "%s\x00"])
def test_words_that_mean_no_style_are_told_so_and_shown_shortened(words: str) -> None:
    with pytest.raises(UnknownStyle) as raised:
        SHELF.find(words)
    assert len(str(raised.value)) < 100


def test_our_own_packs_are_read_and_have_no_two_styles_of_one_spelling() -> None:
    styles = read_catalogue()
    assert len(styles) >= 12
    for each in styles:
        for words in (each.name, each.title, *each.aliases):
            assert styles.find(words) is each, f"{words!r} of {each.name} means another style too"


def test_every_style_of_ours_can_be_listed_and_drawn() -> None:
    for each in read_catalogue():
        assert each.steps, each.name
        assert len(each.title) <= 24, f"{each.title!r} is too long for a button"
        assert len(each.line) <= 100, each.name
        assert each.line.endswith("."), each.name
        assert 0 < each.strength <= 1
        assert 1 <= len(each.emoji) <= 8
        assert not each.emoji.isascii(), each.name


def test_no_line_calls_a_face_improved() -> None:
    judging = re.compile(r"\b(improv|better|perfect|flawless|correct|ideal|beautif|prettier|attractive|fix)", re.I)
    assert [style.name for style in read_catalogue() if judging.search(style.line)] == []


def test_what_changes_a_faces_shape_or_age_is_playful() -> None:
    shaping = {effect for effect, stage in stages().items() if stage == "shape"} - {"reshape"}
    for each in read_catalogue():
        if each.pack == "face" or shaping & {step.effect for step in each.steps}:
            assert each.playful, each.name


def test_packs_come_in_order_with_all_their_styles() -> None:
    styles = read_catalogue()
    packs = styles.packs()
    assert sum(len(each) for each in packs.values()) == len(styles)
    order = [
        name for name in ("everyday", "makeup", "hair", "face", "accessories", "worlds", "places") if name in packs
    ]
    assert list(packs)[: len(order)] == order


def test_a_style_crosses_process_borders(tmp_path: Path) -> None:
    for each in read_with(tmp_path, GOOD):
        assert pickle.loads(pickle.dumps(each)) == each


def test_an_operators_pack_comes_after_ours(tmp_path: Path) -> None:
    styles = read_with(tmp_path, GOOD)
    moon = styles.find("luna")
    assert list(styles)[-1] is moon
    assert (moon.pack, moon.strength, moon.engine) == ("mine", 0.6, "retouch")
    assert moon.steps == (step("relight", colour="#8899ff", amount=0.5),)
    assert "moon-light" in styles


def test_a_minimal_style_has_the_usual_strength(tmp_path: Path) -> None:
    moon = read_with(tmp_path, '[moon]\ntitle = "Moon"\nline = "Moon."\nemoji = "🌙"\n').find("moon")
    assert (moon.strength, moon.steps, moon.aliases) == (0.8, (), ())


def test_a_painter_paints_the_whole_picture_unless_a_style_says_the_head(tmp_path: Path) -> None:
    assert read_with(tmp_path, HEAD + 'prompt = "A moon."\n').find("moon").painted is Painted.FRAME
    assert read_with(tmp_path, HEAD + 'prompt = "A."\npainted = "head"\n').find("moon").painted is Painted.HEAD


def test_only_what_leaves_the_photo_around_it_as_it_is_is_painted_on_the_head_alone() -> None:
    heads = [style for style in read_catalogue() if style.painted is Painted.HEAD]
    assert heads
    for style in heads:
        assert "background and framing unchanged" in style.prompt, style.name


HEAD = '[moon]\ntitle = "Moon"\nline = "Moon."\nemoji = "🌙"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[moon\n", r"mine\.toml is not valid TOML"),
        ("title = 3\n", r"mine\.toml: \[title\] must be a table"),
        (HEAD.replace("[moon]", "[Moon_Light]"), r"lower case with hyphens, for example \[moon-light\]"),
        (HEAD.replace('line = "Moon."\n', ""), r"\[moon\] lacks line"),
        (HEAD.replace('"🌙"', "5"), r"\[moon\] lacks emoji"),
        (HEAD + "colour = 3\n", r"unknown keys: colour\. Known: .*aliases"),
        (HEAD + "strength = 0\n", r"above 0 and up to 1, not 0"),
        (HEAD + "strength = 1.5\n", r"above 0 and up to 1, not 1\.5"),
        (HEAD + 'strength = "much"\n', r"above 0 and up to 1, not 'much'"),
        (HEAD + "strength = true\n", r"above 0 and up to 1, not True"),
        (HEAD + 'steps = ["glow"]\n', r"each step is a table with an effect"),
        (HEAD + "steps = [{ amount = 1 }]\n", r"each step is a table with an effect"),
        (HEAD + 'steps = "glow"\n', r"\[moon\]: steps is a list"),
        (HEAD + 'aliases = "luna"\n', r"\[moon\]: aliases is a list of texts"),
        (HEAD + "aliases = [1]\n", r"\[moon\]: aliases is a list of texts"),
        (HEAD + "engine = 3\n", r"\[moon\]: engine is a text"),
        (HEAD + 'prompt = "A moon."\npainted = "hair"\n', r'painted is "frame" .* or "head" .*, not .hair.'),
        (HEAD + 'prompt = "A moon."\npainted = ["head"]\n', r'painted is "frame"'),
        (HEAD + 'painted = "head"\n', r"\[moon\]: painted is for styles with a prompt"),
        (HEAD.replace("[moon]", "[goth]"), r"\[goth\] is already in pack 'makeup'"),
    ],
)
def test_a_bad_pack_says_which_file_which_style_and_what_to_do(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadPack, match=message) as raised:
        read_with(tmp_path, text)
    assert "mine.toml" in str(raised.value)


def test_a_pack_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadPack, match=r"mine\.toml"):
        read_catalogue(tmp_path)
