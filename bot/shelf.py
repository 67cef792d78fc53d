"""Which styles this bot has: ours, the operator's, those of nets, and those that need a painter. Part of the root."""

from bot.settings import Settings
from generation.styles import Catalogue, read_catalogue


def read_styles(settings: Settings) -> Catalogue:
    """Raises:
    BadPack: with a sentence for the operator.
    """
    return read_catalogue(settings.styles_dir, paints=settings.painter is not None)
