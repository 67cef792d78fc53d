"""SDXL's parts by themselves: steps, words, faces, and a LoRA added to the weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import LCMScheduler
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.functional import conv2d, linear
from transformers import CLIPImageProcessor

from generation.engines.diffusion.sdxl_faces import face_pixels
from generation.engines.diffusion.sdxl_lora import fuse
from generation.engines.diffusion.sdxl_steps import lcm_steps
from generation.engines.diffusion.sdxl_words import PARTS, all_said, divided, reader, said
from generation.styles.style import Style
from tests.engines.tiny_sdxl import LCM, tiny_sdxl
from tests.generation.diffusion.rows import noise

LONG = " ".join(f"word{number}" for number in range(40))


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return tiny_sdxl()


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize(("count", "strength"), [(4, 1.0), (4, 0.5), (8, 0.3), (1, 1.0), (4, 0.01)])
def test_steps_are_those_of_the_lcm_scheduler(prediction: str, count: int, strength: float) -> None:
    config = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "prediction_type": prediction}
    scheduler = LCMScheduler(**config)
    steps = lcm_steps(scheduler, count, strength)
    scheduler.set_timesteps(timesteps=steps.times.tolist())
    photo, *drawn, x = torch.randn(len(steps.times) + 2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    mixed = scheduler.add_noise(photo, x, steps.times[:1])
    assert torch.allclose(mixed, steps.start[0] * photo + steps.start[1] * x, atol=1e-6)
    generator = torch.Generator()
    for at, time in enumerate(steps.times):
        heard = drawn[at]
        (added,) = torch.randn(1, 4, 8, 8, generator=generator.manual_seed(at))
        theirs = scheduler.step(heard, time, mixed, generator=generator.manual_seed(at), return_dict=False)[0]
        of_x, of_said, of_noise = steps.onward[at]
        mixed = of_x * mixed + of_said * heard + of_noise * added
        assert torch.allclose(mixed, theirs, rtol=1e-5, atol=1e-5)
    assert float(steps.onward[-1, 2]) == 0


def test_a_style_says_its_prompt_and_nothing_of_what_it_avoids() -> None:
    style = Style("viking", "p", "Viking", "", "", prompt=" a viking ", avoid="horns")
    assert said(style) == "a viking"
    assert all_said([style, style, Style("plain", "p", "", "", "")]) == ["a viking"]


def test_a_short_prompt_is_read_as_the_stock_pipeline_reads_it_and_stands_there_twice(pipeline: Any) -> None:
    words = reader(pipeline, "cpu")("a viking")
    with torch.no_grad():
        embeds, _, pooled, _ = pipeline.encode_prompt("a viking", device="cpu", do_classifier_free_guidance=False)
    assert torch.allclose(words["embeds"], embeds.repeat(1, PARTS, 1), atol=1e-6)
    assert torch.allclose(words["pooled"], pooled, atol=1e-6)


def test_a_long_prompt_is_divided_between_words_and_loses_none(pipeline: Any) -> None:
    parts = divided(LONG, pipeline.tokenizer)
    assert len(parts) > PARTS
    assert " ".join(parts) == LONG
    assert all(len(pipeline.tokenizer(part).input_ids) <= 77 for part in parts)
    assert divided("", pipeline.tokenizer) == [""]


def test_all_prompts_are_of_one_length_and_of_long_ones_the_second_part_is_read_too(pipeline: Any) -> None:
    read = reader(pipeline, "cpu")
    first, second, *_ = divided(LONG, pipeline.tokenizer)
    both, alone, other = read(f"{first} {second}"), read(first), read(f"{first} another {second}")
    assert both["embeds"].shape == alone["embeds"].shape == read("")["embeds"].shape
    assert torch.allclose(both["embeds"][:, :77], alone["embeds"][:, :77], atol=1e-6)
    assert not torch.allclose(both["embeds"][:, 77:], alone["embeds"][:, 77:], atol=1e-2)
    assert not torch.allclose(both["embeds"], other["embeds"], atol=1e-2)


def test_faces_are_prepared_as_the_image_encoders_own_processor_does() -> None:
    heads = noise(1, 32, 32), noise(2, 32, 32)
    theirs = CLIPImageProcessor(size=32, crop_size=32)(list(heads), return_tensors="pt").pixel_values
    assert torch.allclose(face_pixels(heads, 32), theirs, atol=1e-5)


@pytest.mark.parametrize("side", [24, 100])
def test_faces_of_any_size_are_brought_to_the_image_encoders(side: int) -> None:
    grey = np.full((side, side, 3), 128, np.uint8)
    faces = face_pixels((grey,), 28)
    assert faces.shape == (1, 3, 28, 28)
    assert faces.dtype == torch.float32
    assert float(faces.std(dim=(2, 3)).max()) < 1e-3


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.to_out = nn.ModuleList([nn.Linear(6, 5)])
        self.conv = nn.Conv2d(3, 4, 3)


@pytest.fixture
def net() -> Net:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Net().requires_grad_(False)


@pytest.fixture
def lora() -> dict[str, torch.Tensor]:
    shapes = {
        "to_out_0.lora_down": (2, 6),
        "to_out_0.lora_up": (5, 2),
        "conv.lora_down": (2, 3, 3, 3),
        "conv.lora_up": (4, 2, 1, 1),
    }
    generator = torch.Generator().manual_seed(1)
    made = {f"lora_unet_{name}.weight": torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    return made | {"lora_unet_conv.alpha": torch.tensor(1.0)}


def test_a_fused_lora_gives_what_its_layers_beside_the_model_would(
    net: Net, lora: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    tokens, pixels = torch.randn(2, 6), torch.randn(1, 3, 8, 8)
    beside = linear(
        linear(tokens, lora["lora_unet_to_out_0.lora_down.weight"]), lora["lora_unet_to_out_0.lora_up.weight"]
    )
    around = conv2d(conv2d(pixels, lora["lora_unet_conv.lora_down.weight"]), lora["lora_unet_conv.lora_up.weight"])
    wanted = net.to_out[0](tokens) + beside, net.conv(pixels) + around / 2  # alpha 1 over rank 2
    save_file(lora, tmp_path / "lora.safetensors")
    assert fuse(net, tmp_path / "lora.safetensors") == 2
    assert torch.allclose(net.to_out[0](tokens), wanted[0], atol=1e-5)
    assert torch.allclose(net.conv(pixels), wanted[1], atol=1e-5)


@pytest.mark.parametrize(("down", "up"), [("lora_A", "lora_B"), ("lora.down", "lora.up")])
def test_a_lora_in_the_layouts_of_diffusers_is_the_same(
    net: Net, lora: dict[str, torch.Tensor], tmp_path: Path, down: str, up: str
) -> None:
    save_file(lora, tmp_path / "kohya.safetensors")
    names = {"lora_unet_to_out_0": "unet.to_out.0", "lora_unet_conv": "unet.conv", "lora_down": down, "lora_up": up}
    renamed = {}
    for key, tensor in lora.items():
        for old, new in names.items():
            key = key.replace(old, new)
        renamed[key] = tensor
    save_file(renamed, tmp_path / "diffusers.safetensors")
    other = Net()
    other.load_state_dict(net.state_dict())
    fuse(net, tmp_path / "kohya.safetensors")
    fuse(other, tmp_path / "diffusers.safetensors")
    assert torch.equal(net.conv.weight, other.conv.weight)
    assert torch.equal(net.to_out[0].weight, other.to_out[0].weight)  # type: ignore[arg-type]


def test_a_lora_of_something_else_is_refused(net: Net, lora: dict[str, torch.Tensor], tmp_path: Path) -> None:
    file = tmp_path / "lora.safetensors"
    save_file({key.replace("conv", "conv_2"): tensor for key, tensor in lora.items()}, file)
    with pytest.raises(ValueError, match="conv_2"):
        fuse(net, file)
    save_file({"weight": torch.zeros(3)}, file)
    with pytest.raises(ValueError, match="no LoRA"):
        fuse(net, file)


def test_the_tiny_lora_is_of_every_layer_that_has_a_matrix(sdxl_folder: Path, pipeline: Any) -> None:
    tensors = load_file(sdxl_folder / "lcm" / LCM)
    assert fuse(tiny_sdxl().unet, sdxl_folder / "lcm" / LCM) == len(tensors) // 3
    assert any("conv" in name for name in tensors)
