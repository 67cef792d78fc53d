"""A picture asked for in free words, as a style of its own. Knows nothing of what may be asked for."""

from generation.styles.style import PAINTER, Style

IMAGINE = "imagine"
"""Its name, which no style of a pack has."""


def imagine(words: str) -> Style:
    """What a person asked for in their own words. Its title says nothing of them: it stands in the picture's label."""
    return Style(
        name=IMAGINE,
        pack="imagined",
        title="Imagined",
        line=words,
        emoji="🖌️",
        strength=1.0,
        engine=PAINTER,
        prompt=words,
    )
