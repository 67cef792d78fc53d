"""What a painter is told: a style's words, and how much of the person it shall keep. Knows no model."""

from __future__ import annotations

from collections.abc import Iterable

from generation.styles.style import Style

PERSON = (
    "Keep the face exactly as it is in the photos: the same eyes, nose, mouth, skin tone, hair and age, "
    "so that friends know the person at once."
)
"""Said when the person shall weigh more than the style."""

FREE = "Let the style lead, and take from the photos only who it is."
"""Said when the style shall weigh more."""


def worded(style: Style, likeness: float) -> str:
    """The prompt, for a model that takes what to avoid in the same sentence.

    Args:
        likeness: above 0.5 a sentence asks to keep the face, below 0.5 one lets the style lead.
    """
    extra = PERSON if likeness > 0.5 else FREE if likeness < 0.5 else ""
    avoid = f"Avoid: {style.avoid.strip().rstrip('.')}." if style.avoid.strip() else ""
    return " ".join(part for part in (style.prompt.strip(), extra, avoid) if part)


def all_worded(styles: Iterable[Style]) -> list[str]:
    """Every prompt that styles with words can lead to, each once."""
    return list(dict.fromkeys(worded(style, likeness) for style in styles if style.prompt for likeness in (0.5, 1, 0)))
