"""The measurement of pictures: figures of one file, and a status that says whether they are within limits."""

from pathlib import Path

import pytest
from PIL import Image

from bench import pictures
from bench.pictures import LIMITED, in_own_process, main


def test_figures_of_a_picture_are_seconds_and_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "photo"
    Image.effect_noise((1500, 1000), 80).convert("RGB").save(file, "JPEG")
    found = in_own_process(file, 2)
    assert 0 < found["of processor"] <= found["seconds"] * 1.5 < 60
    assert found["megabytes"] > 3
    assert found["wait"] >= 0


@pytest.mark.parametrize(("seconds", "megabytes", "status"), [(0.9, 119, 0), (1.1, 80, 1), (0.5, 121, 1)])
def test_status_says_whether_a_jpeg_is_within_its_limits(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seconds: float,
    megabytes: float,
    status: int,
) -> None:
    found = {"seconds": 9.0, "of processor": seconds, "megabytes": megabytes, "wait": 0.01}
    monkeypatch.setattr(pictures, "photo", lambda: Image.new("RGB", (9, 9)))
    monkeypatch.setattr(pictures, "in_own_process", lambda file, rounds: found)
    assert main([]) == status
    assert f"| {LIMITED} | 0.0 | 9.00 | {seconds:.2f} | {megabytes} | 10 |" in capsys.readouterr().out
