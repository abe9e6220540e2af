"""The shapes of playwright.config.py: what is refused, with one line, and what is read."""

from pathlib import Path

import pytest

from dashboard.testing.harness.config import ConfigError, load, parse

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"testdir": "e2e"}, "config.testdir is unknown"),
        ({"use": {"treace": "on"}}, "config.use.treace is unknown"),
        ({"expect": {"time": 1}}, "config.expect.time is unknown"),
        ({"projects": [{"name": "a", "uses": {}}]}, "config.projects[0].uses is unknown"),
        (
            {"projects": [{"name": "a", "use": {"colour": "dark"}}]},
            "config.projects[0].use.colour is unknown",
        ),
        ({"use": {"launchOptions": {"headles": True}}}, "config.use.launchOptions.headles is unknown"),
        ({"webServer": {"cmd": "x"}}, "config.webServer.cmd is unknown"),
        ({"reporter": [["html"]]}, "config.reporter[0] must be one of dot, list, junit, not 'html'"),
        ({"reporter": [["junit", {"file": "x"}]]}, "config.reporter[0].file is unknown"),
    ],
)
def test_unknown_key_is_refused_by_its_full_name(config: dict, named: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse(config, ROOT)
    assert named in str(refusal.value)


@pytest.mark.parametrize(
    ("config", "why"),
    [
        (None, "config must be dict, not None"),
        ({"timeout": "30s"}, "config.timeout must be int, not '30s'"),
        ({"timeout": True}, "config.timeout must be int, not True"),
        ({"workers": 1.5}, "config.workers must be int or str, not 1.5"),
        ({"retries": 2}, "config.retries must be 0"),
        ({"shard": {"current": 4, "total": 3}}, "current must lie between 1 and total"),
        ({"projects": [{"use": {}}]}, "config.projects[0].name is missing"),
        ({"projects": [{"name": "a"}, {"name": "a"}]}, "every name must be unique"),
        ({"reporter": [["junit"]]}, "needs an outputFile"),
        ({"webServer": {"command": "serve"}}, "config.webServer.url is missing"),
        ({"webServer": {"url": "http://localhost:1"}}, "config.webServer.command is missing"),
        ({"workers": "50%"}, "config.workers must be a number, auto or logical, not '50%'"),
        ({"testDir": "nowhere"}, f"config.testDir: there is no folder {ROOT / 'nowhere'}"),
        ({"use": {"trace": "always"}}, "config.use.trace must be one of off, on, retain-on-failure"),
        ({"use": {"colorScheme": ["dark"]}}, "config.use.colorScheme must be one of dark, light"),
        (
            {"projects": [{"name": "a", "use": {"browserName": "opera"}}]},
            "config.projects[0].use.browserName must be one of chromium, firefox, webkit, not 'opera'",
        ),
        (
            {"projects": [{"name": "a", "grep": "(phone"}]},
            "config.projects[0].grep is not a regular expression: '(phone', missing ), unterminated",
        ),
    ],
)
def test_invalid_value_is_refused_with_the_reason(config: object, why: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse(config, ROOT)
    assert why in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("config = {\n    'timeout': 1,,\n}", ":2: invalid syntax: 'timeout': 1,,"),
        ("config = {\n    'use': {\n", ":2: '{' was never closed: 'use': {"),
        ("config = {}\n  workers = 2", ":2: unexpected indent: workers = 2"),
        (
            "import os\nconfig = {'workers': int(os.environ['NOBODY_SETS_IT'])}",
            ":2: KeyError: 'NOBODY_SETS_IT'",
        ),
        ("def port():\n    raise OSError('no\\nport')\nconfig = {'timeout': port()}", ":2: OSError: no port"),
        ("raise SystemExit('not today')", ":1: SystemExit: not today"),
        ("import broken_settings", ":1: SyntaxError: invalid syntax (broken_settings.py, line 1)"),
        ("settings = {}", ": it has to define `config`, a dict"),
        ("config = {'timeout': '30s'}", ": config.timeout must be int, not '30s'"),
        ("", ": it has to define `config`, a dict"),
    ],
)
def test_error_in_the_file_is_reported_in_one_line(
    text: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.joinpath("broken_settings.py").write_text("1 1")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "playwright.config.py"
    file.write_text(text)
    with pytest.raises(ConfigError) as refusal:
        load(file)
    assert str(refusal.value) == f"playwright.config.py{line}"


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.config\.py does not exist"):
        load(ROOT / "nowhere.config.py")


def test_a_project_inherits_the_top_level_use_and_overrides_it() -> None:
    config = {"use": {"locale": "de", "trace": "on"}, "projects": [{"name": "a", "use": {"locale": "fr"}}]}
    assert parse(config, ROOT).project("a").use == {"locale": "fr", "trace": "on"}


def test_a_bare_engine_runs_with_the_top_level_use() -> None:
    project = parse({"use": {"locale": "de"}, "projects": [{"name": "a"}]}, ROOT).project("firefox")
    assert (project.engine, project.use["locale"]) == ("firefox", "de")


def test_configuration_of_this_project_is_valid() -> None:
    suite = load(ROOT / "playwright.config.py")
    assert suite.get("retries") == 0
    assert [project.name for project in suite.projects] == ["chromium", "phone", "postgresql"]
