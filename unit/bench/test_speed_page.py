"""The page about speed names the limits that the measurements hold."""

import re

from bench import bars
from bench.imports import report
from unit.documents import rows, section


def test_the_limits_of_the_measurements_are_those_of_the_code() -> None:
    lists, others = re.split(r"^Everything else:$", section("docs/speed.md", "The limits"), flags=re.M)
    (_, small, large, peers, *postgresql), *_ = rows(lists)
    growth, share = list(bars.GROWTH.values()), f"{bars.PAGE_SHARE:.2f}, searches {bars.SEARCH_SHARE:.2f}"
    assert [small, large, peers] == postgresql == [*map(str, growth), share]
    limits = [float(re.findall(r"[\d.]+", row[1])[0]) for row in rows(others)]
    expected = [bars.SMALL_SHARE, bars.RATE, bars.RATE, bars.MEMORY_MB, bars.MEMORY_MB, bars.EXPORT_RATE]
    assert limits == [*expected, bars.EXPORT_MB, *[bars.WRITE] * 3, bars.RECORDED]


def test_the_limits_of_imports_are_those_of_the_code() -> None:
    text = section("docs/speed.md", "Imports")
    found = [[float(figure) for figure in re.findall(r"[\d.]+", row[1])] for row in rows(text)]
    undo = [*report.UNDO_IMPORT_RATE.values()]
    rates = [report.DJANGO_RATE, report.OTHERS_RATE, report.CHECK_RATE, report.UNDO_RATE]
    assert found == [*([rate] for rate in rates), undo]
    assert f"below {report.MEMORY_MB} MB" in text
    assert f"up to {report.LIST_GROWTH} times" in text
