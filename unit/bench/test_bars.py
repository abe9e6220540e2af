import pytest

from bench.bars import Bar, bars
from bench.consoles import MODULES, OURS
from bench.measure import Figures, Place, complaints
from bench.pages import MIDDLE, OPERATIONS
from bench.report import text
from bench.run import Run


def run(*, ours: float, complaint: str = "") -> Run:
    """A run in which every peer takes 100 ms for every page at both sizes, and ours so many."""
    found = Run("SQLite 3")
    for count in (10_000, 1_000_000):
        for name in MODULES:
            mine = name == OURS
            place, seconds = Place(count, name), (ours if mine else 100) / 1000
            skus = ("BTH-00000001",)
            found.results[place] = {
                page: Figures(1024, skus, complaint if mine else "", [seconds]) for page in OPERATIONS
            }
            found.rates[place] = 1 / seconds
            found.memory[place] = {"peak": 100.0, "now": 90.0}
            found.exports[place] = {"rows": 1000.0, "seconds": seconds, "growth": 5.0}
    found.writes = {"insert one": (0.003, 0.002)}
    return found


@pytest.mark.parametrize(
    ("value", "is_least", "verdict"),
    [(1.9, False, "met"), (2.1, False, "MISSED"), (2.1, True, "met"), (1.9, True, "MISSED")],
)
def test_a_bar_is_met_on_the_right_side_of_its_limit(value: float, is_least: bool, verdict: str) -> None:
    assert str(Bar("writes", value, 2, is_least)).endswith(f": {verdict}")


def test_a_console_that_is_twenty_times_as_fast_meets_every_bar() -> None:
    found = bars(run(ours=5))
    assert len(found) == 1 + 2 + 2 * len(OPERATIONS) + 1 + 2 + 1
    assert all(bar.is_met for bar in found)


def test_a_console_that_is_ten_times_as_fast_misses_the_searches() -> None:
    missed = [bar.name for bar in bars(run(ours=10)) if not bar.is_met]
    assert len(missed) == 3
    assert all("search" in name for name in missed)


def test_ours_may_be_alone_in_the_largest_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.report.title", str)
    found = run(ours=5)
    for place in [place for place in found.results if place.count == 1_000_000 and place.name != OURS]:
        for figures in (found.results, found.rates, found.memory):
            del figures[place]
    judged = bars(found)
    assert len(judged) == 1 + 1 + len(OPERATIONS) + 1 + 2 + 1
    assert "fastest peer" not in text(found).partition("1,000,000")[2]


def test_a_page_that_is_not_what_was_asked_for_misses_its_bar_however_fast() -> None:
    found = [str(bar) for bar in bars(run(ours=1, complaint="answered 404 with 0 products, not 50"))]
    assert any("fastest peer" in bar and "MISSED answered 404" in bar for bar in found)


def test_consoles_that_show_different_products_are_named() -> None:
    found = run(ours=5)
    assert not list(complaints(found.results))
    found.results[Place(10_000, OURS)][MIDDLE].skus = ("BTH-00000002",)
    assert len(list(complaints(found.results))) == 1


def test_the_report_has_a_line_for_every_console_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.report.title", str)
    printed = text(run(ours=5))
    for name in MODULES:
        assert f"10,000     {name}" in printed
        assert f"1,000,000  {name}" in printed
    assert "MISSED" not in printed
