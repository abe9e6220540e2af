"""Each key that becomes an option of pytest or a plugin, and who wins where several speak."""

from pathlib import Path

import pytest

from dashboard.testing.harness.config import Project, parse
from dashboard.testing.harness.options import per_project, resolve, shard

ROOT = Path("/project")


@pytest.mark.parametrize(
    ("config", "option", "value"),
    [
        ({"outputDir": "out"}, "output", "/project/out"),
        ({"maxFailures": 3}, "maxfail", 3),
        ({"workers": 4}, "numprocesses", 4),
        ({"reportSlowTests": {"max": 5, "threshold": 1500}}, "durations", 5),
        ({"reportSlowTests": {"max": 5, "threshold": 1500}}, "durations_min", 1.5),
        ({"reporter": [["list"]]}, "verbose", 1),
        ({"reporter": [["dot"], ["junit", {"outputFile": "j.xml"}]]}, "xmlpath", "/project/j.xml"),
        ({"timeout": 9}, "test_timeout", 9),
        ({"globalTimeout": 8}, "global_timeout", 8),
        ({"repeatEach": 7}, "repeat_each", 7),
        ({"shard": {"current": 2, "total": 6}}, "shard", (2, 6)),
        ({"forbidOnly": True}, "forbid_only", True),
        ({"webServer": {"command": "x", "url": "http://localhost:1"}}, "base_url", "http://localhost:1"),
        ({"projects": [{"name": "a"}, {"name": "b"}]}, "browser", ["a", "b"]),
    ],
)
def test_a_key_sets_its_option_and_an_explicit_option_wins(config: dict, option: str, value: object) -> None:
    suite = parse(config, ROOT)
    assert resolve(suite, {})[option] == value
    assert resolve(suite, {option: ["explicit"]})[option] == ["explicit"]


def test_absent_key_leaves_the_default_of_its_plugin() -> None:
    assert resolve(parse({}, ROOT), {}) == {"output": "/project/test-results", "browser": ["chromium"]}


@pytest.mark.parametrize("key", ["trace", "screenshot", "video"])
def test_command_line_overrides_the_recording_of_a_project(key: str) -> None:
    option = {"trace": "tracing"}.get(key, key)
    assert per_project(Project("a"), {})[option] == "off"
    assert per_project(Project("a", {key: "on"}), {})[option] == "on"
    assert per_project(Project("a", {key: "on"}), {option: "off"})[option] == "off"


def test_chosen_projects_replace_all_of_them() -> None:
    suite = parse({"projects": [{"name": "a"}, {"name": "b"}]}, ROOT)
    assert resolve(suite, {"project": ["b"]})["browser"] == ["b"]


@pytest.mark.parametrize("text", ["0/3", "4/3", "2", "a/b", "/"])
def test_invalid_shard_is_refused(text: str) -> None:
    with pytest.raises(Exception, match="must look like 1/3"):
        shard(text)
