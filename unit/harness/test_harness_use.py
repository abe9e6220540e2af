"""Each key of `use`, seen from inside a page; one run of a browser for all of them."""

from collections.abc import Callable

import pytest

pytest_plugins = ["pytester"]

RunSuite = Callable[..., pytest.RunResult]

USE = {
    "browserName": "chromium",
    "locale": "de-DE",
    "timezoneId": "Asia/Tokyo",
    "viewport": {"width": 412, "height": 700},
    "colorScheme": "dark",
    "reducedMotion": "reduce",
    "deviceScaleFactor": 2,
    "isMobile": True,
    "hasTouch": True,
    "actionTimeout": 250,
    "navigationTimeout": 350,
    "testIdAttribute": "data-hook",
    "launchOptions": {"args": ["--user-agent=suite-agent"], "slowMo": 1},
    "trace": "on",
    "screenshot": "on",
}
SEEN = """
import pytest
from playwright.sync_api import TimeoutError

SAYS = {
    "locale": ("navigator.language", "de-DE"),
    "timezoneId": ("Intl.DateTimeFormat().resolvedOptions().timeZone", "Asia/Tokyo"),
    "viewport": ("[screen.width, screen.height].join('x')", "412x700"),
    "colorScheme": ("matchMedia('(prefers-color-scheme: dark)').matches", True),
    "reducedMotion": ("matchMedia('(prefers-reduced-motion: reduce)').matches", True),
    "deviceScaleFactor": ("devicePixelRatio", 2),
    "isMobile": ("matchMedia('(hover: none)').matches", True),
    "hasTouch": ("navigator.maxTouchPoints > 0", True),
    "launchOptions": ("navigator.userAgent", "suite-agent"),
}

def test_every_setting_is_seen_by_the_page(page):
    seen = {key: page.evaluate(script) for key, (script, _) in SAYS.items()}
    assert seen == {key: value for key, (_, value) in SAYS.items()}

def test_an_action_gives_up_after_the_action_timeout(page):
    with pytest.raises(TimeoutError, match="250ms"):
        page.get_by_role("button").click()

def test_a_navigation_gives_up_after_the_navigation_timeout(page):
    page.context.route("**", lambda route: None)
    with pytest.raises(TimeoutError, match="350ms"):
        page.goto("http://127.0.0.1:9/")

def test_ids_are_read_from_the_configured_attribute(page):
    page.evaluate("document.body.innerHTML = '<p data-hook=here>found</p>'")
    assert page.get_by_test_id("here").all_inner_texts() == ["found"]

def test_a_second_context_may_differ_from_the_project(new_context):
    page = new_context(viewport={"width": 333, "height": 222}, is_mobile=False).new_page()
    assert page.evaluate("innerWidth") == 333

@pytest.mark.browser_context_args(locale="fr-FR")
def test_a_marker_goes_before_the_project(page):
    assert page.evaluate("navigator.language") == "fr-FR"
"""


def test_every_key_of_use_has_its_effect(run_suite: RunSuite, pytester: pytest.Pytester) -> None:
    config = {"outputDir": "artifacts", "projects": [{"name": "small", "use": USE}]}
    run_suite(config, SEEN, "-p", "no:warnings").assert_outcomes(passed=6)
    seen = next(pytester.path.joinpath("artifacts").glob("*every-setting*"))
    assert sorted(path.name for path in seen.iterdir()) == ["test-finished-1.png", "trace.zip"]


def test_the_command_line_turns_recording_off_again(run_suite: RunSuite, pytester: pytest.Pytester) -> None:
    tests = "def test_it(page): page.set_content('<p>here</p>')"
    config = {"outputDir": "artifacts", "use": {"trace": "on", "screenshot": "on"}}
    result = run_suite({**config, "workers": 1}, tests, "--tracing=off", "--screenshot=off")
    result.assert_outcomes(passed=1)
    assert not pytester.path.joinpath("artifacts").exists()


def test_a_worker_keeps_the_screenshot_that_the_configuration_asks_for(
    run_suite: RunSuite, pytester: pytest.Pytester
) -> None:
    tests = "def test_it(page):\n    page.set_content('<p>here</p>')\n    assert 0"
    config = {"outputDir": "artifacts", "workers": 1, "use": {"screenshot": "only-on-failure"}}
    run_suite(config, tests).assert_outcomes(failed=1)
    assert [path.name for path in pytester.path.glob("artifacts/*/*")] == ["test-failed-1.png"]


def test_recording_may_differ_by_project(run_suite: RunSuite, pytester: pytest.Pytester) -> None:
    projects = [{"name": "quiet"}, {"name": "loud", "use": {"screenshot": "on"}}]
    tests = "def test_it(page): page.set_content('<p>here</p>')"
    run_suite({"outputDir": "artifacts", "projects": projects}, tests).assert_outcomes(passed=2)
    assert ["loud" in path.parent.name for path in pytester.path.glob("artifacts/*/*")] == [True]


def test_hanging_test_ends_and_the_browser_stays_usable(run_suite: RunSuite) -> None:
    tests = """
        def test_hangs(page):
            page.evaluate("new Promise(() => {})")
        def test_next(page):
            assert page.evaluate("1 + 1") == 2
    """
    result = run_suite({"timeout": 4000}, tests)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*took longer than its timeout of 4000 ms*"])
