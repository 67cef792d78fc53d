"""What a card can do at klein's shapes, what a picture asks of it, and so the least time it can take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention
from torch.utils.flop_counter import FlopCounterMode

from bench.generation_subject import Plan, Subject, noise_references
from generation.engines.diffusion.fp8 import Fp8Linear, multiplies_in_8_bits
from generation.engines.diffusion.klein_model import TEXT_TOKENS
from generation.engines.diffusion.references import GRID_PX, References

E4M3 = torch.float8_e4m3fn
COPIED_BYTES = 1 << 30


@dataclass(frozen=True)
class Work:
    """FLOP of one picture, counted by torch on tensors without memory; what the text encoder does is not in it.

    Args:
        tokens: of one forward pass: words, picture and references.
        matrices: the transformer's linear layers, all steps.
        others: its attention, and the VAE.
    """

    tokens: int
    matrices: int
    others: int

    @property
    def whole(self) -> int:
        return self.matrices + self.others


@dataclass(frozen=True)
class Ceilings:
    """FLOP/s of the transformer's own matrices, one after the other.

    Args:
        matrices: in the dtype it computes in.
        in_8_bits: in float8_e4m3fn; None where weights are not multiplied so.
    """

    matrices: float
    in_8_bits: float | None

    def floor_s(self, work: Work) -> float:
        """The least time for a picture: all its arithmetic as fast as matrices alone are multiplied."""
        return work.matrices / (self.in_8_bits or self.matrices) + work.others / self.matrices


def work_of(pipeline: Any, references: References, steps: int) -> Work:
    with torch.device("meta"):
        transformer, vae = (type(part).from_config(part.config) for part in (pipeline.transformer, pipeline.vae))
        config = transformer.config
        seen = sum(_tokens(image.shape[1::-1]) for image in references.images) + _tokens(references.canvas)
        tokens = seen + TEXT_TOKENS
        sides = [image.shape[:2] for image in references.images]
        width, height = references.canvas
        eighth = 2 ** (len(vae.config.block_out_channels) - 1)
        with torch.no_grad(), FlopCounterMode(display=False) as once:
            for side in sides:
                vae.encode(torch.empty(1, 3, *side))
            vae.decode(torch.empty(1, vae.config.latent_channels, height // eighth, width // eighth))
        with torch.no_grad(), FlopCounterMode(display=False) as step:
            transformer(
                hidden_states=torch.empty(1, seen, config.in_channels),
                timestep=torch.ones(1),
                guidance=None,
                encoder_hidden_states=torch.empty(1, TEXT_TOKENS, config.joint_attention_dim),
                txt_ids=torch.empty(TEXT_TOKENS, 4),
                img_ids=torch.empty(seen, 4),
            )
    linear = sum(step.get_flop_counts()["Global"].get(op, 0) for op in (torch.ops.aten.mm, torch.ops.aten.addmm))
    rest = step.get_total_flops() - linear
    return Work(tokens, steps * linear, steps * rest + once.get_total_flops())


def measure(pipeline: Any, tokens: int, plan: Plan) -> Ceilings:
    layers = _layers(pipeline)
    dtype = torch.bfloat16 if plan.on_card else torch.float32
    eight = plan.fp8 and multiplies_in_8_bits(plan.device)
    return Ceilings(
        matrices=_together([(_flop(tokens, *layer), _multiplied(tokens, *layer, dtype, plan)) for layer in layers]),
        in_8_bits=_together([(_flop(tokens, *layer), _in_8_bits(tokens, *layer, plan)) for layer in layers])
        if eight
        else None,
    )


def ceiling_lines(subject: Subject) -> Iterator[str]:
    plan, pipeline = subject.plan, subject.pipeline
    for side_px in plan.ref_sides:
        work = work_of(pipeline, noise_references(plan, side_px), plan.steps)
        yield f"\n{plan.refs} x {side_px} px: {work.whole / 1e12:.4g} TFLOP a picture, {work.tokens} tokens a step"
        yield from _rates(pipeline, work.tokens, plan)


def _rates(pipeline: Any, tokens: int, plan: Plan) -> Iterator[str]:
    """Every rate by itself."""
    dtype = torch.bfloat16 if plan.on_card else torch.float32
    for rows, columns in _layers(pipeline):
        name, flop = f"{tokens} x {rows} by {columns}", _flop(tokens, rows, columns)
        yield _line(f"{name}, {_name(dtype)}", flop / _multiplied(tokens, rows, columns, dtype, plan))
        if multiplies_in_8_bits(plan.device) or plan.device == "cpu":
            yield _line(f"{name}, fp8", flop / _in_8_bits(tokens, rows, columns, plan))
            yield _line(f"{name}, our fp8 layer", flop / _our_layer(tokens, rows, columns, plan))
    heads, width = pipeline.transformer.config.num_attention_heads, pipeline.transformer.config.attention_head_dim
    for backend in (
        (SDPBackend.CUDNN_ATTENTION, SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION)
        if plan.on_card
        else (SDPBackend.FLASH_ATTENTION,)
    ):
        what = f"attention of {tokens} tokens, {backend.name.lower().removesuffix('_attention')}"
        try:
            seconds = _attended(tokens, heads, width, backend, dtype, plan)
        except RuntimeError as error:
            yield f"{what:<44} not on this device: {str(error).splitlines()[0]}"
        else:
            yield _line(what, 4 * tokens * tokens * heads * width / seconds)
    yield f"{'copy within memory, read and written':<44}{_copied(plan) / 1e9:>9.0f} GB/s"


def _layers(pipeline: Any) -> list[tuple[int, int]]:
    """(inputs, outputs) of the blocks that most of the transformer's arithmetic is in."""
    block = pipeline.transformer.single_transformer_blocks[0]
    return [(part.in_features, part.out_features) for part in block.modules() if isinstance(part, nn.Linear)]


def _multiplied(tokens: int, inputs: int, outputs: int, dtype: torch.dtype, plan: Plan) -> float:
    x = torch.randn(tokens, inputs, device=plan.device, dtype=dtype)
    weight = torch.randn(outputs, inputs, device=plan.device, dtype=dtype)
    return _seconds(lambda: x @ weight.t(), plan)


def _in_8_bits(tokens: int, inputs: int, outputs: int, plan: Plan) -> float:
    x = torch.randn(tokens, inputs, device=plan.device).to(E4M3)
    scale = torch.ones(tokens, 1, device=plan.device)
    layer = _fp8(inputs, outputs, plan)
    return _seconds(
        lambda: torch._scaled_mm(
            x, layer.weight.t(), scale_a=scale, scale_b=layer.scale, out_dtype=torch.bfloat16, use_fast_accum=True
        ),
        plan,
    )


def _our_layer(tokens: int, inputs: int, outputs: int, plan: Plan) -> float:
    """With the rounding of what goes in, which compiling fuses and eager does not."""
    x = torch.randn(tokens, inputs, device=plan.device, dtype=torch.bfloat16)
    layer = _fp8(inputs, outputs, plan)
    return _seconds(lambda: layer(x), plan)


def _fp8(inputs: int, outputs: int, plan: Plan) -> Fp8Linear:
    linear = nn.Linear(inputs, outputs, bias=False, device=plan.device, dtype=torch.bfloat16)
    return Fp8Linear(linear.requires_grad_(False))


def _attended(tokens: int, heads: int, width: int, backend: SDPBackend, dtype: torch.dtype, plan: Plan) -> float:
    x = torch.randn(1, heads, tokens, width, device=plan.device, dtype=dtype)
    with sdpa_kernel(backend):
        return _seconds(lambda: scaled_dot_product_attention(x, x, x), plan)


def _copied(plan: Plan) -> float:
    """Bytes a second."""
    x = torch.zeros(COPIED_BYTES >> (6 if plan.tiny else 0), dtype=torch.uint8, device=plan.device)
    other = torch.empty_like(x)
    return 2 * x.nbytes / _seconds(lambda: other.copy_(x), plan)


@torch.no_grad()
def _seconds(call: Callable[[], object], plan: Plan) -> float:
    """Of one call, the mean over a spell that a card's clocks settle in."""
    for _ in range(3):
        call()
    _settle(plan)
    calls, start_s = 0, perf_counter()
    while (spent_s := perf_counter() - start_s) < plan.spell_s:
        for _ in range(4):
            call()
        calls += 4
        _settle(plan)
    return spent_s / calls


def _settle(plan: Plan) -> None:
    if plan.on_card:
        torch.cuda.synchronize(plan.device)


def _together(parts: list[tuple[int, float]]) -> float:
    """FLOP/s of several, each given as its FLOP and its seconds."""
    return sum(flop for flop, _ in parts) / sum(seconds for _, seconds in parts)


def _tokens(size: tuple[int, ...]) -> int:
    return (size[0] // GRID_PX) * (size[1] // GRID_PX)


def _flop(tokens: int, inputs: int, outputs: int) -> int:
    return 2 * tokens * inputs * outputs


def _name(dtype: torch.dtype) -> str:
    return {torch.bfloat16: "bf16", torch.float32: "fp32"}[dtype]


def _line(what: str, rate: float) -> str:
    return f"{what:<44}{rate / 1e12:>9.4g} TFLOP/s"
