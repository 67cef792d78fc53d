"""Asks the hub what it has of a model. Writes nothing; says in sentences why it can't. Needs the extra `diffusion`."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, cast

from huggingface_hub import HfApi
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from generation.weights.licence import Licence, licence_by_id
from generation.weights.registry import UnknownWeights, Weights, read_registry

TRANSPORT = cast(type[Exception], HfHubHTTPError.__bases__[0])
"""What the client's HTTP library raises when a connection fails; the client's version decides which library it is."""

READ = {".safetensors", ".json", ".txt", ".jinja", ".model"}
"""Never pickles (.bin, .ckpt, .pt): to load one is to run what its maker wrote into it."""

VARIANTS = (".fp16", ".non_ema")


class CannotFetch(Exception):
    """The text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file. digest: sha256 of a large one, git's of a small one."""

    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What the hub has of a model that an engine would read. revision: as asked for; commit: what that is now."""

    id: str
    revision: str
    commit: str
    licence: Licence
    files: tuple[Wanted, ...]


def look_up(hub_id: str, revision: str = "", endpoint: str | None = None) -> Offer:
    """A model's licence and files.

    Args:
        endpoint: the hub's address, if not the usual one.

    Raises:
        CannotFetch
    """
    known = read_registry().of(hub_id)
    with in_sentences(hub_id, revision):
        info = HfApi(endpoint=endpoint).model_info(hub_id, revision=revision or None, files_metadata=True)
    there = {sibling.rfilename: sibling for sibling in info.siblings or ()}
    wanted = filter(known.wants, there) if isinstance(known, Weights) else useful(there)
    files = tuple(_file(there[path]) for path in wanted)
    if not info.sha or not any(file.path.endswith(".safetensors") for file in files):
        raise CannotFetch(f"{hub_id} has no weights that an engine here could read: no .safetensors files.")
    return Offer(hub_id, revision, info.sha, known.licence if known else _licence(info.card_data), files)


def useful(paths: Collection[str]) -> list[str]:
    """Of a repository that nobody described to us: what a folder of `save_pretrained` holds, each of it once."""
    pipeline = "model_index.json" in paths
    return [
        path
        for path in paths
        if (path.startswith(("README.md", "LICENSE")) or PurePosixPath(path).suffix in READ)
        and not (pipeline and path.endswith(".safetensors") and "/" not in path)
        and not any(variant in path and path.replace(variant, "") in paths for variant in VARIANTS)
    ]


@contextmanager
def in_sentences(hub_id: str, revision: str) -> Iterator[None]:
    """What goes wrong between here and the hub becomes a CannotFetch."""
    try:
        yield
    except OfflineModeIsEnabled as error:
        raise CannotFetch(
            "HF_HUB_OFFLINE is set, so I fetch nothing. Unset it, or bring the weights yourself."
        ) from error
    except GatedRepoError as error:
        raise CannotFetch(
            f"{hub_id} wants its terms accepted first: do so on its page at the hub, then log in here: hf auth login"
        ) from error
    except RevisionNotFoundError as error:
        raise CannotFetch(f'{hub_id} has no revision "{revision}". Its newest is: --revision main') from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise CannotFetch(f"The hub has no {hub_id}, or shows it to its owners only. {_nearest(hub_id)}") from error
    except HfHubHTTPError as error:
        raise CannotFetch(f"The hub answered {error.response.status_code}. Try again later.") from error
    except (TRANSPORT, ConnectionError, TimeoutError) as error:
        raise CannotFetch(
            f"I can't reach the hub ({error}). Check this machine's network and proxy, then run the same again: what "
            "has come so far stays."
        ) from error
    except OSError as error:
        raise CannotFetch(f"I can't write the weights: {error.strerror or error}.") from error


def _file(sibling: Any) -> Wanted:
    path = PurePosixPath(sibling.rfilename)
    if path.is_absolute() or ".." in path.parts:
        raise CannotFetch(f"The hub names a file outside of its folder: {path}. I won't fetch that.")
    return Wanted(str(path), sibling.size or 0, sibling.lfs.sha256 if sibling.lfs else sibling.blob_id or "")


def _licence(card: Any) -> Licence:
    """Of the card's data, a mapping if there is any."""
    named = str(card.get("license") or "") if card else ""
    return licence_by_id(str(card.get("license_name") or named) if named == "other" else named)


def _nearest(hub_id: str) -> str:
    try:
        return f"{read_registry().find(hub_id).id} was there when this was written; try again later."
    except UnknownWeights as error:
        return str(error)
