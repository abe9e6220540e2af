"""Each key that decides which tests run, for how long and where: whole runs, without a browser."""

import re
import socket
import sys
from collections.abc import Callable

import pytest

from dashboard.testing.harness.web_server import free_port

pytest_plugins = ["pytester"]

RunSuite = Callable[..., pytest.RunResult]
THREE = "def test_a(): pass\ndef test_b(): pass\ndef test_c(): pass\n"
TWO_PROJECTS = [{"name": "wide"}, {"name": "narrow"}]
PER_PROJECT = "def test_a(browser_name): pass\ndef test_b(browser_name): pass\n"


def test_files_outside_the_test_dir_do_not_run(run_suite: RunSuite, pytester: pytest.Pytester) -> None:
    pytester.mkpydir("inside").joinpath("test_inside.py").write_text("def test_inside(): pass\n")
    result = run_suite({"testDir": "inside"}, THREE, "-v")
    result.assert_outcomes(passed=1)


def test_timeout_ends_a_test_and_not_the_next(run_suite: RunSuite) -> None:
    endless = "def test_endless():\n    while True: pass\ndef test_next(): pass\n"
    result = run_suite({"timeout": 200}, endless)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*took longer than its timeout of 200 ms*"])


@pytest.mark.parametrize("workers", [0, 1])
def test_global_timeout_stops_the_run(run_suite: RunSuite, workers: int) -> None:
    result = run_suite({"globalTimeout": 1, "workers": workers}, THREE)
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*took longer than its globalTimeout of 1 ms*"])
    assert result.parseoutcomes()["passed"] < 3 + workers


def test_expect_timeout_is_set(run_suite: RunSuite) -> None:
    seen = "from playwright.sync_api import expect\ndef test_it(): assert expect._timeout == 123\n"
    run_suite({"expect": {"timeout": 123}}, seen).assert_outcomes(passed=1)


ONLY = "import pytest\n@pytest.mark.only\ndef test_a(): pass\ndef test_b(): assert 0\n"


def test_only_deselects_every_other_test(run_suite: RunSuite) -> None:
    run_suite({}, ONLY).assert_outcomes(passed=1, deselected=1)


def test_forbid_only_refuses_a_forgotten_only(run_suite: RunSuite) -> None:
    result = run_suite({"forbidOnly": True}, ONLY)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*forbidOnly: *test_a is marked `only`*"])


FAILING = "def test_a(): assert 0\ndef test_b(): assert 0\ndef test_c(): assert 0\n"


def test_max_failures_stops_the_run_unless_overridden(run_suite: RunSuite) -> None:
    run_suite({"maxFailures": 1}, FAILING).assert_outcomes(failed=1)
    run_suite({"maxFailures": 1}, FAILING, "--maxfail=2").assert_outcomes(failed=2)


def test_pytest_addopts_overrides_the_configuration(
    run_suite: RunSuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--maxfail=3")
    run_suite({"maxFailures": 1}, FAILING).assert_outcomes(failed=3)


def test_repeat_each_repeats_every_test(run_suite: RunSuite) -> None:
    run_suite({"repeatEach": 3}, THREE).assert_outcomes(passed=9)


def test_shards_cover_all_tests_without_overlap(run_suite: RunSuite) -> None:
    ran = [
        set(run_suite({"shard": {"current": part, "total": 2}}, THREE, "-v").stdout.str().split())
        & {f"test_it.py::test_{letter}" for letter in "abc"}
        for part in (1, 2)
    ]
    assert not ran[0] & ran[1]
    assert len(ran[0] | ran[1]) == 3


def test_projects_multiply_the_tests_and_one_can_be_chosen(run_suite: RunSuite) -> None:
    config = {"projects": TWO_PROJECTS}
    run_suite(config, PER_PROJECT).assert_outcomes(passed=4)
    chosen = run_suite(config, PER_PROJECT, "--project=narrow", "-v")
    chosen.assert_outcomes(passed=2, deselected=0)
    assert ran(chosen) == ["test_a[narrow]", "test_b[narrow]"]


def ran(result: pytest.RunResult) -> list[str]:
    """Return the tests that passed in a verbose run, sorted."""
    return sorted(re.findall(r"test_it\.py::(\S+) PASSED", result.stdout.str()))


def test_an_unknown_project_is_refused_by_name(run_suite: RunSuite) -> None:
    result = run_suite({"projects": TWO_PROJECTS}, PER_PROJECT, "--project=nosuch")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--project nosuch: there is no such project; choose one of: wide, narrow*"])


@pytest.mark.parametrize(
    ("rule", "runs"),
    [
        ({"grep": "@phone"}, "a"),
        ({"grep": "test_b"}, "b"),
        ({"grepInvert": "@phone"}, "b"),
        ({"grepInvert": "@unknown"}, "ab"),
        ({"testMatch": "elsewhere/*"}, ""),
        ({"testMatch": ["test_i*.py", "x"]}, "ab"),
    ],
)
def test_project_runs_the_tests_that_match_its_rule(run_suite: RunSuite, rule: dict, runs: str) -> None:
    tests = "import pytest\n@pytest.mark.phone\n" + PER_PROJECT
    config = {"projects": [{"name": "wide"}, {"name": "narrow", **rule}]}
    result = run_suite(config, tests, "-v")
    result.assert_outcomes(passed=2 + len(runs), deselected=2 - len(runs))
    matched = [f"test_{letter}[narrow]" for letter in runs]
    assert ran(result) == sorted(["test_a[wide]", "test_b[wide]", *matched])


def test_a_test_without_a_browser_runs_once_for_all_projects(run_suite: RunSuite) -> None:
    run_suite({"projects": TWO_PROJECTS}, THREE).assert_outcomes(passed=3)


def test_workers_get_the_options_and_command_line_of_the_controller(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    tests = """
        import os
        def test_it(browser_name, pytestconfig):
            assert os.environ["PYTEST_XDIST_WORKER_COUNT"] == "2"
            assert browser_name == "narrow"
            assert pytestconfig.option.screenshot == "only-on-failure"
            assert pytestconfig.option.output.endswith("artifacts")
    """
    config = {
        "workers": 2,
        "outputDir": "artifacts",
        "use": {"screenshot": "on"},
        "projects": [{"name": "wide"}, {"name": "narrow"}],
    }
    result = run_suite(config, tests, "--project=narrow", "--screenshot=only-on-failure")
    result.assert_outcomes(passed=1)


def test_the_output_folder_is_emptied_once_a_run(run_suite: RunSuite, pytester: pytest.Pytester) -> None:
    stale = pytester.mkdir("artifacts") / "stale.png"
    stale.touch()
    keeps = """
        from pathlib import Path
        import pytest
        @pytest.mark.parametrize("number", range(4))
        def test_it(number, browser_name):
            Path("artifacts").mkdir(exist_ok=True)
            Path("artifacts", str(number)).touch()
    """
    run_suite({"workers": 2, "outputDir": "artifacts"}, keeps).assert_outcomes(passed=4)
    assert sorted(path.name for path in stale.parent.iterdir()) == ["0", "1", "2", "3"]


@pytest.mark.parametrize("output", [".", "..", "inside"])
def test_an_output_folder_that_holds_the_tests_is_refused(
    run_suite: RunSuite, pytester: pytest.Pytester, output: str
) -> None:
    pytester.mkdir("inside").joinpath("test_inside.py").write_text(THREE)
    result = run_suite({"testDir": "inside", "outputDir": output}, THREE)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: outputDir: *holds the tests, and every run empties it"])
    assert pytester.path.joinpath("inside", "test_inside.py").is_file()


def test_workers_without_xdist_are_reported(run_suite: RunSuite) -> None:
    result = run_suite({"workers": 2}, THREE, "-p", "no:xdist")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*workers is 2, which needs pytest-xdist; running without*"])


def test_slow_tests_are_reported(run_suite: RunSuite) -> None:
    result = run_suite({"reportSlowTests": {"max": 1, "threshold": 0}}, THREE)
    result.stdout.fnmatch_lines(["*slowest 1 durations*"])


def test_reporters_list_every_test_and_write_junit(run_suite: RunSuite, pytester: pytest.Pytester) -> None:
    result = run_suite({"reporter": [["list"], ["junit", {"outputFile": "out.xml"}]]}, THREE)
    result.stdout.fnmatch_lines(["test_it.py::test_b PASSED*"])
    assert 'tests="3"' in (pytester.path / "out.xml").read_text()


ADDRESS = (
    "import urllib.request\ndef test_it(base_url): assert urllib.request.urlopen(base_url).status == 200\n"
)


@pytest.mark.parametrize("workers", [0, 1])
def test_the_web_server_is_up_for_the_tests_and_gone_afterwards(
    run_suite: RunSuite, pytester: pytest.Pytester, workers: int
) -> None:
    port = free_port()
    command = f"{sys.executable} -m http.server --bind 127.0.0.1 {port}"
    server = {"command": command, "url": f"http://127.0.0.1:{port}", "timeout": 10_000}
    result = run_suite({"webServer": server, "workers": workers, "outputDir": "artifacts"}, ADDRESS)
    result.assert_outcomes(passed=1)
    assert "GET / HTTP" not in result.stdout.str() + result.stderr.str()
    assert "GET / HTTP" in pytester.path.joinpath("artifacts", "web-server.log").read_text()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port)).close()


def test_a_web_server_that_dies_is_reported_at_once(run_suite: RunSuite) -> None:
    server = {
        "command": f"{sys.executable} -c 'raise SystemExit(3)'",
        "url": f"http://127.0.0.1:{free_port()}",
    }
    result = run_suite({"webServer": server}, ADDRESS)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*webServer: * ended with code 3; see *web-server.log"])


def test_a_web_server_that_cannot_be_run_is_one_line(run_suite: RunSuite) -> None:
    server = {"command": "nowhere/serve --fast", "url": f"http://127.0.0.1:{free_port()}"}
    result = run_suite({"webServer": server}, ADDRESS)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = "ERROR: webServer: `nowhere/serve --fast` cannot be run: No such file or directory"
    assert [line for line in result.errlines if line] == [said]
