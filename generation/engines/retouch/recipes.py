"""Recipes: whether they can be drawn, and in which order. Draws nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType

from generation.engines.retouch.colour import parse_colour
from generation.engines.retouch.effects import STAGES, load_effect, stages
from generation.styles.style import Step, Style, Value

GIVEN = {"scene", "canvas", "seed"}
"""The parameters an effect gets from the engine, not from the recipe."""


def check_recipe(style: Style) -> None:
    """Raises ValueError, with a message for whoever wrote the pack, if the style cannot be drawn."""
    if not style.steps:
        raise ValueError(f"[{style.name}] has no steps.")
    for step in style.steps:
        try:
            _check_step(step)
        except ValueError as error:
            raise ValueError(f"[{style.name}] {step.effect}: {error}") from None


def in_order(style: Style) -> list[Step]:
    """A recipe as it is written; a mixed one by stages."""
    if not style.mixed:
        return list(style.steps)
    return sorted(style.steps, key=lambda step: STAGES.index(stages().get(step.effect, STAGES[0])))


def is_about_shape(style: Style) -> bool:
    """Whether its strengths differ in shape more than in colour: each is then drawn by itself, not blended."""
    return 2 * sum(hasattr(load_effect(step.effect), "bend") for step in style.steps) >= len(style.steps)


def _check_step(step: Step) -> None:
    effect = load_effect(step.effect)
    signature = inspect.signature(_entry(effect))
    known = {name: parameter for name, parameter in signature.parameters.items() if name not in GIVEN}
    for name, value in step.params.items():
        if name not in known:
            raise ValueError(f'there is no parameter "{name}"; there are: {", ".join(known) or "none"}.')
        _check_value(name, value, known[name].default)
    if lacking := [name for name, parameter in known.items() if parameter.default is parameter.empty]:
        lacking = [name for name in lacking if name not in step.params]
        if lacking:
            raise ValueError(f"{', '.join(lacking)} must be given.")
    if hasattr(effect, "check"):
        effect.check(**step.params)


def _entry(effect: ModuleType) -> Callable[..., object]:
    entry: Callable[..., object] = effect.bend if hasattr(effect, "bend") else effect.apply
    return entry


def _check_value(name: str, value: Value, default: object) -> None:
    """The default tells what a value must be: a number, a text, a colour, a list of colours or numbers."""
    if default is inspect.Parameter.empty:
        return
    if isinstance(default, bool):
        right, what = isinstance(value, bool), "true or false"
    elif isinstance(default, int | float):
        right, what = isinstance(value, int | float) and not isinstance(value, bool), "a number"
    elif isinstance(default, str):
        right, what = isinstance(value, str), "a text in quotes"
    else:
        right, what = isinstance(value, list), "a list in square brackets"
    if not right:
        raise ValueError(f"{name} must be {what}, not {value!r}.")
    if isinstance(default, str) and default.startswith("#"):
        parse_colour(str(value))
