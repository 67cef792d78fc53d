"""The catalogue of styles: every style is a table in a TOML pack beside this file. Knows no engine's insides."""

from generation.styles.catalogue import Catalogue, read_catalogue
from generation.styles.style import Step, Style

__all__ = ["Catalogue", "Step", "Style", "read_catalogue"]
