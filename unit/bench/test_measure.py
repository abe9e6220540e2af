from pathlib import Path

import pytest

from bench import ours
from bench.consoles import OURS
from bench.measure import Place, working


def test_a_console_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database_url = f"sqlite:///{tmp_path / 'catalogue.sqlite3'}"
    ours.fill(database_url, 60)
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    with working({Place(60, OURS): database_url}) as [worker]:
        assert worker.do("look", page="list")["status"] == 200
        assert [*folder.iterdir()]
    assert not [*folder.iterdir()]
