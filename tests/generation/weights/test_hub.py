"""Which files of somebody else's repository are fetched."""

import pytest

from generation.weights.hub import useful


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        (["model_index.json", "vae/x.safetensors", "all-in-one.safetensors"], ["all-in-one.safetensors"]),
        (["lora.safetensors", "README.md", "LICENSE.md"], []),
        (["unet/m.safetensors", "unet/m.fp16.safetensors", "unet/m.non_ema.safetensors"],
         ["unet/m.fp16.safetensors", "unet/m.non_ema.safetensors"]),
        (["unet/m.fp16.safetensors"], []),
        (["unet/m.bin", "unet/m.safetensors", "model.ckpt", "picture.png", "run.py"],
         ["unet/m.bin", "model.ckpt", "picture.png", "run.py"]),
        (["tokenizer/merges.txt", "tokenizer/chat_template.jinja", "tokenizer/spiece.model", "m.safetensors"], []),
    ],
)  # fmt: skip
def test_each_weight_is_fetched_once_and_no_pickle_at_all(paths: list[str], left: list[str]) -> None:
    assert useful(paths) == [path for path in paths if path not in left]
