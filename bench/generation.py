"""How fast painting is: the card's ceilings, the stock pipeline, our engine, people who come at once, our own overhead.

    python bench/generation.py ceilings|stock|ours|serve|overhead [--tiny] [--device cpu] [--compile] [--fp8] …

FLUX.2 klein 4B with random weights, whose speed is that of the real ones; `--model FOLDER` takes the real ones,
`--tiny` a model that runs anywhere in seconds. docs/bench.md says what each mode prints, and what is asked for.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

FULL = {"size": 1024, "ref_sides": "768", "batches": "1,2,4,8", "jobs": 32, "spell_s": 1.0}
TINY = {"size": 64, "ref_sides": "64", "batches": "1,2", "jobs": 4, "spell_s": 0.01}


def main(arguments: list[str] | None = None) -> None:
    options = _options(arguments)

    import torch

    from bench.generation_subject import Plan, load_subject

    if options.device.startswith("cuda") and not torch.cuda.is_available():
        raise SystemExit("There is no CUDA card here. What runs anywhere: --tiny --device cpu")
    if options.tiny:
        torch.set_flush_denormal(True)  # its random weights make denormal numbers, which processors are slow with
        torch.set_num_threads(1)
    plan = Plan(
        device=options.device,
        tiny=options.tiny,
        model=options.model,
        size_px=options.size,
        ref_sides=_numbers(options.ref_sides),
        refs=options.refs,
        steps=options.steps,
        batches=_numbers(options.batches),
        jobs=options.jobs,
        compiled=options.compile,
        fp8=options.fp8,
        faces=options.faces,
        loads=_numbers(options.loads),
        within_s=options.within_s,
        spell_s=options.spell_s,
    )
    print(plan, flush=True)
    for line in _mode(options.mode)(load_subject(plan, weightless=options.mode == "ceilings")):
        print(line, flush=True)


def _mode(name: str) -> Callable[..., Iterable[str]]:
    from bench.generation_ceilings import ceiling_lines
    from bench.generation_overhead import overhead_lines
    from bench.generation_rates import our_lines, stock_lines
    from bench.generation_serve import serve_lines

    return {
        "ceilings": ceiling_lines,
        "stock": stock_lines,
        "ours": our_lines,
        "serve": serve_lines,
        "overhead": overhead_lines,
    }[name]


def _options(arguments: list[str] | None) -> argparse.Namespace:
    from generation.face.models import default_folder

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mode", choices=["ceilings", "stock", "ours", "serve", "overhead"])
    parser.add_argument("--tiny", action="store_true", help="a tiny model, few pictures")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--model", default="", help="a folder or a hub id on this machine, instead of random weights")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--fp8", action="store_true")
    parser.add_argument("--size", type=int, help="px of the picture's side")
    parser.add_argument("--ref-sides", help="px of each reference's side, by commas")
    parser.add_argument("--refs", type=int, default=1, help="references of a picture")
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--batches", help="pictures at once, by commas; the most of them in serve")
    parser.add_argument("--jobs", type=int, help="pictures for each figure")
    parser.add_argument("--loads", default="50,80,110", help="percent of what the engine can do, by commas")
    parser.add_argument("--within-s", type=float, default=60.0, help="a picture that takes longer is late")
    parser.add_argument("--spell-s", type=float, help="how long each rate of the card is measured")
    parser.add_argument("--faces", type=Path, default=default_folder(), help="the folder of the face models")
    options = parser.parse_args(arguments)
    for name, value in (TINY if options.tiny else FULL).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    return options


def _numbers(listed: str) -> tuple[int, ...]:
    return tuple(int(each) for each in listed.split(","))


if __name__ == "__main__":
    main()
