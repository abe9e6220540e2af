"""The counting of what a person does: each action once, and the figures of before beside those of now."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.tasks import report
from bench.tasks.__main__ import TASKS
from bench.tasks.desk import Desk, WrongEndError
from bench.tasks.person import Effort, Person
from unit.documents import table


class BrowserPage:
    """A page that takes everything that a person does, and tells how often it was loaded."""

    def __init__(self) -> None:
        self.keyboard = self
        self.done: list[str] = []
        self.on_load: Callable[[Any], None] | None = None

    def on(self, _event: str, told: Callable[[Any], None]) -> None:
        self.on_load = told

    def load(self) -> None:
        assert self.on_load
        self.on_load(self)

    def press(self, key: str) -> None:
        self.done.append(f"press {key}")

    def type(self, text: str) -> None:
        self.done.append(f"type {text}")

    def evaluate(self, _script: str, text: str) -> None:
        self.done.append(f"copy {text}")

    def click(self, click_count: int) -> None:
        self.done.append(f"click {click_count}")

    def drag_to(self, _end: Any) -> None:
        self.done.append("drag")

    def select_option(self, label: str) -> None:
        self.done.append(f"choose {label}")

    def set_input_files(self, file: Path) -> None:
        self.done.append(f"drop {file}")


@pytest.fixture
def page() -> BrowserPage:
    return BrowserPage()


@pytest.fixture
def person(page: BrowserPage) -> Person:
    return Person(page)


@pytest.mark.parametrize(
    ("act", "done", "effort"),
    [
        (lambda person, page: person.click(page), ["click 1"], Effort(clicks=1)),
        (lambda person, page: person.click(page, times=3), ["click 3"], Effort(clicks=3)),
        (lambda person, page: person.drag(page, page), ["drag"], Effort(clicks=2)),
        (lambda person, page: person.drop(Path("a.csv"), page), ["drop a.csv"], Effort(clicks=2)),
        (lambda person, page: person.choose("Decor", page), ["choose Decor"], Effort(clicks=2)),
        (lambda person, _: person.press("Tab", "Enter"), ["press Tab", "press Enter"], Effort(keys=2)),
        (lambda person, _: person.press("Control+k"), ["press Control+k"], Effort(keys=1)),
        (lambda person, _: person.type("79.90"), ["type 79.90"], Effort(texts=1)),
        (lambda person, _: person.paste("1\n2"), ["copy 1\n2", "press ControlOrMeta+v"], Effort(keys=1)),
        (lambda _, page: page.load(), [], Effort(loads=1)),
    ],
)
def test_each_action_is_done_and_counted(
    page: BrowserPage, person: Person, act: Callable[..., None], done: list[str], effort: Effort
) -> None:
    act(person, page)
    assert (page.done, person.effort) == (done, effort)


def test_page_loads_are_no_actions() -> None:
    assert Effort(clicks=2, keys=3, texts=4, loads=50).actions == 9


@pytest.mark.parametrize(("found", "faults"), [("draft", []), ("archived", ["ZeroDivisionError()"])])
def test_task_with_a_wrong_end_or_a_server_error_does_not_count(found: str, faults: list[str]) -> None:
    desk: Any = SimpleNamespace(served=SimpleNamespace(faults=faults))
    with pytest.raises(WrongEndError, match=r"draft|ZeroDivision"):
        Desk.expect(desk, found, "archived")


def test_text_is_replaced_in_its_column_alone(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    file.write_text('\ufeffname,description\n"Lamp, handmde",handmde\n', encoding="utf-8")
    person.replace_in_spreadsheet(file, "name", "handmde", "handmade")
    assert [*csv.reader(file.read_text().splitlines())][1] == ["Lamp, handmade", "handmde"]
    assert person.effort == Effort(clicks=1, keys=5, texts=2)


def test_kept_figures_are_read_again_as_they_were(tmp_path: Path) -> None:
    found = {"find, open": Effort(1, 2, 3, 4)}
    report.keep(found, "2026-11-29", tmp_path / "kept.csv")
    assert report.read(tmp_path / "kept.csv") == found


def test_table_has_the_figures_of_before_beside_those_of_now() -> None:
    before = {"find": Effort(clicks=9, texts=1, loads=3), "move": Effort(clicks=20)}
    found = report.text({"find": Effort(clicks=2, texts=2, loads=1), "new": Effort(clicks=30)}, before)
    head, find, new, *_, share, over = found.splitlines()
    assert head.split() == ["task", "clicks", "keys", "texts", "actions", "before", "loads", "before"]
    assert find.split() == ["find", "2", "0", "2", "4", "10", "1", "3"]
    assert new.split() == ["new", "30", "0", "0", "30", "0"]
    assert share == "actions in sum: 4, before 10: 0.40, at most 0.50: met"
    assert over == "more than 25 actions: new"


def test_more_than_half_of_before_is_a_missed_goal() -> None:
    found = report.text({report.BY_HAND: Effort(keys=81)}, {report.BY_HAND: Effort(keys=160)})
    assert "0.51, at most 0.50: missed" in found
    assert found.endswith("more than 25 actions: no task")


def test_all_tasks_have_figures_of_before() -> None:
    assert [*report.read()] == [*TASKS]


def documented() -> dict[str, list[int]]:
    """The figures that docs/speed.md has of each task, and their sums."""
    return {task: [*map(int, row)] for task, *row in table("docs/speed.md", "Tasks of a day")}


def test_documentation_has_the_figures_of_before() -> None:
    told = {task: (actions, loads) for task, (*_, actions, _, loads) in documented().items()}
    told.pop("in sum")
    assert told == {task: (effort.actions, effort.loads) for task, effort in report.read().items()}


def test_sums_in_the_documentation_are_those_of_its_rows() -> None:
    *tasks, total = documented().values()
    assert all(clicks + keys + texts == actions for clicks, keys, texts, actions, *_ in tasks)
    assert [*map(sum, zip(*tasks, strict=True))] == total
