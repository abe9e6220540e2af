"""Measure how long the console takes to make its three WebP of a large picture, and in how much memory.

Each file is read in a process of its own. `PROCESS` reads one and prints the figures as JSON.
"""

from __future__ import annotations

import argparse
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep, thread_time
from typing import Any

from PIL import Image

from bench.memory import forget_peak, megabytes
from dashboard.pictures.reading import read_picture

WIDTH, HEIGHT = 6000, 4000
KINDS: dict[str, dict[str, Any]] = {
    "JPEG": {"format": "JPEG", "quality": 90},
    "JPEG, progressive": {"format": "JPEG", "quality": 90, "progressive": True},
    "JPEG, progressive, 4:4:4": {"format": "JPEG", "quality": 90, "progressive": True, "subsampling": 0},
    "PNG": {"format": "PNG", "compress_level": 1},
    "WebP": {"format": "WEBP", "quality": 80, "method": 0},
}
LIMITED = "JPEG"
MOST_SECONDS, MOST_MEGABYTES = 1.0, 120.0
TICK = 0.002
READ = "--read"
HEADINGS = "file, MB | seconds | of the processor | MB above idle | another thread waits, ms"


def photo() -> Image.Image:
    """A picture of 24 megapixels with as much in it as a photo, which is hard to compress."""
    noise = (Image.effect_noise((WIDTH // 8, HEIGHT // 8), 80) for _ in "RGB")
    bands = [each.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC) for each in noise]
    return Image.merge("RGB", bands)


def figures(file: Path, rounds: int) -> dict[str, float]:
    """Seconds for one picture, MB above those before the first, and what another thread waits at most."""
    content = file.read_bytes()
    warm = io.BytesIO()
    Image.new("RGB", (9, 9)).save(warm, "PNG")
    read_picture(warm)
    before = megabytes()["now"]
    forget_peak()
    with longest_wait() as waits:
        seconds, of_processor = zip(*(taken(content) for _ in range(rounds)), strict=True)
    return {
        "seconds": median(seconds),
        "of processor": median(of_processor),
        "megabytes": megabytes()["peak"] - before,
        "wait": max(waits),
    }


def taken(content: bytes) -> tuple[float, float]:
    """The seconds that a picture takes, and those of the processor, which may have other work too."""
    begun, processor_begun = perf_counter(), thread_time()
    read_picture(io.BytesIO(content))
    return perf_counter() - begun, thread_time() - processor_begun


@contextmanager
def longest_wait() -> Iterator[list[float]]:
    """Collect the seconds by which another thread is late that wants to run all the time."""
    waits, ended = [0.0], threading.Event()

    def tick() -> None:
        while not ended.is_set():
            begun = perf_counter()
            sleep(TICK)
            waits.append(perf_counter() - begun - TICK)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        yield waits
    finally:
        ended.set()
        thread.join()


def in_own_process(file: Path, rounds: int) -> dict[str, float]:
    """The figures of a file, measured in a new process."""
    command = [sys.executable, "-m", "bench.pictures", READ, str(file), "--rounds", str(rounds)]
    found: dict[str, float] = json.loads(subprocess.check_output(command, text=True))
    return found


def main(arguments: list[str]) -> int:
    """Print a row for each kind of file; 1 where a usual JPEG is beyond its limits."""
    parser = argparse.ArgumentParser(prog="bench.pictures")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(READ, type=Path)
    asked = parser.parse_args(arguments)
    if asked.read:
        print(json.dumps(figures(asked.read, asked.rounds)))
        return 0
    image, results = photo(), dict[str, dict[str, float]]()
    print(f"| {WIDTH} x {HEIGHT} | {HEADINGS} |")
    print("|---|---|---|---|---|---|")
    with TemporaryDirectory() as folder:
        for name, options in KINDS.items():
            file = Path(folder, "photo")
            image.save(file, **options)
            got = results[name] = in_own_process(file, asked.rounds)
            size = file.stat().st_size / 1e6
            seconds = f"{got['seconds']:.2f} | {got['of processor']:.2f}"
            told = f"{seconds} | {got['megabytes']:.0f} | {got['wait'] * 1000:.0f}"
            print(f"| {name} | {size:.1f} | {told} |", flush=True)
    limited = results[LIMITED]
    return int(limited["of processor"] > MOST_SECONDS or limited["megabytes"] > MOST_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
