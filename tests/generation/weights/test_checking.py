"""What is found wrong with a folder of weights, without loading any."""

import json
from pathlib import Path

import pytest

from generation.weights import Weights, read_registry
from generation.weights.checking import compare_sums, engine_of, find_faults, header_fault
from generation.weights.checksums import git_digest_of, sha256_of
from generation.weights.places import Manifest
from tests.fakes.weights import klein_files, safetensors

TENSORS = "vae/diffusion_pytorch_model.safetensors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, data in klein_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def rewrite_index(folder: Path, **changes: object) -> None:
    file = folder / "model_index.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def test_a_whole_folder_has_no_faults_and_an_engine(folder: Path) -> None:
    assert find_faults(folder) == []
    assert engine_of(folder) == "flux2-klein"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no .safetensors header"),
        (b"\x80\x04 a pickle", "no .safetensors header"),
        (b"\xff" * 40, "no .safetensors header"),
        (b"\x02" + b"\0" * 7 + b"[]", "no .safetensors header"),
        (safetensors(100)[:-1], "expected"),
        (safetensors(100) + b"\0", "expected"),
        (safetensors(100), ""),
    ],
)
def test_a_header_tells_whether_a_file_is_whole(tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "x.safetensors"
    file.write_bytes(data)
    fault = header_fault(file)
    assert words in fault
    assert bool(fault) == bool(words)


def test_a_shard_that_an_index_names_must_be_there(folder: Path) -> None:
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "vae" / "model.safetensors.index.json").write_text(json.dumps(index))
    (folder / "vae" / "model-00001-of-00002.safetensors").write_bytes(safetensors(10))
    assert find_faults(folder) == ["vae/model-00002-of-00002.safetensors: missing"]


def test_a_pipeline_that_nobody_paints_with_is_named(folder: Path) -> None:
    rewrite_index(folder, _class_name="WanPipeline")
    assert engine_of(folder) is None
    assert find_faults(folder) == ["model_index.json: no engine here paints with WanPipeline"]


def test_a_part_with_code_of_its_own_is_not_trusted(folder: Path) -> None:
    rewrite_index(folder, vae=["their_package", "TheirDecoder"])
    assert find_faults(folder) == ["model_index.json: vae needs code of its own (their_package), which is not run"]


def test_a_part_that_the_index_leaves_out_may_be_missing(folder: Path) -> None:
    rewrite_index(folder, safety_checker=[None, None], tokenizer=["transformers", "Qwen2TokenizerFast"])
    assert find_faults(folder) == ["tokenizer: missing"]


def test_weights_of_ours_are_held_against_what_an_engine_reads(folder: Path) -> None:
    klein, lora = read_registry().find("klein-4b"), read_registry().find("lcm-lora")
    assert isinstance(klein, Weights)
    assert isinstance(lora, Weights)
    assert klein.wants("transformer/diffusion_pytorch_model.safetensors")
    assert not klein.wants("flux-2-klein-4b.safetensors")
    assert find_faults(folder, klein) == []
    (folder / "model_index.json").unlink()
    assert find_faults(folder, klein) == ["model_index.json: missing"]
    assert find_faults(folder, lora) == ["pytorch_lora_weights.safetensors: missing"]


def test_whoever_fetched_sdxl_in_32_bits_has_it_whole(folder: Path) -> None:
    sdxl = read_registry().find("sdxl")
    assert isinstance(sdxl, Weights)
    rewrite_index(folder, _class_name="StableDiffusionXLPipeline", transformer=[None, None])
    assert find_faults(folder, sdxl) == []


def test_checksums_of_a_manifest_are_compared_and_one_further_down_wins(folder: Path) -> None:
    sizes = {path: (len(data), sha256_of(folder / path)) for path, data in klein_files().items()}
    Manifest("someone/klein", "main", "mit", sizes).write(folder)
    assert compare_sums(folder).faults == ()
    (folder / TENSORS).write_bytes(safetensors(50))
    assert compare_sums(folder).faults == (f"{TENSORS}: its checksum is not the published one",)
    other = {"diffusion_pytorch_model.safetensors": (1, sha256_of(folder / TENSORS))}
    Manifest("someone/smaller-decoder", "main", "mit", other).write(folder / "vae")
    assert compare_sums(folder).faults == ()
    (folder / "README.md").unlink()
    assert compare_sums(folder).faults == ("README.md: missing",)


def test_files_without_a_published_checksum_are_counted(folder: Path) -> None:
    sums = compare_sums(folder)
    assert (sums.compared, sums.without) == (0, len(klein_files()))


def test_git_names_a_file_as_git_does(tmp_path: Path) -> None:
    (tmp_path / "hello").write_bytes(b"hello\n")
    assert git_digest_of(tmp_path / "hello") == "ce013625030ba8dba906f756967f9e9ca394464a"  # git hash-object
