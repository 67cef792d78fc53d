"""How many frames a second a style follows a moving face, beside drawing each frame by itself.

    python bench/live.py [--styles goth,pink-hair] [--frames 96] [--json]

A film of 640 by 480 px is made of one public-domain portrait that moves, tilts and comes closer. Prints, for each
style of the make-up, hair and accessories packs, frames a second and the processor's time of a frame; and beside
them a plain filter that finds the face anew in each frame and lays flat colours on lips and lids, and the engine
that draws each frame from nothing. The target is 24 frames a second on two cores.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

SIZE = 640, 480
TARGET = 24
WARM = 17
"""Frames before the clock starts: the first drawing, and two turns."""
PACKS = ("makeup", "hair", "accessories")
ALONE = 4
"""How many frames the engine draws by themselves, for the ratio."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--styles", help="by commas; all of make-up, hair and accessories if not given")
    parser.add_argument("--frames", type=int, default=96)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    import cv2

    from generation.face.finder import FaceFinder
    from generation.face.models import default_folder
    from generation.styles import read_catalogue

    cv2.setNumThreads(1)  # one core draws, one follows
    catalogue = read_catalogue()
    finder = FaceFinder(default_folder(), threads=1).load()
    styles = (
        [catalogue.find(name) for name in arguments.styles.split(",")]
        if arguments.styles
        else [style for style in catalogue if style.pack in PACKS]
    )
    frames = list(film(WARM + arguments.frames))
    result: dict[str, Any] = {"plain": _timed(plain_filter(finder), frames), "styles": {}}
    for style in styles:
        result["styles"][style.name] = _follow(finder, style, frames)
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        _print(result)


def film(count: int) -> Iterator[Any]:
    """(480, 640, 3) uint8 sRGB frames, 24 a second."""
    import cv2
    import numpy as np
    from skimage import data

    astronaut: Any = data.astronaut()  # type: ignore[no-untyped-call]
    still = cv2.resize(astronaut[:384], SIZE, interpolation=cv2.INTER_CUBIC)
    for number in range(count):
        at = number / 24
        way = cv2.getRotationMatrix2D((300, 180), 4 * np.sin(1.3 * at), 1.15 + 0.05 * np.sin(at))
        way[:, 2] += 12 * np.sin(2 * at), 20 + 8 * np.cos(1.7 * at)
        yield cv2.warpAffine(still, way, SIZE, borderMode=cv2.BORDER_REFLECT)


def plain_filter(finder: Any) -> Callable[[Any], object]:
    """What a tutorial would write: find the face in every frame, fill lips and lids, blur, blend."""
    import cv2
    import numpy as np

    from generation.face.regions import EYE_LEFT, EYE_RIGHT, LIPS_INNER, LIPS_OUTER

    def draw(pixels: Any) -> object:
        face = finder.find(pixels)[0]
        paint, mask = pixels.copy(), np.zeros(pixels.shape[:2], np.uint8)
        for indices, colour, on in (
            (LIPS_OUTER, (90, 10, 50), 255),
            (EYE_LEFT, (60, 30, 60), 255),
            (EYE_RIGHT, (60, 30, 60), 255),
            (LIPS_INNER, (0, 0, 0), 0),
        ):
            points = face.points[list(indices)].astype(np.int32)
            cv2.fillPoly(mask, [points], on)
            if on:
                cv2.fillPoly(paint, [points], colour)
        soft = cv2.GaussianBlur(mask, (0, 0), 3)[..., None].astype(np.float32) / 255 * 0.6
        return (pixels + soft * (paint.astype(np.float32) - pixels)).astype(np.uint8)

    return draw


def _follow(finder: Any, style: Any, frames: list[Any]) -> dict[str, float]:
    from generation.engines.retouch.engine import RetouchEngine
    from generation.engines.retouch.live import Live
    from generation.job import Job
    from generation.photo import Photo

    with Live(finder, style) as live:
        timed = _timed(live.draw, frames)
    engine, job = RetouchEngine(finder), Job("bench", style, (b"",), style.strength, 0)
    started = perf_counter()
    for frame in frames[:ALONE]:
        engine.render(job, (Photo(frame),), lambda share: None)
    return {**timed, "alone_fps": ALONE / (perf_counter() - started)}


def _timed(draw: Callable[[Any], object], frames: list[Any]) -> dict[str, float]:
    for frame in frames[:WARM]:
        draw(frame)
    started, busy, times = perf_counter(), process_time(), []
    for frame in frames[WARM:]:
        begun = perf_counter()
        draw(frame)
        times.append(1000 * (perf_counter() - begun))
    count = len(frames) - WARM
    return {
        "fps": count / (perf_counter() - started),
        "cpu_ms": 1000 * (process_time() - busy) / count,
        "slowest_ms": max(times),
    }


def _print(result: dict[str, Any]) -> None:
    print(f"{'640x480, two cores':<22}{'frames/s':>10}{'CPU ms/frame':>14}{'slowest ms':>12}{'drawn alone':>13}")
    plain = result["plain"]
    print(f"{'plain flat colours':<22}{plain['fps']:>10.1f}{plain['cpu_ms']:>14.1f}{plain['slowest_ms']:>12.0f}")
    for name, row in result["styles"].items():
        alone = f"{row['fps'] / row['alone_fps']:>12.1f}x"
        print(f"{name:<22}{row['fps']:>10.1f}{row['cpu_ms']:>14.1f}{row['slowest_ms']:>12.0f}{alone}")
    rates = [row["fps"] for row in result["styles"].values()]
    print(
        f"median {statistics.median(rates):.1f}, least {min(rates):.1f} frames/s = {min(rates) / TARGET:.2f} of the "
        f"target; {sum(rate >= TARGET for rate in rates)} of {len(rates)} styles reach it; median "
        f"{statistics.median(rates) / plain['fps']:.2f} of the plain filter"
    )


if __name__ == "__main__":
    main()
