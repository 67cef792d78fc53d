"""Generators of PyTorch come as weights, and a file of them never runs anything."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from generation.engines.stylenet.animegan import AnimeGenerator
from generation.engines.stylenet.engine import StyleNetEngine
from generation.styles.style import Style, Value, step
from tests.generation.stylenet.conftest import Draw


def net_style(file: Path, **params: Value) -> Style:
    return Style(
        "mine", "painted", "Mine", "A test.", "🧪", 1.0, "stylenet", (step("generator", file=str(file), **params),)
    )


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    torch.set_flush_denormal(True)
    return {name: tensor.clone() for name, tensor in AnimeGenerator().state_dict().items()}


def test_the_generator_is_the_published_one(weights: dict[str, torch.Tensor]) -> None:
    assert sum(tensor.numel() for tensor in weights.values()) == 2_143_552
    for name, shape in {
        "block_a.0.1.weight": (32, 3, 7, 7),
        "block_c.1.layers.0.1.weight": (256, 128, 1, 1),
        "block_c.1.layers.1.1.bias": (256,),
        "block_c.4.layers.3.weight": (256,),
        "block_e.2.2.bias": (32,),
        "out_layer.0.weight": (3, 32, 1, 1),
    }.items():
        assert tuple(weights[name].shape) == shape


def test_weights_draw_the_same_from_every_kind_of_file(
    weights: dict[str, torch.Tensor], draw: Draw, tmp_path: Path
) -> None:
    torch.save(weights, tmp_path / "plain.pt")
    torch.save({"state_dict": {f"module.{name}": tensor for name, tensor in weights.items()}}, tmp_path / "wrapped.pth")
    save_file(weights, tmp_path / "safe.safetensors")
    pictures = [
        draw(net_style(tmp_path / name, architecture="animegan2", side_px=128)).pixels
        for name in ("plain.pt", "wrapped.pth", "safe.safetensors")
    ]
    assert all(np.array_equal(pictures[0], picture) for picture in pictures)


class Spy:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.trace,)


def test_a_file_with_a_program_in_it_is_refused_and_does_not_run(engine: StyleNetEngine, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    torch.save({"block_a": Spy(trace)}, tmp_path / "spy.pt")
    with pytest.raises(ValueError, match=r"spy\.pt is not a file of plain weights"):
        engine.check(net_style(tmp_path / "spy.pt"))
    assert not trace.exists()


def test_a_torchscript_program_is_refused_with_what_to_bring_instead(engine: StyleNetEngine, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "script.pt", "w") as archive:
        archive.writestr("script/constants.pkl", b"")
        archive.writestr("script/code/__torch__.py", b"")
    with pytest.raises(ValueError, match="TorchScript program, which is not run here. Bring its weights, or ONNX"):
        engine.check(net_style(tmp_path / "script.pt"))


@pytest.mark.parametrize("ending", [".pt", ".pth", ".safetensors"])
@pytest.mark.parametrize("content", [b"", bytes(range(256)) * 8])
def test_garbage_is_named(engine: StyleNetEngine, tmp_path: Path, ending: str, content: bytes) -> None:
    file = tmp_path / f"broken{ending}"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=f"broken{ending} is not a"):
        engine.check(net_style(file))


def test_weights_of_another_net_or_an_unknown_one_are_named(engine: StyleNetEngine, tmp_path: Path) -> None:
    file = tmp_path / "other.pt"
    torch.save({"weight": torch.zeros(3)}, file)
    with pytest.raises(ValueError, match=r"other\.pt holds no weights of animegan2: .*Missing key"):
        engine.check(net_style(file))
    torch.save([torch.zeros(3)], file)
    with pytest.raises(ValueError, match="no table of tensors"):
        engine.check(net_style(file))
    with pytest.raises(ValueError, match=r'architecture = "cyclegan" is not known; there is: animegan2'):
        engine.check(net_style(file, architecture="cyclegan"))
