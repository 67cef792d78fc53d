"""What a style's one step asks of this engine, read and checked. Loads no net."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from generation.styles.style import Step, Style, Value


class NetUnusable(ValueError):
    """A net or its picture cannot be used; the text tells the operator which file, why, and what to do."""


class Layout(StrEnum):
    """The order of a net's axes; AUTO: as its graph says."""

    AUTO = "auto"
    NHWC = "nhwc"
    NCHW = "nchw"


class Range(StrEnum):
    """The numbers that black and white are for a net."""

    SIGNED = "-1..1"
    UNIT = "0..1"
    BYTES = "0..255"


@dataclass(frozen=True, slots=True)
class Look:
    """How far the person's own colours and features stay, whatever the net makes of them.

    Args:
        tone: the share of the photo's own broad light and colour that the whole picture gets back, 0 to 1.
            Skin gets more, always.
        keep: the share of the photo that shows through at eyes, brows and lips, 0 to 1;
            on other skin, engine.ON_SKIN of that.
        side_px: the longer side that the net is shown, at most.
    """

    tone: float
    keep: float
    side_px: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """Arbitrary style transfer: any picture is a style.

    Args:
        net: the folder with predictor and transformer.
    """

    net: Path
    picture: Path


@dataclass(frozen=True, slots=True)
class Generator:
    """A net that is one style.

    Args:
        range_out: of its answer.
        architecture: of a PyTorch file, which holds weights only.
    """

    file: Path
    layout: Layout
    range: Range
    range_out: Range
    architecture: str


@dataclass(frozen=True, slots=True)
class Recipe:
    drawn_by: Transfer | Generator
    look: Look


Choice = TypeVar("Choice", Layout, Range)

SIDES_PX = (128, 2048)
TRANSFER_LOOK = Look(tone=0.15, keep=0.6, side_px=1024)
GENERATOR_LOOK = Look(tone=0.7, keep=0.2, side_px=512)
"""A generator of 0.9 million parameters takes 0.7 GB at 512 px and 1.2 GB at 640, and a worker has 1.5 GB in all."""

_LOOK = {"tone", "keep", "side_px"}


def read_recipe(style: Style) -> Recipe:
    """Raises ValueError, with a message for whoever wrote the style, if this is nothing that the engine draws."""
    try:
        if len(style.steps) != 1 or style.steps[0].effect not in _READERS:
            raise ValueError(f"it takes exactly one step, {' or '.join(_READERS)}.")
        step = style.steps[0]
        return _READERS[step.effect](step)
    except ValueError as error:
        raise ValueError(f"[{style.name}] {error}") from None


def _read_transfer(step: Step) -> Recipe:
    _check_names(step, {"net", "picture"})
    return Recipe(Transfer(_path(step, "net"), _path(step, "picture")), _read_look(step, TRANSFER_LOOK))


def _read_generator(step: Step) -> Recipe:
    _check_names(step, {"file", "layout", "range", "range_out", "architecture"})
    range_ = _choice(step, "range", Range.SIGNED)
    generator = Generator(
        file=_path(step, "file"),
        layout=_choice(step, "layout", Layout.AUTO),
        range=range_,
        range_out=_choice(step, "range_out", range_),
        architecture=_text(step, "architecture", "animegan2"),
    )
    return Recipe(generator, _read_look(step, GENERATOR_LOOK))


_READERS: Mapping[str, Callable[[Step], Recipe]] = MappingProxyType(
    {"arbitrary": _read_transfer, "generator": _read_generator}
)


def _read_look(step: Step, usual: Look) -> Look:
    side = _number(step, "side_px", usual.side_px, SIDES_PX)
    return Look(_number(step, "tone", usual.tone, (0, 1)), _number(step, "keep", usual.keep, (0, 1)), round(side))


def _check_names(step: Step, own: set[str]) -> None:
    if unknown := set(step.params) - own - _LOOK:
        known = ", ".join(sorted(own | _LOOK))
        raise ValueError(f"{step.effect}: there is no parameter {', '.join(sorted(unknown))}; there are: {known}.")


def _path(step: Step, name: str) -> Path:
    text = _text(step, name, "")
    if not text:
        raise ValueError(f"{step.effect}: {name} must be given, a path.")
    return Path(text)


def _text(step: Step, name: str, usual: str) -> str:
    value: Value = step.params.get(name, usual)
    if not isinstance(value, str):
        raise ValueError(f"{step.effect}: {name} must be a text in quotes, not {value!r}.")
    return value


def _number(step: Step, name: str, usual: float, bounds: tuple[float, float]) -> float:
    value: Value = step.params.get(name, usual)
    low, high = bounds
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{step.effect}: {name} must be a number from {low} to {high}, not {value!r}.")
    return float(value)


def _choice(step: Step, name: str, usual: Choice) -> Choice:
    value = _text(step, name, usual)
    kinds = type(usual)
    if value not in list(kinds):
        raise ValueError(f"{step.effect}: {name} is one of {', '.join(kinds)}, not {value!r}.")
    return kinds(value)
