"""Runs a generator of PyTorch whose weights lie in a file: weights are data, and no program is ever loaded from one."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from generation.engines.stylenet.animegan import AnimeGenerator
from generation.engines.stylenet.generator import Forward
from generation.engines.stylenet.graphs import read_weights
from generation.engines.stylenet.recipe import Generator, NetUnusable

ARCHITECTURES: Mapping[str, Callable[[], nn.Module]] = MappingProxyType({"animegan2": AnimeGenerator})
WRAPPINGS = ("state_dict", "params_ema", "params", "generator")
"""Under which of these training scripts keep the weights, if not at the top."""


def load_forward(recipe: Generator, threads: int) -> Forward:
    """The net, ready on the CPU.

    Raises:
        NetUnusable
    """
    if recipe.architecture not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise NetUnusable(f'{recipe.file}: architecture = "{recipe.architecture}" is not known; there is: {known}.')
    torch.set_num_threads(threads)
    net = ARCHITECTURES[recipe.architecture]()
    try:
        net.load_state_dict(_read_state(recipe.file))
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:300]
        raise NetUnusable(f"{recipe.file} holds no weights of {recipe.architecture}: {reason}") from error
    net.eval().requires_grad_(False)

    def forward(picture: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            answer: np.ndarray = net(torch.from_numpy(picture)).numpy()
        if not np.isfinite(answer).all():
            raise NetUnusable(f"{recipe.file} answers with what is no number.")
        return answer

    return forward


def _read_state(file: Path) -> dict[str, torch.Tensor]:
    read_weights(file)  # only to say why it cannot be read
    if file.suffix.lower() == ".safetensors":
        return _read_safetensors(file)
    if _is_program(file):
        raise NetUnusable(f"{file} is a TorchScript program, which is not run here. Bring its weights, or ONNX.")
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        raise NetUnusable(f"{file} is not a file of plain weights: {reason}") from error
    for name in WRAPPINGS:
        if isinstance(state, dict) and isinstance(state.get(name), dict):
            state = state[name]
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise NetUnusable(f"{file} is not a file of plain weights: no table of tensors is in it.")
    return {name.removeprefix("module."): tensor.float() for name, tensor in state.items()}


def _read_safetensors(file: Path) -> dict[str, torch.Tensor]:
    try:
        return {name: tensor.float() for name, tensor in load_file(file).items()}
    except SafetensorError as error:
        raise NetUnusable(f"{file} is not a whole safetensors file: {error}") from error


def _is_program(file: Path) -> bool:
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return any("/code/" in name or name.endswith("/constants.pkl") for name in archive.namelist())
