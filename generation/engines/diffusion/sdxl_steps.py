"""The steps of a latent consistency model, as numbers for each row. Knows no model and no device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from diffusers import LCMScheduler

PREDICTIONS = ("epsilon", "v_prediction")
"""What a UNet may say: the noise, or the noise less the picture."""


@dataclass(frozen=True, eq=False)
class Steps:
    """Every step is x' = p · x + q · said + r · noise, where `said` is what the UNet says of x.

    Args:
        times: (steps,) int64, from much noise to little.
        onward: (steps, 3) float32: p, q, r. The last step adds no noise.
        start: how much of the photo and how much noise the first x is made of.
    """

    times: torch.Tensor
    onward: torch.Tensor
    start: tuple[float, float]


def lcm_steps(scheduler: Any, count: int, strength: float) -> Steps:
    """The steps of diffusers' LCMScheduler (arXiv 2310.04378, algorithm 3), as many at every strength.

    At strength s they are those that the stock image-to-image pipeline takes if it is told to take count / s steps:
    `strength` is its strength, and not a share of the steps. The least strengths have fewer, down to one.

    Args:
        scheduler: any of diffusers', for its betas and its kind of prediction.
        strength: 0 to 1.
    """
    own = LCMScheduler.from_config(scheduler.config)
    trained: int = own.config.original_inference_steps
    strength = max(strength, 1 / trained)
    own.set_timesteps(min(count, int(trained * strength)), strength=strength)
    signal = own.alphas_cumprod.double()[own.timesteps].sqrt()
    noise = (1 - signal**2).sqrt()
    kept, taken = own.get_scalings_for_boundary_condition_discrete(own.timesteps.double())
    if own.config.prediction_type == "epsilon":  # the picture is (x - noise · said) / signal
        of_x, of_said = 1 / signal, -noise / signal
    else:  # it is signal · x - noise · said
        of_x, of_said = signal, -noise
    next_signal = torch.cat([signal[1:], signal.new_ones(1)])
    next_noise = torch.cat([noise[1:], noise.new_zeros(1)])
    onward = torch.stack([next_signal * (taken * of_x + kept), next_signal * taken * of_said, next_noise], dim=1)
    return Steps(own.timesteps, onward.float(), (float(signal[0]), float(noise[0])))
