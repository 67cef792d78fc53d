"""selfiebot models list · get · check · embed: weights to choose, fetch, mend and prepare. Parses words and prints."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.cards import Card, seen_cards
from bot.settings import Settings
from bot.shelf import read_styles
from generation.painter import Dtype, PainterUnusable
from generation.weights import Refused, UnknownWeights, Weights, licence_of, read_registry
from generation.weights.checking import compare_sums, engine_of, find_faults
from generation.weights.fitting import best_fit, one_job_gb
from generation.weights.origin import folder_of, recognise, recommended
from generation.weights.permission import refusal
from generation.weights.places import find_folder, read_manifest

EXTRA = "Fetching weights needs more packages ({}). Run: pip install 'selfiebot[diffusion]'"


class ModelsRefused(Exception):
    """A command that cannot be carried out; its text says why and what to do."""


def add_commands(parser: argparse.ArgumentParser) -> None:
    """The commands below `selfiebot models`; each sets `act`, a function of (arguments, settings)."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="what we recommend, what is here, and what fits this card")
    listing.set_defaults(act=_list)
    getting = commands.add_parser("get", help="fetch weights; goes on where it was interrupted")
    getting.add_argument("name", help="a name of `selfiebot models list`, or a hub id: owner/name")
    getting.add_argument("--revision", default="", help="a commit, branch or tag (default: the one we looked at)")
    getting.add_argument("--to", type=Path, metavar="FOLDER", help="where to (default: the hub's cache)")
    getting.add_argument("--accept-noncommercial", action="store_true", help="fetch them whatever their licence says")
    getting.set_defaults(act=_get)
    checking = commands.add_parser("check", help="say whether weights are whole, and what to do if not")
    checking.add_argument("name", nargs="?", help="a name, a hub id or a folder (default: all that are here)")
    checking.add_argument("--revision", default="", help="of a hub id")
    checking.set_defaults(act=_check)
    embedding = commands.add_parser("embed", help="read the catalogue's prompts once, so that painting need not")
    embedding.set_defaults(act=_embed)


def _list(arguments: argparse.Namespace, settings: Settings) -> int:
    found = seen_cards()
    print(", ".join(f"{card.name}, {card.total_gb:.0f} GB" for card in found) or "No NVIDIA card is in sight.")
    registry = read_registry()
    for weights in registry.weights:
        here = "here" if folder_of(weights) else "not here"
        size = f"{weights.size_gb:5.1f} GB"
        print(f"\n{weights.name:<14} {size}  {weights.licence.id:<12} {here:<9} for ENGINE={weights.engine}")
        print(f"  {weights.line}.")
        print(f"  {weights.parameters}; {weights.id}")
        for line in _fits(weights, found):
            print(f"  {line}")
    print("\nSmall nets for processors, which you bring and put in STYLE_MODEL_DIR (docs/models.md):")
    for net in registry.nets:
        print(f"  {net.name:<17} {net.licence.id:<12} {net.line}.\n{'':<20}{net.where}")
    print("\nRefused, because their licences forbid commercial use (--accept-noncommercial fetches them all the same):")
    for refused in registry.refused:
        print(f"  {refused.name:<17} {refused.id:<40} {refused.licence.title}")
    return 0


def _fits(weights: Weights, found: tuple[Card, ...]) -> Iterator[str]:
    """By computation: what has been measured is in docs/bench.md."""
    memory = weights.memory
    if memory is None:
        return
    small, whole = one_job_gb(memory, Dtype.FP8, False), one_job_gb(memory, Dtype.BF16, False)
    read = one_job_gb(memory, Dtype.BF16, True)
    yield f"{small:.0f} GB of a card with DTYPE=fp8, {whole:.0f} with bf16, {read:.0f} with TEXT_DEVICE=cuda (computed)"
    for card in found:
        fit = best_fit(memory, card.total_gb)
        if fit is None:
            yield f"Too large for the {card.name}."
        else:
            text = "cuda" if fit.text_on_card else "cpu"
            yield f"Fits the {card.name} with DTYPE={fit.dtype} TEXT_DEVICE={text} MAX_BATCH={fit.jobs} and less"


def _get(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        from generation.weights.fetching import fetch
        from generation.weights.hub import CannotFetch, look_up
    except ImportError as error:
        raise ModelsRefused(EXTRA.format(error)) from error
    hub_id, revision, needs = _named(arguments.name)
    accepts = arguments.accept_noncommercial or settings.accept_noncommercial
    _refuse(hub_id, accepts)
    try:
        offer = look_up(hub_id, arguments.revision or revision)
        if not offer.licence.commercial and not accepts:
            raise ModelsRefused(_with_flag(refusal(hub_id, offer.licence)))
        print(f"Licence: {offer.licence.title} {offer.licence.url}".rstrip())
        folder = fetch(offer, arguments.to, print)
    except CannotFetch as error:
        raise ModelsRefused(str(error)) from error
    except KeyboardInterrupt:
        print("\nInterrupted. What has come so far stays: run the same again, and it goes on.", file=sys.stderr)
        raise
    print(f"{hub_id} is here: {folder}")
    _say_how(folder if arguments.to else hub_id, offer.revision, engine_of(folder))
    for need in needs:
        where = f" --to {arguments.to / need.subfolder}" if arguments.to else ""
        print(f"It needs this, too: selfiebot models get {need.name}{where}")
    return 0


def _named(name: str) -> tuple[str, str, tuple[Weights, ...]]:
    """(hub id, revision, what it needs besides) of a name of ours or a hub id.

    Raises:
        ModelsRefused: it is neither.
    """
    try:
        known = read_registry().find(name)
    except UnknownWeights as error:
        if net := next((net for net in read_registry().nets if net.name == name), None):
            raise ModelsRefused(f"{name} is in no hub: bring it from {net.where}. docs/models.md says how.") from error
        if name.count("/") != 1:
            raise ModelsRefused(f"{error} Or give a hub id: owner/name.") from error
        return name, "", ()
    if isinstance(known, Refused):
        return known.id, "", ()
    return known.id, known.revision, tuple(one for one in read_registry().weights if one.name in known.needs)


def _refuse(hub_id: str, accepts: bool) -> None:
    known = read_registry().of(hub_id)
    if isinstance(known, Refused) and not accepts:
        raise ModelsRefused(_with_flag(refusal(known.id, known.licence)))


def _with_flag(words: str) -> str:
    return words.replace("set ACCEPT_NONCOMMERCIAL=true", "add --accept-noncommercial")


def _say_how(model: object, revision: str, engine: object) -> None:
    if engine is not None:
        print(f"To paint with it, put this into .env:\nENGINE={engine}\nMODEL={model}")
        if revision and not isinstance(model, Path):
            print(f"REVISION={revision}")


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    subjects = [(arguments.name, arguments.revision)] if arguments.name else _here(settings)
    if not subjects:
        raise ModelsRefused("No weights of ours are here. To see what there is, run: selfiebot models list")
    well = [_check_one(*_place(name, revision)) for name, revision in subjects]
    return 0 if all(well) else 1


def _here(settings: Settings) -> list[tuple[str, str]]:
    """(name or folder, revision) of what is set, then of everything recommended that is on this machine."""
    settled = [(settings.model, settings.revision), (settings.adapter, ""), (settings.lora, "")]
    ours = [(weights.id, "") for weights in read_registry().weights if folder_of(weights)]
    return list(dict.fromkeys([*(one for one in settled if one[0]), *ours]))


def _place(name: str, revision: str) -> tuple[str, Path, str]:
    """(its hub id or folder, where it is, what would mend it) of what the operator calls so.

    Raises:
        ModelsRefused: it is not here.
    """
    if Path(name).is_dir():
        manifest = read_manifest(Path(name))
        again = f"Run: selfiebot models get {manifest.id} --to {name}" if manifest else "Copy the folder here again."
        return name, Path(name), again
    hub_id, usual, _ = _named(name)
    folder = find_folder(hub_id, revision or usual) or (None if revision else find_folder(hub_id))
    if folder is None:
        raise ModelsRefused(f"{hub_id} is not on this machine. Run: selfiebot models get {name}")
    return hub_id, folder, f"Run: selfiebot models get {name}{f' --revision {revision}' if revision else ''}"


def _check_one(model: str, folder: Path, again: str) -> bool:
    """Print what is found of one folder. Says whether it is whole; a licence alone does not break it."""
    print(f"{model} in {folder}")
    known = recognise(model, folder)
    licence = known.licence if known else licence_of(str(folder))
    print(f"  {'✓' if licence.commercial else '✗'} licence: {licence.title}")
    faults = find_faults(folder, recommended(model, folder))
    engine = engine_of(folder)
    if not faults:
        print(f"  ✓ parts: all there{f', for ENGINE={engine}' if engine else ''}")
    sums = compare_sums(folder, lambda path: print(f"    reading {path}", file=sys.stderr))
    if sums.compared and not sums.faults:
        print(f"  ✓ checksums: {sums.compared} files as published, {sums.size / 1e9:.2f} GB")
    if sums.without:
        print(f"  · {sums.without} files have no published checksum here")
    for fault in (*faults, *sums.faults):
        print(f"  ✗ {fault}")
    if faults or sums.faults:
        print(f"    → {again}")
    return not faults and not sums.faults


def _embed(arguments: argparse.Namespace, settings: Settings) -> int:
    if settings.painter is None:
        raise ModelsRefused("No painter is set, so there is nothing to prepare. Set ENGINE and MODEL: docs/models.md.")
    from generation.engines.diffusion import embed_all

    styles = [style for style in read_styles(settings) if style.prompt]
    print(f"Reading the prompts of {len(styles)} styles. A processor takes some seconds for each.")
    try:
        added = embed_all(settings.painter, "cuda" if settings.text_device == "cuda" else "cpu", styles)
    except PainterUnusable as error:
        raise ModelsRefused(str(error)) from error
    print(f"{added} prompts read, the others were there: {settings.painter.text_cache}")
    return 0
