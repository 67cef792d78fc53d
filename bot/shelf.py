"""Which styles this bot has: ours, the operator's, those of nets, and those that need a painter. Part of the root."""

from pathlib import Path

from bot.settings import Settings
from generation.styles import Catalogue, read_catalogue
from generation.styles.nets import read_nets


def read_styles(settings: Settings, extra: Path | None = None) -> Catalogue:
    """Args:
        extra: a folder of packs in place of the settings'.

    Raises:
        BadPack: with a sentence for the operator.
    """
    folder = settings.style_model_dir
    nets = read_nets(folder, settings.accept_noncommercial) if folder is not None else []
    return read_catalogue(extra or settings.styles_dir, more=nets, paints=settings.painter is not None)
