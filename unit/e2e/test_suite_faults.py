"""The seeded faults fit the files that they spoil, name tests that exist, and are noticed if these fail."""

import re
from pathlib import Path

import pytest

from dashboard.web.assets import STATIC
from e2e.faults import FAULTS
from e2e.faulty import spoiled

ROOT = Path(__file__).resolve().parents[2]
PLACES = {"static": STATIC, "templates": ROOT / "templates"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_spoils_one_line_and_names_tests_that_exist(name: str) -> None:
    fault = FAULTS[name]
    folder, _, file = fault.file.partition("/")
    text = PLACES[folder].joinpath(file).read_text(encoding="utf-8")
    assert fault.spoil(text) != text
    assert fault.tests
    for test in fault.tests:
        path, _, case = test.partition("::")
        source = ROOT.joinpath("e2e", path).read_text(encoding="utf-8")
        assert re.search(rf"def {case.partition('[')[0] or 'test_'}\b" if case else "def test_", source)


@pytest.mark.parametrize("times", [0, 2])
def test_line_that_does_not_occur_exactly_once_is_refused(times: int) -> None:
    fault = next(iter(FAULTS.values()))
    with pytest.raises(ValueError, match=r"times$"):
        fault.spoil(fault.old * times)


@pytest.mark.parametrize(
    ("place", "address"),
    [("static/styles/", "/static/console."), ("static/scripts/celleditor.js", "/static/inline.")],
)
def test_a_fault_is_put_into_what_is_sent_and_not_into_the_file(place: str, address: str) -> None:
    fault = next(each for each in FAULTS.values() if each.file.startswith(place))
    sent = spoiled(fault)
    assert any(usual.startswith(address) for usual in sent)
    assert all(fault.new in asset.contents[""].decode() for asset in sent.values())
    assert fault.old in STATIC.parent.joinpath(fault.file).read_text(encoding="utf-8")
