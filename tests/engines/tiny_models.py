"""Models of the real architectures, tiny and random, built offline in well under a second."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import (
    AutoencoderKLFlux2,
    FlowMatchEulerDiscreteScheduler,
    Flux2KleinPipeline,
    Flux2Transformer2DModel,
)
from tokenizers.pre_tokenizers import ByteLevel
from transformers import Qwen2TokenizerFast, Qwen3Config, Qwen3ForCausalLM

CHAT = (
    "{%- for m in messages %}{{- '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>' + '\n' }}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\n<think>\n\n</think>\n\n' }}{%- endif %}"
)
CARD = "---\nlicense: apache-2.0\n---\nRandom weights, for tests.\n"
LOUDER = 2.5
"""The transformer's matrices times this: in random weights as they come, references hardly matter."""


def save_tiny_klein(folder: Path, seed: int = 0) -> Path:
    """FLUX.2 klein as a folder for `MODEL`: every part of the real one, 1 + 2 blocks of width 32, in float32."""
    tiny_klein(seed).save_pretrained(folder)
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    return folder


def tiny_klein(seed: int = 0) -> Flux2KleinPipeline:
    """The stock pipeline over the same random parts; leaves torch's own generator as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        tokenizer = _tokenizer()
        return Flux2KleinPipeline(
            scheduler=FlowMatchEulerDiscreteScheduler(
                use_dynamic_shifting=True,
                shift=3.0,
                base_shift=0.5,
                max_shift=1.15,
                base_image_seq_len=256,
                max_image_seq_len=4096,
                time_shift_type="exponential",
            ),
            vae=_vae(),
            text_encoder=_text_encoder(len(tokenizer)),
            tokenizer=tokenizer,
            transformer=_transformer(),
            is_distilled=True,
        )


def _tokenizer() -> Qwen2TokenizerFast:
    """One token a byte."""
    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    vocabulary = {symbol: number for number, symbol in enumerate([*sorted(ByteLevel.alphabet()), *specials])}
    tokenizer = Qwen2TokenizerFast(
        vocab=vocabulary,
        merges=[],
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        additional_special_tokens=specials,
    )
    tokenizer.chat_template = CHAT
    return tokenizer


def _text_encoder(words: int) -> Qwen3ForCausalLM:
    """28 layers, for the pipeline reads the 9th, 18th and 27th."""
    config = Qwen3Config(
        vocab_size=words,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=28,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        max_position_embeddings=512,
        tie_word_embeddings=True,
    )
    return Qwen3ForCausalLM(config).eval()


def _vae() -> AutoencoderKLFlux2:
    """Four levels, so that a token is 16 px as in the real one; statistics of latents that are not 0 and 1."""
    vae = AutoencoderKLFlux2(
        block_out_channels=(8, 8, 8, 8), layers_per_block=1, norm_num_groups=4, latent_channels=4, sample_size=64
    ).eval()
    vae.bn.running_mean.normal_(0, 0.1)
    vae.bn.running_var.uniform_(0.5, 1.5)
    return vae


def _transformer() -> Flux2Transformer2DModel:
    transformer = Flux2Transformer2DModel(
        patch_size=1,
        in_channels=16,
        num_layers=1,
        num_single_layers=2,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=48,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    ).eval()
    with torch.no_grad():
        for name, weights in transformer.named_parameters():
            if weights.ndim == 2 and "modulation" not in name and "time" not in name:
                weights.mul_(LOUDER)
    return transformer
