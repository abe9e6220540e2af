"""Which runs the entry point of pytest brings the harness into, and that others stay as they were."""

from collections.abc import Callable

import pytest

pytest_plugins = ["pytester"]

RunPytest = Callable[..., pytest.RunResult]
ENTRY = ("-p", "dashboard.testing.harness.entry")  # as pytest takes it from an installation
IS_IN = "def test_it(pytestconfig): assert pytestconfig.pluginmanager.has_plugin({name!r}) is {is_in}\n"
PLUGIN = "dashboard.testing.harness.guard"
TIMEOUT = """
def pytest_addoption(parser, pluginmanager):
    parser.addoption("--timeout")
    pluginmanager.register(object(), "timeout")  # as the entry point of pytest-timeout does
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Browser tests in one folder, unit tests in another; each test says whether the harness is there."""
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    pytester.path.joinpath("playwright.config.py").write_text("config = {'testDir': 'browser'}\n")
    for folder, is_in in (("browser", True), ("units", False)):
        pytester.mkdir(folder).joinpath(f"test_{folder}.py").write_text(
            IS_IN.format(name=PLUGIN, is_in=is_in)
        )
    return pytester


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["."],
        ["browser"],
        ["browser/test_browser.py::test_it"],
        ["units", "browser"],
        ["browser", "-n", "1"],
        ["browser", "-p", "dashboard.testing.harness.plugin"],
    ],
)
@pytest.mark.usefixtures("project")
def test_run_of_the_test_dir_has_the_harness(run_pytest: RunPytest, arguments: list[str]) -> None:
    run_pytest(*ENTRY, *arguments).assert_outcomes(passed=1)


@pytest.mark.parametrize("arguments", [["units"], ["units/test_units.py::test_it"], ["units", "-n", "1"]])
@pytest.mark.usefixtures("project")
def test_run_outside_the_test_dir_has_no_harness(run_pytest: RunPytest, arguments: list[str]) -> None:
    run_pytest(*ENTRY, *arguments).assert_outcomes(passed=1)


def test_testpaths_count_as_named_folders(project: pytest.Pytester, run_pytest: RunPytest) -> None:
    project.makeini("[pytest]\ntestpaths = units\n")
    run_pytest(*ENTRY).assert_outcomes(passed=1)


def test_project_without_configuration_has_no_harness(
    pytester: pytest.Pytester, run_pytest: RunPytest
) -> None:
    pytester.makepyfile(IS_IN.format(name=PLUGIN, is_in=False))
    run_pytest(*ENTRY).assert_outcomes(passed=1)
    run_pytest(*ENTRY, "--project=any").stderr.fnmatch_lines(["*unrecognized arguments: --project=any*"])


def test_the_configuration_may_lie_above_the_root_folder(
    project: pytest.Pytester, run_pytest: RunPytest
) -> None:
    project.path.joinpath("browser", "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n")
    run_pytest(*ENTRY, "browser").assert_outcomes(passed=1)


def test_a_conftest_may_name_the_plugin_too(project: pytest.Pytester, run_pytest: RunPytest) -> None:
    conftest = 'pytest_plugins = ["dashboard.testing.harness.plugin"]\n'
    project.path.joinpath("browser", "conftest.py").write_text(conftest)
    run_pytest("browser").assert_outcomes(passed=1)
    run_pytest(*ENTRY, "browser").assert_outcomes(passed=1)


def test_conflicting_option_of_a_plugin_is_reported(project: pytest.Pytester, run_pytest: RunPytest) -> None:
    project.path.joinpath("limits.py").write_text(TIMEOUT)
    result = run_pytest("-p", "limits", *ENTRY, "browser")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = "ERROR: --timeout is an option of pytest-timeout, too: run with -p no:timeout"
    assert [line for line in result.outlines + result.errlines if line] == [said]
    run_pytest("-p", "limits", *ENTRY, "units").assert_outcomes(passed=1)


def test_another_configuration_can_be_named(project: pytest.Pytester, run_pytest: RunPytest) -> None:
    project.path.joinpath("other.py").write_text("config = {'projects': [{'name': 'other'}]}\n")
    test = "def test_it(browser_name): assert browser_name == 'other'\n"
    project.path.joinpath("units", "test_units.py").write_text(test)
    run_pytest(*ENTRY, "units", "--playwright-config=other.py").assert_outcomes(passed=1)


@pytest.mark.usefixtures("project")
def test_the_plugin_can_be_switched_off(run_pytest: RunPytest) -> None:
    result = run_pytest(*ENTRY, "-p", "no:dashboard.testing.harness.plugin", "units", "browser")
    result.assert_outcomes(passed=1, failed=1)


@pytest.mark.parametrize("way", [[*ENTRY], ["-p", "dashboard.testing.harness.plugin"]])
def test_a_broken_configuration_is_one_line(
    project: pytest.Pytester, run_pytest: RunPytest, way: list[str]
) -> None:
    project.path.joinpath("playwright.config.py").write_text("config = {\n    'timeout': 1,,\n}\n")
    result = run_pytest(*way, "browser")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = [line for line in result.outlines + result.errlines if line]
    assert said == ["ERROR: playwright.config.py:2: invalid syntax: 'timeout': 1,,"]


def test_a_missing_configuration_is_one_line(pytester: pytest.Pytester, run_pytest: RunPytest) -> None:
    result = run_pytest("-p", "dashboard.testing.harness.plugin")
    said = [line for line in result.outlines + result.errlines if line]
    assert said == [f"ERROR: there is no playwright.config.py in {pytester.path}, nor in a folder above it"]
