"""What the doctor finds of the painter: its packages, the cards, the weights, the licence, the memory. Loads nothing.

Torch is asked in a process of its own: it takes seconds to load, and a broken one takes its process with it.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from bot.cards import Card, Torch, ask_torch, seen_cards
from bot.findings import Finding, Verdict
from bot.settings import Settings
from bot.shelf import read_styles
from generation.engines.diffusion.prompt import all_worded
from generation.painter import Painter, PainterName, PainterUnusable
from generation.styles.catalogue import BadPack
from generation.weights import Role, check_licence, licence_of, read_registry
from generation.weights.checking import engine_of, find_faults
from generation.weights.fitting import best_fit, needed_gb
from generation.weights.origin import recommended
from generation.weights.places import find_folder

PACKAGES = ("torch", "diffusers", "transformers", "accelerate", "safetensors")
INSTALL = "Run: pip install 'selfiebot[diffusion]'"
MOST_FAULTS = 3


async def examine_painter(settings: Settings) -> list[Finding]:
    """Without ENGINE only what cards there are: nothing of the painter is needed then."""
    torch = ask_torch()
    gpus = list(_gpus(torch, seen_cards(), wanted=settings.painter is not None and not settings.painter_devices))
    if settings.painter is None:
        return gpus
    painter, devices = settings.painter, settings.painter_devices
    cards = [
        card for number, card in enumerate(torch.cards if torch else ()) if not devices or f"cuda:{number}" in devices
    ]
    return [
        *_packages(),
        *gpus,
        *_weights(painter),
        *_licence(painter),
        *(finding for card in cards for finding in _memory(painter, card)),
        *_prompts(settings, painter),
    ]


def _packages() -> Iterator[Finding]:
    lacking = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if lacking:
        yield Finding(Verdict.BROKEN, "painter", f"ENGINE is set, but missing: {', '.join(lacking)}", INSTALL)
    else:
        yield Finding(Verdict.FINE, "painter", "all packages that painting needs")


def _gpus(torch: Torch | None, seen: tuple[Card, ...], *, wanted: bool) -> Iterator[Finding]:
    """Every card that torch can use; else why it can't, if there is one.

    Args:
        wanted: the bot does not start without a card.
    """
    if torch and torch.cards:
        yield from (_gpu(card, torch) for card in torch.cards)
        return
    broken = Verdict.BROKEN if wanted else Verdict.NOTE
    if seen and torch is None:
        yield Finding(Verdict.NOTE, "gpu", f"{seen[0].name}, unused: torch is not installed", INSTALL)
    elif seen and torch and not torch.built_for:
        yield Finding(
            broken, "gpu", f"{seen[0].name}, but torch {torch.version} is built for processors alone",
            "Install a build of torch for CUDA: pip uninstall torch, then pip install torch without a constraint.",
        )  # fmt: skip
    elif seen and torch:
        yield Finding(
            broken, "gpu", f"{seen[0].name}, but torch {torch.version} (CUDA {torch.built_for}) can't use it",
            "Update the card's driver, or install a torch for an older CUDA.",
        )  # fmt: skip
    elif wanted:
        yield Finding(
            broken, "gpu", "none that torch can use, so the painter has no device",
            "Set PAINTER_DEVICES=cpu to paint on the processor, which takes minutes a picture; or leave ENGINE empty.",
        )  # fmt: skip
    else:
        yield Finding(Verdict.NOTE, "gpu", "none that torch can use. The retouch engine needs none.")


def _gpu(card: Card, torch: Torch) -> Finding:
    what = f"{card.name}, {card.free_gb:.1f} of {card.total_gb:.1f} GB free, compute capability {card.capability}"
    if card.has_bf16:
        return Finding(Verdict.FINE, "gpu", f"{what}, torch {torch.version}")
    return Finding(Verdict.NOTE, "gpu", f"{what}: no bf16 of its own; klein is slow on it, ENGINE=sdxl-ip is not")


def _weights(painter: Painter) -> Iterator[Finding]:
    """The model, and what goes with it: what is set, else what lies in its folder, else what we recommend."""
    get = f"{painter.model} --revision {painter.revision}" if painter.revision else painter.model
    yield from _part(painter.model, painter.revision, get, painter.name)
    own = Path(painter.model)
    for weights in read_registry().weights:
        if weights.engine is painter.name and weights.subfolder:
            inside = own / weights.subfolder
            said = painter.adapter if weights.role is Role.ADAPTER else painter.lora
            part = said or (str(inside) if own.is_dir() else weights.id)
            get = f"{weights.name} --to {inside}" if part == str(inside) else part
            optional = weights.role is Role.LORA and not said  # some are made for few steps themselves
            yield from _part(part, "", get, absent=Verdict.NOTE if optional else Verdict.BROKEN)


def _part(
    model: str, revision: str, get: str, engine: PainterName | None = None, absent: Verdict = Verdict.BROKEN
) -> Iterator[Finding]:
    """Args:
    get: what `selfiebot models get` must be told to bring it.
    engine: the one that shall paint with it.
    absent: what it means if it is not here.
    """
    folder = find_folder(model, revision)
    if folder is None:
        yield _absent(model, revision, get, absent)
        return
    faults = find_faults(folder, recommended(model, folder))
    for fault in faults[:MOST_FAULTS]:
        yield Finding(Verdict.BROKEN, "weights", f"{model}: {fault}", f"Run: selfiebot models check {model}")
    if engine is not None and not faults and engine_of(folder) is not engine:
        yield Finding(
            Verdict.BROKEN, "weights", f"{model} is not for ENGINE={engine}", f"Set ENGINE={engine_of(folder)}."
        )
    elif not faults:
        yield Finding(Verdict.FINE, "weights", f"{model}, whole, in {folder}")


def _absent(model: str, revision: str, get: str, verdict: Verdict) -> Finding:
    known = recommended(model, None)
    if known and find_folder(model, known.revision):
        what = f"{model} is here, but not its revision {revision or 'main'}"
        return Finding(Verdict.BROKEN, "weights", what, f"Set REVISION={known.revision}.")
    return Finding(verdict, "weights", f"{model} is not on this machine", f"Run: selfiebot models get {get}")


def _licence(painter: Painter) -> Iterator[Finding]:
    try:
        check_licence(painter)
    except PainterUnusable as error:
        yield Finding(Verdict.BROKEN, "licence", str(error))
        return
    licence = licence_of(painter.model, painter.revision)
    if licence.commercial:
        yield Finding(Verdict.FINE, "licence", licence.title)
    else:
        yield Finding(Verdict.NOTE, "licence", f"{licence.title}: you said that you may use it")


def _memory(painter: Painter, card: Card) -> Iterator[Finding]:
    """Computed. On a card that others use, what is free now says little of what will be."""
    known = recommended(painter.model, find_folder(painter.model, painter.revision))
    if known is None or known.memory is None:
        yield Finding(Verdict.NOTE, "memory", f"I don't know how much {painter.model} takes")
        return
    needed = needed_gb(known.memory, painter)
    what = f"{needed:.0f} GB at most with these settings (computed), {card.total_gb:.0f} GB on the {card.name}"
    if needed <= card.total_gb:
        yield Finding(Verdict.FINE, "memory", what)
        return
    fit = best_fit(known.memory, card.total_gb, painter.size_px, painter.ref_side_px)
    text = "cuda" if fit and fit.text_on_card else "cpu"
    remedy = f"Set DTYPE={fit.dtype}, TEXT_DEVICE={text}, MAX_BATCH={fit.jobs}, MAX_REFS=1." if fit else "Lower SIZE."
    yield Finding(Verdict.NOTE, "memory", what, remedy)


def _prompts(settings: Settings, painter: Painter) -> Iterator[Finding]:
    """Counted, not compared: which file is which prompt's, the engine alone knows."""
    try:
        styles = [style for style in read_styles(settings) if style.prompt]
    except BadPack:
        return  # told of already, among the styles
    wanted = len(styles) if painter.name is PainterName.SDXL_IP else len(all_worded(styles))
    if not wanted:
        return
    kept = len(list(painter.text_cache.glob("*.safetensors"))) if painter.text_cache else 0
    if kept >= wanted:
        yield Finding(Verdict.FINE, "prompts", f"{wanted} of the catalogue, read and kept")
        return
    lost = painter.text_device == "none"
    yield Finding(
        Verdict.BROKEN if lost else Verdict.NOTE,
        "prompts",
        f"{kept} of the catalogue's {wanted} are kept; {'TEXT_DEVICE=none reads no others' if lost else 'others wait'}",
        "Run: selfiebot models embed",
    )
