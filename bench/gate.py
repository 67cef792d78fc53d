"""What the photo gate says to a folder of photos, and how long intake, faces and gate take.

    python -m bench.gate FOLDER

Prints each refusal, then counts and times. Knows no style.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter
from pathlib import Path

from generation.errors import PhotoError
from generation.face.finder import FaceFinder
from generation.face.gate import choose_face
from generation.face.models import default_folder
from generation.photo import read_photo


def judge(finder: FaceFinder, file: Path) -> tuple[str, tuple[str, ...], list[float]]:
    """A file's verdict ("passes", or the error's name and numbers), its notes, and ms for each stage it reached."""
    marks = [time.perf_counter()]
    try:
        pixels = read_photo(file.read_bytes()).pixels
        marks.append(time.perf_counter())
        faces = finder.find(pixels)
        marks.append(time.perf_counter())
        _, notes = choose_face(pixels, faces)
        marks.append(time.perf_counter())
        verdict = "passes"
    except PhotoError as error:
        verdict, notes = " ".join([type(error).__name__, *map(str, error.args)]), ()
    return verdict, notes, [1000 * (after - before) for before, after in zip(marks, marks[1:], strict=False)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    files = sorted(file for file in parser.parse_args().folder.rglob("*") if file.is_file())
    finder = FaceFinder(default_folder()).load()
    verdicts: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    times: list[list[float]] = []
    for file in files:
        verdict, said, stages_ms = judge(finder, file)
        if verdict != "passes":
            print(f"{verdict:22} {file}")
        verdicts[verdict] += 1
        notes.update(said)
        times.append(stages_ms)
    print(*(f"{count:5} {verdict}" for verdict, count in verdicts.most_common()), sep="\n")
    print("notes:", ", ".join(f"{count} {note}" for note, count in notes.most_common()) or "none")
    for stage, name in enumerate(("intake", "faces", "gate")):
        reached = [each[stage] for each in times if len(each) > stage]
        if reached:
            print(f"{name}: median {statistics.median(reached):.1f} ms, worst {max(reached):.1f} ms, {len(reached)}")


if __name__ == "__main__":
    main()
