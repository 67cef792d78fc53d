"""Finds the folder of a model that somebody brought here, and what kind it is. Downloads nothing, loads no weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from diffusers import DiffusionPipeline
from diffusers.utils import logging as diffusers_logging
from safetensors import SafetensorError
from transformers.utils import logging as transformers_logging

from generation.painter import PainterUnusable
from generation.weights.places import find_folder

UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError)
"""What diffusers raises for folders that are not there, not whole, or not of this family."""


def need_folder(model: str, revision: str = "") -> Path:
    """Where a model is.

    Raises:
        PainterUnusable: nowhere on this machine.
    """
    folder = find_folder(model, revision)
    if folder is None:
        raise PainterUnusable(
            f"{model} is neither a folder nor downloaded to this machine. Run: selfiebot models get {model}"
        )
    return folder


def config_of(model: str, folder: Path) -> dict[str, Any]:
    """What `save_pretrained` wrote of a pipeline.

    Raises:
        PainterUnusable: nothing.
    """
    try:
        config: dict[str, Any] = DiffusionPipeline.load_config(folder)
    except UNREADABLE as error:
        raise PainterUnusable(f"{model} is not a model that save_pretrained wrote: {error}") from error
    return config


def hush() -> None:
    """No bars of progress in an operator's log, and no warnings: some of them quote what people wrote."""
    diffusers_logging.disable_progress_bar()
    transformers_logging.disable_progress_bar()
    diffusers_logging.set_verbosity_error()
    transformers_logging.set_verbosity_error()
