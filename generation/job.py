"""The values that travel between the bot and a worker. Plain data: no PIL, no numpy, no torch."""

from dataclasses import dataclass
from enum import StrEnum

from generation.errors import UserError
from generation.styles.style import Style


class Note(StrEnum):
    """Something a picture leaves out or changes, which the person is told in one line."""

    NO_HAIR = "no_hair"  # no hair was found to colour
    NO_HEADROOM = "no_headroom"  # the picture was moved down to make room above the head
    HEAD_CUT = "head_cut"  # the photo ends below the top of the head
    EARS_HIDDEN = "ears_hidden"
    NECK_HIDDEN = "neck_hidden"
    EYES_CLOSED = "eyes_closed"
    OTHERS_LEFT_ALONE = "others_left_alone"  # other people in the photo stay as they are
    SOFT_PHOTO = "soft_photo"  # a little blurred: a sharper photo would look better
    DIM_PHOTO = "dim_photo"
    SMALL_FACE = "small_face"
    TURNED_FACE = "turned_face"


@dataclass(frozen=True, slots=True)
class Job:
    """One person's photos to be rendered in one style, or in several on one sheet.

    Args:
        photos: the files as received, not yet checked; the first is the one to be changed.
        strength: 0 (the photo itself) to 1.
        beside: put the original at the left of the picture.
        sheet: draw a sheet of these instead, numbered from 1; `style` is then the first of them.
        likeness: for painters, what weighs more: the style (0) or the person (1).
        within_s: how long it should take at most, for engines that can choose whom to serve first.
    """

    id: str
    style: Style
    photos: tuple[bytes, ...]
    strength: float
    seed: int
    beside: bool = False
    sheet: tuple[Style, ...] = ()
    likeness: float = 0.5
    within_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. share: 0 to 1."""

    job: str
    share: float


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished, labelled picture. Only generation.worker makes these.

    Args:
        data: a JPEG file with its label in the pixels and in its XMP.
        kind: the name of the label's kind (generation.label.kinds.Kind).
        stages: (stage, seconds) of the worker's work, in order; for logs and benches.
    """

    job: str
    data: bytes
    width_px: int
    height_px: int
    kind: str
    notes: tuple[Note, ...]
    seconds: float
    stages: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no picture of this job; the error tells the person why."""

    job: str
    error: UserError


Answer = Progress | Picture | Failed
"""What is said of a job: some progress, then one of the others."""
