"""What the chat platforms take, against the tests' fake servers on this machine, and an echo bot on the same library.

    python -m bench.platforms [--quick] [--only telegram discord web] [--crowd 1000] [--kills 5] [--arrive-s 190]

Rates: one platform at a time, the bot a process of its own. Texts all at once from a hundred people, then photos all at
once, through the real worker with tests/engines/instant.py in it. Telegram's own limit of 30 messages a second is off.
Crowd: all platforms at once, everything as in life, Telegram's limit on; see bench/platforms_crowd.py.
"""

import argparse
import asyncio
import io
import logging
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from bench.platforms_crowd import Crowd, crowd
from bench.platforms_people import WORLDS
from bench.platforms_rates import Rates, measure

TAKEN, CPU_MS, PICTURES, P99_S = 300, 5.0, 30, 1.0
FULL, QUICK = (1000, 200), (200, 40)
"""Texts and photos."""


def main() -> None:
    options = _options()
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # the lines we cut are no news
    photo = selfie()
    with tempfile.TemporaryDirectory() as folder:
        if not options.no_rates:
            asyncio.run(_rates(Path(folder), photo, options))
        if options.crowd:
            found = asyncio.run(crowd(Path(folder), photo, options.crowd, options.kills, options.arrive_s))
            _print_crowd(found, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer of everything, in less than a minute")
    parser.add_argument("--only", nargs="+", default=[world.name for world in WORLDS], help="rates of these alone")
    parser.add_argument("--no-rates", action="store_true")
    parser.add_argument("--crowd", type=int, help="people at each platform; 0: no crowd")
    parser.add_argument("--kills", type=int)
    parser.add_argument("--arrive-s", type=float, help="the time over which they come")
    options = parser.parse_args()
    for name, quick, full in (("crowd", 40, 1000), ("kills", 1, 5), ("arrive_s", 8.0, 190.0)):
        if getattr(options, name) is None:
            setattr(options, name, quick if options.quick else full)
    return options


async def _rates(folder: Path, photo: bytes, options: argparse.Namespace) -> None:
    texts, photos = QUICK if options.quick else FULL
    print(f"{texts} texts, {photos} photos                        bot     echo    ratio   target")
    for world in WORLDS:
        if world.name in options.only:
            ours, theirs = await measure(world, folder, photo, texts, photos)
            _print_rates(world.name, ours, theirs)


def _print_rates(name: str, ours: Rates, theirs: Rates) -> None:
    own = ours.cpu_text - theirs.cpu_text
    lines = (
        ("texts committed/s", ours.taken, theirs.answered, f">= {TAKEN} {_verdict(ours.taken >= TAKEN)}"),
        ("texts answered/s", ours.answered, theirs.answered, ""),
        ("CPU per text, ms", ours.cpu_text, theirs.cpu_text, f"own {own:.1f} < {CPU_MS:.0f} {_verdict(own < CPU_MS)}"),
        ("pictures/s", ours.pictures, theirs.pictures, f">= {PICTURES} {_verdict(ours.pictures >= PICTURES)}"),
        ("CPU per picture, ms", ours.cpu_picture, theirs.cpu_picture, ""),
    )
    for what, mine, echo, target in lines:
        ratio = mine / echo if echo else 0.0
        print(f"{name:9} {what:24} {mine:9.1f} {echo:9.1f} {ratio:8.2f}   {target}", flush=True)


def _print_crowd(found: Crowd, options: argparse.Namespace) -> None:
    down = sum(up - down for down, up in found.outages)
    print(
        f"\ncrowd: {options.crowd} people at each platform over {options.arrive_s:.0f} s, "
        f"{len(found.outages)} SIGKILLs, {down:.1f} s down, {found.seconds:.0f} s until the last picture"
    )
    for name in found.faults:
        _print_visits(name, found)


def _print_visits(name: str, found: Crowd) -> None:
    visits, waits, faults = found.of(name), found.waits(name), Counter(met.kind for met in found.faults[name])
    lost = sum(not visit.pictures for visit in visits)
    double = sum(max(0, visit.pictures - visit.guest.sends) for visit in visits)
    again = sum(visit.guest.sends - 1 for visit in visits if visit.guest.sends)
    strays = sum(max(0, visit.strays) for visit in visits)
    p50, p99 = (waits[int(len(waits) * share)] if waits else 0.0 for share in (0.5, 0.99))
    draws = sorted(visit.drawn - visit.sent for visit in visits if visit.drawn)
    drawn = draws[len(draws) // 2] if draws else 0.0
    print(
        f"{name:9} lost {lost} {_verdict(not lost)}, double {double} {_verdict(not double)}, "
        f"placeholder p50 {p50:.2f} p99 {p99:.2f} s {_verdict(p99 < P99_S)} ({len(waits)} while alive), "
        f"picture p50 {drawn:.2f} s\n"
        f"{'':9} sent again {again}, stray placeholders {strays}; "
        f"faults {sum(faults.values())}: {', '.join(f'{kind} {n}' for kind, n in sorted(faults.items()))}"
    )
    for visit, faults_met in found.slow(name, P99_S):
        why = ", ".join(f"{met.kind} at {met.what} {met.at - visit.sent:+.2f} s" for met in faults_met)
        print(f"{'':9} waited {visit.heard - visit.sent:.2f} s: {why or 'no fault met'}")


def _verdict(holds: bool) -> str:
    return "ok" if holds else "MISSED"


def selfie() -> bytes:
    """A JPEG of 320 by 400 px in many colours."""
    x, y = np.meshgrid(np.arange(320), np.arange(400))
    pixels = np.stack([x % 256, y % 256, (x + y) % 256], axis=-1).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=88)
    return file.getvalue()


if __name__ == "__main__":
    main()
