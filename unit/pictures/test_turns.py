"""One picture is decoded at a time, in little memory; others wait for their turn, but not for ever."""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from PIL import Image

from dashboard.pictures import reading
from dashboard.pictures.reading import Picture, read_picture
from dashboard.refusal import Refusal
from unit.pictures.images import encoded, looks_right, quarters, taken

ROOT = Path(__file__).resolve().parents[2]
MEASURED = r"""
import io, re, sys
from pathlib import Path
from PIL import Image
from dashboard.pictures.reading import read_picture

def peak():
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])

warm = io.BytesIO()
Image.new("RGB", (9, 9)).save(warm, "PNG")
read_picture(warm)
content = Path(sys.argv[1]).read_bytes()
before = peak()
read_picture(io.BytesIO(content))
print(peak() - before)
"""
MEGABYTES = 120


class Gate(io.BytesIO):
    """A file that is not read until it is opened."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.reached, self.opened = Event(), Event()

    def read(self, size: int | None = -1, /) -> bytes:
        self.reached.set()
        assert self.opened.wait(30)
        return super().read(size)


@pytest.fixture
def busy() -> Iterator[list[Picture]]:
    """Another request decodes a picture until the test ends; then the list has what it got."""
    gate, done = Gate(encoded(quarters())), list[Picture]()
    other = Thread(target=lambda: done.append(read_picture(gate)))
    other.start()
    assert gate.reached.wait(30)
    yield done
    gate.opened.set()
    other.join(30)
    assert done and looks_right(done[0])


@pytest.mark.usefixtures("busy")
def test_picture_that_waits_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0.05)
    with pytest.raises(Refusal, match="Too many images are being uploaded"):
        taken(encoded(quarters()))


def test_refused_picture_gives_its_turn_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0.05)
    for _ in range(3):
        with pytest.raises(Refusal):
            taken(b"no picture")
    assert looks_right(taken(encoded(quarters())))


@pytest.mark.skipif(sys.platform != "linux", reason="it reads the peak of its memory from Linux")
def test_large_jpeg_takes_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "photo"
    noise = Image.effect_noise((750, 500), 80).resize((6000, 4000))
    file.write_bytes(encoded(noise.convert("RGB"), "JPEG", quality=90))
    told = subprocess.check_output([sys.executable, "-c", MEASURED, str(file)], cwd=ROOT, text=True)
    assert 20_000 < int(told) < MEGABYTES * 1000
