"""A painter whose model may not be used."""

from generation.painter import PainterUnusable


def load(painter, device, models):
    raise PainterUnusable(f"There is no model in “{painter.model}”.")
