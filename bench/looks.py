"""What looks cost: ms for each style at three sizes, a worker's memory; and beside it plain OpenCV and a prototype.

    python bench/looks.py [--photo face.jpg] [--sizes 512 1080 2048] [--styles goth noir] [--rounds 3]

"first" is a photo nobody has seen, "again" the next strength of the same style, "nine" a sheet of nine styles. The
plain versions are bench/plain.py's, timed in the same process. Every size is measured in a fresh process of its own.
Times are the least of the rounds, warm; on a machine that has other work to do, trust the processor time.
"""

import argparse
import io
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

OUTSIDE = {"read", "load", "beside", "label"}  # the worker's own stages
LIMIT_MB = 900
PROTOTYPE_SIZE = 1080


def main() -> None:
    options = _options()
    if options.one:
        print(json.dumps(_measure(options.one, options.photo, options.styles, options.rounds)))
        return
    results = {}
    for size in options.sizes:
        command = [sys.executable, __file__, "--one", str(size), "--rounds", str(options.rounds)]
        command += ["--photo", str(options.photo)] if options.photo else []
        command += ["--styles", *options.styles] if options.styles else []
        results[size] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    _print(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photo", type=Path, help="a portrait; without one, scikit-image's astronaut")
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1080, 2048], help="of the shorter side, in px")
    parser.add_argument("--styles", nargs="+", default=[], help="all of the catalogue unless named")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(size: int, photo: Path | None, names: list[str], rounds: int) -> dict[str, Any]:
    """In a process of its own: every style on one photo."""
    from bench.plain import plain_version
    from generation.child import keep_freed_memory
    from generation.face.finder import FaceFinder
    from generation.face.models import default_folder
    from generation.job import Job, Picture
    from generation.photo import read_photo
    from generation.styles import read_catalogue
    from generation.worker import Worker

    keep_freed_memory()  # as in a pool's worker
    data = portrait(photo, size)
    worker = Worker("cpu", default_folder())
    styles = [style for style in read_catalogue() if not names or style.name in names]
    worker.warm(styles[:1])
    pixels = read_photo(data).pixels
    points = FaceFinder(default_folder()).load().find(pixels)[0].points
    looks: dict[str, Any] = {}
    for style in styles:
        _forget_peak()
        pictures, cpu, again = [], [], []
        for _ in range(rounds + 1):
            worker.forget()
            started = process_time()
            pictures.append(worker.answer(Job("bench", style, (data,), style.strength, seed=1)))
            cpu.append(1000 * (process_time() - started))
            begun = perf_counter()
            worker.answer(Job("bench", style, (data,), 0.9 * style.strength, seed=1))
            again.append(1000 * (perf_counter() - begun))
        good = [picture for picture in pictures[1:] if isinstance(picture, Picture)]
        if len(good) < rounds:
            looks[style.name] = {"failed": repr(pictures[-1])}
            continue
        best = min(good, key=lambda picture: picture.seconds)
        plain = 1000 * _least(partial(plain_version(style), pixels, points), rounds)
        times = {
            "again_ms": min(again),
            "plain_ms": plain,
            "ms": 1000 * best.seconds,
            "cpu_ms": min(cpu[1:]),
            "stages": list(_stages(good)),
        }
        looks[style.name] = {**times, "peak_mb": _peak_mb()}
    nine = [1000 * _sheet(worker, data, styles[start : start + 9]) for start in range(0, len(styles), 9)]
    stock = {name: 1000 * _least(work, rounds) for name, work in _stock(pixels).items()}
    return {"shape": f"{pixels.shape[1]}x{pixels.shape[0]}", "looks": looks, "nine_ms": nine, "stock": stock}


def _sheet(worker: Any, data: bytes, styles: list[Any]) -> float:
    """Seconds for a sheet of a photo that is new to the worker; the lesser of two."""
    from generation.job import Job

    def draw() -> None:
        worker.forget()
        worker.answer(Job("bench", styles[0], (data,), 1, seed=1, sheet=tuple(styles)))

    return _least(draw, 2)


def portrait(photo: Path | None, size: int) -> bytes:
    """A 4:5 JPEG whose shorter side is that long."""
    from PIL import Image, ImageOps

    if photo is None:
        from skimage import data

        astronaut: Any = data.astronaut()  # type: ignore[no-untyped-call]
        image = Image.fromarray(astronaut).crop((20, 0, 420, 500))
    else:
        image = ImageOps.exif_transpose(Image.open(photo)).convert("RGB")
    file = io.BytesIO()
    ImageOps.fit(image, (size, size * 5 // 4), Image.Resampling.BICUBIC).save(file, "JPEG", quality=92)
    return file.getvalue()


def _stages(pictures: list[Any]) -> Iterator[tuple[str, float]]:
    """(stage, ms), the least of all rounds."""
    for parts in zip(*(picture.stages for picture in pictures), strict=True):
        yield parts[0][0], 1000 * min(seconds for _, seconds in parts)


def _stock(pixels: Any) -> dict[str, Callable[[], object]]:
    """What a bot without an engine of its own would call: OpenCV's and Pillow's ready-made looks."""
    import cv2
    from PIL import Image, ImageFilter, ImageOps

    image = Image.fromarray(pixels)
    return {
        "cv2.stylization": lambda: cv2.stylization(pixels),
        "cv2.detailEnhance": lambda: cv2.detailEnhance(pixels),
        "cv2.bilateralFilter 15": lambda: cv2.bilateralFilter(pixels, 15, 40, 15),
        "Pillow smooth, grey, contrast": lambda: ImageOps.autocontrast(
            ImageOps.grayscale(image.filter(ImageFilter.GaussianBlur(3)))
        ),
    }


def _least(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return min(times)


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")  # Linux, proc(5): resets VmHWM


def _peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def _print(results: dict[int, dict[str, Any]]) -> None:
    heads = [f"{result['shape']:>12}" for result in results.values()]
    _table("style, whole worker, first, ms", heads, _columns(results, lambda look: look["ms"]))
    _table("the same at another strength, again, ms", heads, _columns(results, lambda look: look["again_ms"]))
    _table("plain OpenCV version of its stages, ms", heads, _columns(results, lambda look: look["plain_ms"]))
    _table("style, processor time of all threads, ms", heads, _columns(results, lambda look: look["cpu_ms"]))
    _table("style, peak memory of the worker, MB", heads, _columns(results, lambda look: look["peak_mb"]))
    _table(
        "effect or stage, median over styles, ms", heads, [_by_stage(result["looks"]) for result in results.values()]
    )
    _table("stock filters, ms", heads, [result["stock"] for result in results.values()])
    for size, result in results.items():
        _sum_up(size, result)
        for name, look in result["looks"].items():
            if "failed" in look:
                print(f"{size}: {name} failed: {look['failed']}")


def _sum_up(size: int, result: dict[str, Any]) -> None:
    good = {name: look for name, look in result["looks"].items() if "ms" in look}
    if not good:
        return
    from bench.plain import PROTOTYPE_MS

    first, again = ([look[key] for look in good.values()] for key in ("ms", "again_ms"))
    slowest, nine = max(good, key=lambda name: good[name]["ms"]), result["nine_ms"]
    plain = statistics.median(look["ms"] / look["plain_ms"] for look in good.values())
    print(
        f"{size}: first: median {statistics.median(first):.0f} ms, slowest {slowest} {max(first):.0f}; again: median "
        f"{statistics.median(again):.0f}, slowest {max(again):.0f}; nine: median {statistics.median(nine):.0f}, "
        f"slowest {max(nine):.0f}"
    )
    peak = max(look["peak_mb"] for look in good.values())
    print(f"{size}: median {plain:.2f} of the plain version; peak {peak:.0f} MB = {peak / LIMIT_MB:.2f} of the limit")
    known = {name: look["ms"] / PROTOTYPE_MS[name] for name, look in good.items() if name in PROTOTYPE_MS}
    if size == PROTOTYPE_SIZE and known:
        words = ", ".join(f"{name} {ratio:.2f}" for name, ratio in known.items())
        print(f"{size}: of the prototype, which had the face already: {words}")


def _columns(results: dict[int, dict[str, Any]], value: Callable[[dict[str, Any]], float]) -> list[dict[str, float]]:
    return [
        {name: value(look) for name, look in result["looks"].items() if "ms" in look} for result in results.values()
    ]


def _by_stage(looks: dict[str, Any]) -> dict[str, float]:
    times: dict[str, list[float]] = {}
    for look in looks.values():
        for name, ms in look.get("stages", ()):
            times.setdefault(name, []).append(ms)
    return {name: statistics.median(all_ms) for name, all_ms in times.items()}


def _table(title: str, heads: list[str], columns: list[dict[str, float]]) -> None:
    print(f"{title:<42}{''.join(heads)}")
    for name in dict.fromkeys(name for column in columns for name in column):
        cells = [f"{column[name]:12.1f}" if name in column else " " * 12 for column in columns]
        print(f"  {name:<40}{''.join(cells)}")
    print()


if __name__ == "__main__":
    main()
