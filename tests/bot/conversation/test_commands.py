"""What people type is read the way they mean it."""

import pytest

from bot.conversation.commands import Command, read_command, split_strength


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("/style goth", "style", "goth"),
        ("  /Style@our_bot  Goth 70 ", "style", "Goth 70"),
        ("/style\ngoth", "style", "goth"),
        ("/help", "help", ""),
        ("hello there", "", "hello there"),
        ("", "", ""),
        ("/", "", ""),
        ("and /style", "", "and /style"),
    ],
)
def test_a_command_is_its_name_and_the_rest_of_the_line(text: str, name: str, words: str) -> None:
    assert read_command(text) == Command(name, words)


@pytest.mark.parametrize(
    ("words", "name", "strength"),
    [
        ("goth", "goth", None),
        ("goth 70", "goth", 0.7),
        ("pink hair 55%", "pink hair", 0.55),
        ("goth 100 %", "goth", 1.0),
        ("1980", "1980", None),
        ("goth ²", "goth ²", None),
    ],
)
def test_a_number_at_the_end_is_the_strength(words: str, name: str, strength: float | None) -> None:
    assert split_strength(words) == (name, strength)


@pytest.mark.parametrize("words", ["goth 0", "goth 101", "goth -5", "goth 1000%"])
def test_a_strength_out_of_range_is_refused_with_the_styles_name(words: str) -> None:
    with pytest.raises(ValueError, match="^goth$"):
        split_strength(words)
