"""The invisible mark in figures: what it survives, what it costs, whom it accuses wrongly; and a well-known library.

    python bench/label.py [--pictures FOLDER] [--count 60] [--styles 24] [--unmarked 1000] [--library 60] [--quick]

Beside it stands invisible-watermark's dwtDctSvd with the same 64 bits, on the same pictures through the same attacks,
if that package is installed (`pip install --no-deps invisible-watermark PyWavelets` beside torch; it is no part of
this project). Portraits of a folder of yours say more than scikit-image's pictures. Times are processor times of one
thread; on a busy machine even those come out too long.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

import cv2
import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench.label_attacks import DISCORD, HARDER, PROMISED, STRETCH, copy_mark, crop, jpeg, screenshot  # noqa: E402
from bench.label_pictures import pictures_to_mark, unmarked_pictures  # noqa: E402
from generation.label.mark.bind import map_picture, match_picture  # noqa: E402
from generation.label.mark.tilemark import TileMark  # noqa: E402
from generation.label.mark.watermarker import IDS, Payload  # noqa: E402

SECRET = bytes(range(32))
QUICK = ("as it is", "JPEG 50", "Telegram, 1280 px", "cropped by 20%", "turned by 3 degrees", "screenshot", DISCORD)
LEAST = dict.fromkeys(PROMISED, 0.99) | {DISCORD: 0.9, STRETCH: 0.95}
Library = Callable[[np.ndarray], bool]


@dataclass
class Tally:
    """What was seen, attack by attack."""

    exact: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    same: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    library: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    wrong: int = 0
    failed: list[str] = field(default_factory=list)
    shares: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    psnr: list[float] = field(default_factory=list)
    ssim: list[float] = field(default_factory=list)


def main() -> None:
    options = _options()
    cv2.setNumThreads(1)
    mark, tally = TileMark(SECRET), Tally()
    attacks = {name: attack for name, attack in (PROMISED | HARDER).items() if not options.quick or name in QUICK}
    before = None
    pictures = pictures_to_mark(options.pictures, options.count, options.side, options.styles)
    for number, (name, pixels) in enumerate(pictures):
        payload = Payload(0, int(np.random.default_rng(number).integers(IDS)))
        marked = _timed(tally, "embed", lambda p=pixels, load=payload: mark.embed(p, load))
        _quality(tally, pixels, marked)
        issued, record = jpeg(marked, 92), map_picture(marked)
        library = _library(pixels, tally) if number < options.library else None
        for title, attack in attacks.items():
            received = attack(issued, np.random.default_rng(number))
            _ask(tally, mark, name, title, received, payload, record)
            if library:
                marked_by_it, check = library
                tally.library[title].append(check(attack(jpeg(marked_by_it, 92), np.random.default_rng(number))))
        if before is not None:
            _copy(tally, mark, issued, before, payload, record, number)
        before = pixels
        print(f"\r{number + 1} {name[:60]:60}", end="", file=sys.stderr, flush=True)
    alarms = _alarms(tally, mark, options)
    _print(tally, alarms, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, help="a folder of portraits; scikit-image's own without one")
    parser.add_argument("--count", type=int, default=60, help="of portraits, flat art, text and night, mixed")
    parser.add_argument("--styles", type=int, default=24, help="of the catalogue's styles, evenly chosen")
    parser.add_argument("--side", type=int, default=1080, help="of the short side, in px")
    parser.add_argument("--unmarked", type=int, default=1000)
    parser.add_argument(
        "--library", type=int, default=60, help="pictures for the library, which is slow: a second an attack"
    )
    parser.add_argument("--quick", action="store_true", help="seven attacks only")
    return parser.parse_args()


def _timed(tally: Tally, what: str, work: Callable[[], object]) -> object:
    started = process_time()
    made = work()
    tally.ms[what].append(1000 * (process_time() - started))
    return made


def _quality(tally: Tally, pixels: np.ndarray, marked: np.ndarray) -> None:
    from skimage.metrics import structural_similarity

    error = float(np.mean((pixels.astype(np.float64) - marked) ** 2))
    tally.psnr.append(10 * np.log10(255**2 / error))
    grey = [cv2.cvtColor(each, cv2.COLOR_RGB2GRAY) for each in (pixels, marked)]
    tally.ssim.append(float(structural_similarity(*grey)))


def _ask(
    tally: Tally, mark: TileMark, name: str, title: str, received: np.ndarray, payload: Payload, record: bytes
) -> None:
    started = process_time()
    found = mark.find(received)
    took = 1000 * (process_time() - started)
    exact = bool(found) and found[0].payload == payload
    tally.exact[title].append(exact)
    tally.ms["found" if found else "missed"].append(took)
    tally.wrong += bool(found) and not exact
    if exact:
        match = match_picture(record, received, found[0])
        tally.same[title].append(match.same)
        tally.shares[title].append(match.share)
    if not exact or not tally.same[title][-1]:
        tally.failed.append(f"{title}: {name}" + (" (found, but not taken for the same picture)" if exact else ""))


def _copy(
    tally: Tally, mark: TileMark, issued: np.ndarray, onto: np.ndarray, payload: Payload, record: bytes, number: int
) -> None:
    """The mark of this picture, on the one before it; as it is, cut, and on a screenshot."""
    forged = copy_mark(issued, onto)
    rng = np.random.default_rng(number)
    for each in (forged, crop(forged, 0.2, rng), screenshot(forged, rng)):
        found = mark.find(each)
        if found and found[0].payload == payload:
            match = match_picture(record, each, found[0])
            tally.same["copied"].append(match.same)
            tally.shares["copied"].append(match.share)


def _alarms(tally: Tally, mark: TileMark, options: argparse.Namespace) -> list[str]:
    """The names of unmarked pictures in which a mark was found."""
    alarms = []
    for number, (name, pixels) in enumerate(unmarked_pictures(options.pictures, options.unmarked)):
        if _timed(tally, "nothing" if min(pixels.shape[:2]) == 1080 else "other", lambda p=pixels: mark.find(p)):
            alarms.append(name)
        print(f"\runmarked {number + 1:60}", end="", file=sys.stderr, flush=True)
    return alarms


def _library(pixels: np.ndarray, tally: Tally) -> tuple[np.ndarray, Library] | None:
    """The picture marked by invisible-watermark, and a function that says whether it still reads the 64 bits."""
    try:
        from imwatermark import WatermarkDecoder, WatermarkEncoder
    except ImportError:
        return None
    bits = np.random.default_rng(len(tally.psnr)).integers(0, 2, 64).tolist()
    encoder = WatermarkEncoder()
    encoder.set_watermark("bits", bits)
    bgr = np.ascontiguousarray(pixels[..., ::-1])
    marked = _timed(tally, "library embed", lambda: encoder.encode(bgr, "dwtDctSvd"))
    decoder = WatermarkDecoder("bits", 64)

    def check(received: np.ndarray) -> bool:
        """It looks for no size, so it is told the right one: as received, or as it was issued."""
        as_issued = cv2.resize(received, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_CUBIC)
        return any(reads(np.ascontiguousarray(each[..., ::-1])) for each in (as_issued, received))

    def reads(received: np.ndarray) -> bool:
        if received.shape[0] * received.shape[1] < 256 * 256:
            return False  # it refuses smaller pictures
        read = _timed(tally, "library read", lambda: decoder.decode(received, "dwtDctSvd"))
        return np.array_equal(np.asarray(read).astype(int), bits)

    return np.ascontiguousarray(np.asarray(marked)[..., ::-1]), check


def _print(tally: Tally, alarms: list[str], options: argparse.Namespace) -> None:
    if tally.psnr:
        _print_attacks(tally)
    print(
        f"wrong ids {tally.wrong}; marks found in {len(alarms)} of {options.unmarked} unmarked pictures {alarms or ''}"
    )
    for what, ms in tally.ms.items():
        print(f"{what:14} median {np.median(ms):6.0f} ms, 95% {np.quantile(ms, 0.95):6.0f}, most {max(ms):6.0f}")
    print("\n".join(["", *tally.failed]))


def _print_attacks(tally: Tally) -> None:
    print(f"\n\n{'exact id after':34}{'found':>14}{'promised':>10}{'same picture':>16}{'dwtDctSvd':>14}")
    for title, exact in tally.exact.items():
        short = " <-" if title in LEAST and np.mean(exact) < LEAST[title] else ""
        promised = f"{LEAST[title]:.0%}" if title in LEAST else ""
        print(f"{title:34}{_share(exact):>14}{promised:>10}{_share(tally.same[title]):>16}", end="")
        print(f"{_share(tally.library[title]):>14}{short}")
    everything, same, library = (
        [each for title in PROMISED for each in answers[title]] for answers in (tally.exact, tally.same, tally.library)
    )
    print(f"{'all promised ones':34}{_share(everything):>14}{'99%':>10}{_share(same):>16}{_share(library):>14}")
    if not library:
        print("invisible-watermark is not installed, so nothing stands beside.")
    refused = [not same for same in tally.same["copied"]]
    print(
        f"\ncopied marks refused {_share(refused)}; they agree in {max(tally.shares['copied'], default=0):.2f} at most"
    )
    print(f"PSNR mean {np.mean(tally.psnr):.1f}, least {min(tally.psnr):.1f} dB;", end=" ")
    print(f"SSIM mean {np.mean(tally.ssim):.4f}, least {min(tally.ssim):.4f}")


def _share(answers: list[bool]) -> str:
    return f"{sum(answers)}/{len(answers)} {np.mean(answers):4.0%}" if answers else "-"


if __name__ == "__main__":
    main()
