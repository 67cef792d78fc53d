"""Files that pass for weights: their forms are right, and there is nothing in them."""

import json
import struct


def safetensors(size: int) -> bytes:
    """A sound file of one tensor of so many bytes."""
    header = json.dumps({"x": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(number % 251 for number in range(size))


def klein_files() -> dict[str, bytes]:
    """The files of a small klein, and one of those at its root that no engine reads."""
    parts = {"transformer": "Flux2Transformer2DModel", "vae": "AutoencoderKLFlux2"}
    index = {"_class_name": "Flux2KleinPipeline", **{part: ["diffusers", kind] for part, kind in parts.items()}}
    files = {"README.md": b"---\nlicense: apache-2.0\n---\n", "model_index.json": json.dumps(index).encode()}
    for part in parts:
        files |= {f"{part}/config.json": b"{}", f"{part}/diffusion_pytorch_model.safetensors": safetensors(4000)}
    return files | {"whole-model.safetensors": safetensors(5000), "old.ckpt": b"\x80 a pickle"}
