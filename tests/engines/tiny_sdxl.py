"""SDXL with an IP-Adapter and an LCM-LoRA, tiny and random, in the files of the real ones; built in under a second."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, StableDiffusionXLPipeline, UNet2DConditionModel
from safetensors.torch import save_file
from tokenizers.pre_tokenizers import ByteLevel
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
)

CARD = "---\nlicense: openrail++\n---\nRandom weights, for tests.\n"
PLUS_FACE = "ip-adapter-plus-face_sdxl_vit-h.safetensors"
LCM = "pytorch_lora_weights.safetensors"
WIDTH = 16
"""Of each text encoder, of the image encoder and of the LoRA's rank."""

WORDS_WIDTH = 2 * WIDTH
"""The UNet is given both text encoders' words side by side."""

RESAMPLER, HEAD, QUERIES, DEPTH = 64, 64, 4, 4
"""Of the adapter's resampler; that its heads have 64 channels is fixed."""

LOUDER = 4.0
"""The adapter's matrices times this: in random weights as they come, a face hardly matters."""


def save_tiny_sdxl(folder: Path, seed: int = 0) -> Path:
    """A folder for `MODEL`: SDXL, with its adapter in the subfolder `ip` and its LoRA in `lcm`."""
    pipeline = tiny_sdxl(seed)
    pipeline.save_pretrained(folder)
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        (folder / "ip").mkdir()
        save_file(_adapter(pipeline.unet), folder / "ip" / PLUS_FACE)
        _image_encoder().save_pretrained(folder / "ip" / "image_encoder")
        (folder / "lcm").mkdir()
        save_file(_lora(pipeline.unet), folder / "lcm" / LCM)
    return folder


def tiny_sdxl(seed: int = 0) -> StableDiffusionXLPipeline:
    """As the real base is published; leaves torch's own generator as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        tokenizer = _tokenizer()
        config = _text_config(tokenizer)
        return StableDiffusionXLPipeline(
            vae=_vae(),
            text_encoder=CLIPTextModel(config).eval(),
            text_encoder_2=CLIPTextModelWithProjection(config).eval(),
            tokenizer=tokenizer,
            tokenizer_2=_tokenizer(),
            unet=_unet(),
            scheduler=EulerDiscreteScheduler(
                beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", timestep_spacing="leading"
            ),
            add_watermarker=False,
        )


def _tokenizer() -> CLIPTokenizer:
    """One token a byte; each symbol twice, within a word and at its end."""
    symbols = sorted(ByteLevel.alphabet())
    names = [*symbols, *(f"{symbol}</w>" for symbol in symbols), "<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={name: number for number, name in enumerate(names)}, merges=[], model_max_length=77)


def _text_config(tokenizer: CLIPTokenizer) -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=32,
        num_attention_heads=2,
        num_hidden_layers=2,
        projection_dim=WIDTH,
        max_position_embeddings=77,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.eos_token_id,
    )


def _unet() -> UNet2DConditionModel:
    return UNet2DConditionModel(
        block_out_channels=(16, 32),
        layers_per_block=1,
        norm_num_groups=8,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4),
        transformer_layers_per_block=(1, 2),
        use_linear_projection=True,
        cross_attention_dim=WORDS_WIDTH,
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + WIDTH,
        sample_size=8,
    ).eval()


def _vae() -> AutoencoderKL:
    """Four levels: 8 px a latent, as in the real one."""
    return AutoencoderKL(
        block_out_channels=(8, 8, 8, 8),
        layers_per_block=1,
        norm_num_groups=4,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        latent_channels=4,
        sample_size=64,
        scaling_factor=0.13025,
        force_upcast=True,
    ).eval()


def _image_encoder() -> CLIPVisionModelWithProjection:
    return CLIPVisionModelWithProjection(
        CLIPVisionConfig(
            hidden_size=WIDTH,
            intermediate_size=32,
            projection_dim=WIDTH,
            num_attention_heads=2,
            num_hidden_layers=2,
            image_size=28,
            patch_size=14,
        )
    )


def _adapter(unet: UNet2DConditionModel) -> dict[str, torch.Tensor]:
    """In the layout of IP-Adapter's own files: its resampler, and two matrices for each cross-attention."""
    tensors = {f"image_proj.{name}": tensor for name, tensor in _resampler().items()}
    crossed = [name.rsplit(".", 1)[0] for name in unet.attn_processors if name.endswith("attn2.processor")]
    for number, name in enumerate(crossed):
        inner = unet.get_submodule(name).inner_dim
        for kind in ("to_k_ip", "to_v_ip"):
            tensors[f"ip_adapter.{2 * number + 1}.{kind}.weight"] = _matrix(inner, WORDS_WIDTH)
    return tensors


def _resampler() -> dict[str, torch.Tensor]:
    tensors = {
        "latents": torch.randn(1, QUERIES, RESAMPLER),
        "proj_in.weight": _matrix(RESAMPLER, WIDTH),
        "proj_in.bias": torch.zeros(RESAMPLER),
        "proj_out.weight": _matrix(WORDS_WIDTH, RESAMPLER),
        "proj_out.bias": torch.zeros(WORDS_WIDTH),
        "norm_out.weight": torch.ones(WORDS_WIDTH),
        "norm_out.bias": torch.zeros(WORDS_WIDTH),
    }
    for layer in range(DEPTH):
        attention, forward = f"layers.{layer}.0", f"layers.{layer}.1"
        for norm in (f"{attention}.norm1", f"{attention}.norm2", f"{forward}.0"):
            tensors |= {f"{norm}.weight": torch.ones(RESAMPLER), f"{norm}.bias": torch.zeros(RESAMPLER)}
        tensors |= {
            f"{attention}.to_q.weight": _matrix(HEAD, RESAMPLER),
            f"{attention}.to_kv.weight": _matrix(2 * HEAD, RESAMPLER),
            f"{attention}.to_out.weight": _matrix(RESAMPLER, HEAD),
            f"{forward}.1.weight": _matrix(4 * RESAMPLER, RESAMPLER),
            f"{forward}.3.weight": _matrix(RESAMPLER, 4 * RESAMPLER),
        }
    return tensors


def _lora(unet: UNet2DConditionModel, rank: int = 2) -> dict[str, torch.Tensor]:
    """In kohya's layout, as the real LCM-LoRA: for linear layers and convolutions."""
    tensors: dict[str, torch.Tensor] = {}
    for name, module in unet.named_modules():
        weight = getattr(module, "weight", None)
        if weight is None or weight.ndim < 2 or not name.startswith(("down_blocks", "mid_block", "up_blocks")):
            continue
        key = f"lora_unet_{name.replace('.', '_')}"
        ones = (1,) * (weight.ndim - 2)
        tensors |= {
            f"{key}.lora_down.weight": torch.randn(rank, *weight.shape[1:]) / weight[0].numel() ** 0.5,
            f"{key}.lora_up.weight": torch.randn(len(weight), rank, *ones) * 0.1,
            f"{key}.alpha": torch.tensor(rank / 2),
        }
    return tensors


def _matrix(out: int, into: int) -> torch.Tensor:
    return torch.randn(out, into) * LOUDER / into**0.5
