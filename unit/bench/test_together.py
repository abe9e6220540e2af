"""The measurement of very many changes at once makes every change, and leaves the history whole."""

from pathlib import Path

from bench.together import STEPS, measure


def test_each_step_over_many_products_is_made_and_timed(tmp_path: Path) -> None:
    found = [*measure(f"sqlite:///{tmp_path / 'together.sqlite3'}", 40, tmp_path / "instance")]
    assert [name for name, _ in found] == [name for name, _ in STEPS]
    assert all(seconds > 0 for _, seconds in found)
