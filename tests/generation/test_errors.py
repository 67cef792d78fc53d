"""Every error a person may read crosses process borders whole, and reads like a sentence."""

import pickle
import string

import pytest

from generation import errors
from generation.errors import CannotMix, UserError

ARGUMENTS: dict[str, tuple[object, ...]] = {
    "FileTooLarge": (31, 25),
    "TooManyPixels": (108, 60),
    "ImageTooSmall": (40, 30, 64),
    "ManyFaces": (3,),
    "UnknownStyle": ("gothh {0} {", ("goth", "glam")),
    "StyleNeeds": ("hair",),
    "WordsRefused": ("nude",),
    "TooManyStyles": (5,),
    **{each.__name__: ("Crown", "Witch {0} hat") for each in (CannotMix, *CannotMix.__subclasses__())},
}
"""What the errors that carry something are raised with."""


def families(error: type[UserError]) -> list[type[UserError]]:
    return [error, *(each for child in error.__subclasses__() for each in families(child))]


EVERY = sorted(
    (each for each in families(UserError) if each.__module__ == errors.__name__), key=lambda each: each.__name__
)


def made(kind: type[UserError]) -> UserError:
    return kind(*ARGUMENTS.get(kind.__name__, ()))


def test_the_arguments_here_belong_to_errors_that_exist() -> None:
    assert set(ARGUMENTS) <= {each.__name__ for each in EVERY}
    assert len(EVERY) > 18


@pytest.mark.parametrize("kind", EVERY)
def test_an_error_pickles_by_itself(kind: type[UserError]) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        copy = pickle.loads(pickle.dumps(made(kind), protocol))
        assert type(copy) is kind
        assert copy.args == made(kind).args
        assert str(copy) == str(made(kind))


@pytest.mark.parametrize("kind", EVERY)
def test_an_error_carries_just_what_its_sentence_asks_for(kind: type[UserError]) -> None:
    asked = {field for _, field, _, _ in string.Formatter().parse(kind.text) if field is not None}
    carried = {str(index) for index in range(len(made(kind).args))}
    assert asked <= carried
    assert bool(asked) == bool(made(kind).args)


@pytest.mark.parametrize("kind", EVERY)
def test_an_error_reads_like_sentences_for_a_person(kind: type[UserError]) -> None:
    said = str(made(kind))
    assert said.lstrip("“")[0].isupper()
    assert said[-1] in ".?!"
    assert len(said) < 160
    for word in ("None", "Error", "Traceback", kind.__name__):
        assert word not in said
    if "{" not in "".join(map(str, made(kind).args)):
        assert not {"{", "}"} & set(said)


@pytest.mark.parametrize("kind", [each for each in EVERY if issubclass(each, errors.PhotoError)])
def test_what_is_wrong_with_a_photo_comes_with_what_to_do(kind: type[UserError]) -> None:
    asks = ("Please send", "Please come", "Please face", "Please hold", "Please look", "Please try", "Please take")
    assert any(ask in str(made(kind)) for ask in asks), str(made(kind))


def test_every_error_has_a_sentence_of_its_own() -> None:
    said = [each.text for each in EVERY if each not in (errors.UserError, errors.PhotoError)]
    assert len(said) == len(set(said))
    assert errors.UserError.text not in said


def test_what_somebody_typed_is_shown_as_it_is_and_never_filled_in() -> None:
    error = made(errors.UnknownStyle)
    assert "“gothh {0} {”" in str(error)
    assert error.nearest == ("goth", "glam")


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    for each in EVERY:
        assert each.__name__ in (errors.__doc__ or "")
