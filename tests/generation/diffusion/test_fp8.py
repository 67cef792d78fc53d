"""Matrices in 8 bits: nearly the same product, and no token's from another's."""

from __future__ import annotations

import torch
from torch import nn

from generation.engines.diffusion.fp8 import Fp8Linear, multiplies_in_8_bits, quantise
from tests.engines.tiny_models import tiny_klein
from tests.generation.diffusion.rows import Order, Ours, apart

ANNA, BEN, EVE = Order("as a viking", 1, (10,)), Order("as a statue", 2, (20,)), Order("in the rain", 3, (30,))


def _layer(bias: bool = False) -> nn.Linear:
    torch.manual_seed(0)
    return nn.Linear(64, 32, bias=bias, dtype=torch.bfloat16).requires_grad_(False)


def _tokens() -> torch.Tensor:
    return torch.randn(2, 16, 64, generator=torch.Generator().manual_seed(1)).bfloat16()


def test_a_layer_in_8_bits_gives_nearly_the_same_product() -> None:
    for bias in (False, True):
        layer = _layer(bias)
        exact, rough = layer(_tokens()).float(), Fp8Linear(layer)(_tokens()).float()
        assert rough.shape == exact.shape
        assert float((rough - exact).norm() / exact.norm()) < 0.05


def test_large_and_small_rows_are_held_equally_well() -> None:
    layer = _layer()
    layer.weight[::2] *= 1000
    exact, rough = layer(_tokens()).float(), Fp8Linear(layer)(_tokens()).float()
    for rows in (slice(0, None, 2), slice(1, None, 2)):
        assert float((rough - exact)[..., rows].norm() / exact[..., rows].norm()) < 0.05


def test_a_tokens_product_depends_on_no_other_token() -> None:
    layer, tokens = Fp8Linear(_layer()), _tokens()
    other = tokens.clone()
    other[1] *= 1000
    assert torch.equal(layer(tokens)[0], layer(other)[0])


def test_zeros_stay_zeros() -> None:
    assert not Fp8Linear(_layer())(torch.zeros(1, 3, 64, dtype=torch.bfloat16)).any()


def test_the_blocks_of_a_transformer_take_half_the_memory() -> None:
    transformer = tiny_klein().transformer.bfloat16().requires_grad_(False)
    before = sum(layer.weight.nbytes for layer in transformer.modules() if isinstance(layer, nn.Linear))
    quantise(transformer)
    held = [layer for layer in transformer.modules() if isinstance(layer, Fp8Linear)]
    assert len(held) == 16
    assert sum(layer.weight.nbytes for layer in held) < 0.52 * before
    assert all(layer.weight.dtype == torch.float8_e4m3fn for layer in held)


def test_in_8_bits_too_no_picture_depends_on_the_one_beside_it() -> None:
    pipeline = tiny_klein().to(torch.bfloat16)
    exact = Ours(pipeline, torch.bfloat16).drawn(ANNA)[0].latents
    quantise(pipeline.transformer)
    rough = Ours(pipeline, torch.bfloat16)
    beside_ben, beside_eve = (rough.drawn(ANNA, other)[0].latents for other in (BEN, EVE))
    assert apart(beside_ben, beside_eve) <= 1e-5
    assert 0 < float((beside_ben - exact).abs().mean()) < 0.1


def test_a_processor_is_not_faster_in_8_bits() -> None:
    assert not multiplies_in_8_bits("cpu")
