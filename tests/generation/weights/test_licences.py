"""Which weights may be used: what we know of them, what their cards say, and what the operator said."""

from pathlib import Path

import pytest

from generation.painter import Painter, PainterName, PainterUnusable
from generation.weights import UnknownWeights, Weights, check_licence, licence_of, read_registry
from generation.weights.places import Manifest, cached, find_folder

KLEIN = "black-forest-labs/FLUX.2-klein-4B"


def painter(model: str, *, adapter: str = "", accepts: bool = False) -> Painter:
    return Painter(PainterName.FLUX2_KLEIN, model, adapter=adapter, accepts_noncommercial=accepts)


def card(folder: Path, head: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "README.md").write_text(f"---\n{head}\n---\n\nlicense: this is only prose\n", encoding="utf-8")
    return str(folder)


def test_everything_we_recommend_may_be_used_commercially_and_nothing_we_refuse_may() -> None:
    registry = read_registry()
    assert all(weights.licence.commercial is True for weights in registry.weights)
    assert all(refused.licence.commercial is False for refused in registry.refused)
    assert all(known.licence.url for known in (*registry.weights, *registry.refused))


def test_what_recommended_weights_need_is_recommended_too() -> None:
    registry = read_registry()
    names = {weights.name for weights in registry.weights}
    assert all(set(weights.needs) <= names for weights in registry.weights)
    assert {weights.engine for weights in registry.weights if weights.role == "base"} == set(PainterName)


def test_the_recommended_model_is_let_through() -> None:
    check_licence(painter(KLEIN))


@pytest.mark.parametrize("model", [refused.id for refused in read_registry().refused])
def test_a_model_that_forbids_commercial_use_is_refused_with_its_licence(model: str) -> None:
    with pytest.raises(PainterUnusable, match="forbids commercial use"):
        check_licence(painter(model.upper()))
    check_licence(painter(model, accepts=True))


@pytest.mark.parametrize(
    ("head", "commercial"),
    [
        ("license: apache-2.0", True),
        ('tags:\n- x\nlicense: "mit"', True),
        ("license: openrail++", True),
        ("license: creativeml-openrail-m", True),
        ("license: cc-by-nc-sa-4.0", False),
        ("license: other\nlicense_name: flux-1-dev-non-commercial-license", False),
        ("license: other\nlicense_name: qwen-research", False),
        ("license: other\nlicense_name: our-own-terms", None),
        ("license: other", None),
        ("language: en", None),
    ],
)
def test_a_folders_licence_is_read_off_its_card(tmp_path: Path, head: str, commercial: bool | None) -> None:
    assert licence_of(card(tmp_path / "model", head)).commercial is commercial


def test_a_folder_without_a_card_is_refused_unless_accepted(tmp_path: Path) -> None:
    with pytest.raises(PainterUnusable, match=r"can't tell .* ACCEPT_NONCOMMERCIAL=true"):
        check_licence(painter(str(tmp_path)))
    check_licence(painter(str(tmp_path), accepts=True))


def test_an_adapter_is_held_to_the_same(tmp_path: Path) -> None:
    with pytest.raises(PainterUnusable, match="nc-adapter"):
        check_licence(painter(KLEIN, adapter=card(tmp_path / "nc-adapter", "license: cc-by-nc-4.0")))


def test_a_model_that_is_not_here_is_told_to_be_got() -> None:
    with pytest.raises(PainterUnusable, match="selfiebot models get someone/their-model"):
        check_licence(painter("someone/their-model"))


def test_a_refused_model_in_a_folder_of_another_name_is_still_refused(tmp_path: Path) -> None:
    Manifest("black-forest-labs/FLUX.2-klein-9B", "main", "apache-2.0", {}).write(tmp_path)
    with pytest.raises(PainterUnusable, match="FLUX Non-Commercial"):
        check_licence(painter(str(tmp_path)))


def test_a_downloaded_models_card_is_read_in_the_hubs_cache(tmp_path: Path) -> None:
    repository = cached("someone/their-model", tmp_path)
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("0" * 40)
    (repository / "snapshots").mkdir()
    card(repository / "snapshots" / ("0" * 40), "license: mit")
    assert licence_of("someone/their-model", cache=tmp_path).commercial
    assert licence_of("someone/their-model", "0" * 40, tmp_path).commercial
    assert licence_of("someone/their-model", "v2", tmp_path).commercial is None


def test_of_several_snapshots_the_newest_is_taken_and_a_single_one_needs_no_name(tmp_path: Path) -> None:
    repository = cached("someone/their-model", tmp_path)
    older, newer = (repository / "snapshots" / (digit * 40) for digit in "12")
    older.mkdir(parents=True)
    assert find_folder("someone/their-model", cache=tmp_path) == older
    newer.mkdir()
    assert find_folder("someone/their-model", cache=tmp_path) is None
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(newer.name)
    assert find_folder("someone/their-model", cache=tmp_path) == newer
    assert find_folder("someone/their-model", older.name, tmp_path) == older
    assert find_folder("someone/their-model", "3" * 40, tmp_path) is None
    assert find_folder("someone/another", cache=tmp_path) is None


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    assert isinstance(read_registry().find("Klein-4B"), Weights)
    with pytest.raises(UnknownWeights, match="Nearest: klein-4b"):
        read_registry().find("klein4b")
    with pytest.raises(UnknownWeights, match="Nearest: black-forest-labs/FLUX.2-klein-4B"):
        read_registry().find("black-forest-labs/FLUX.2-klein-4")
