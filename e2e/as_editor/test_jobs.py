"""Jobs in a browser: asked for, seen moving, cancelled, their files, the badge and the message at the end."""

import json
from collections.abc import Callable, Iterator
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from e2e.catalogue import products
from e2e.components.flashes import Flashes
from e2e.server import Console
from e2e.workers import waiting_in_the_middle, working

EXPORT = "/admin/products/export/"


@pytest.fixture
def going(server: Console) -> Iterator[Event]:
    """Exports wait amid their work until this event is set; a cancelled one ends at its next step."""
    with waiting_in_the_middle(server, "export") as go_on:
        yield go_on


def ask(page: Page, query: str = "") -> None:
    """Ask for a file by the page that offers formats."""
    page.goto(f"{EXPORT}{query}")
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Products as CSV")


def test_file_is_made_and_downloaded_in_any_format(page: Page, server: Console) -> None:
    page.goto("/admin/products/?q=lamp")
    page.get_by_role("link", name="Export as…").click()
    page.get_by_label("JSON Lines").check()
    page.get_by_label("Description").uncheck()
    with working(server):
        page.get_by_role("button", name="Export").click()
        link = page.get_by_role("link", name="Download products-")
        expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    rows = [json.loads(line) for line in download.value.path().read_text("utf-8").splitlines()]
    assert rows
    assert all("lamp" in json.dumps(row).lower() and "description" not in row for row in rows)


def test_bar_moves_while_a_worker_works(page: Page, server: Console, going: Event) -> None:
    ask(page)
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    with working(server):
        bar = page.get_by_role("progressbar", name="Progress")
        expect(page.get_by_text("10 of 40")).to_be_visible()
        expect(bar).to_have_js_property("value", 10)
        going.set()
        expect(page.get_by_role("link", name="Download products-")).to_be_visible()
    expect(bar).to_be_hidden()


def test_job_is_cancelled_in_the_middle(page: Page, server: Console, going: Event) -> None:
    ask(page)
    with working(server):
        expect(page.get_by_text("10 of 40")).to_be_visible()
        page.get_by_role("button", name="Cancel job").click()
        expect(page.get_by_text("Cancelled.")).to_be_visible()
        expect(page.get_by_role("link", name="Download products-")).to_be_hidden()
        going.set()
        page.get_by_role("button", name="Start again").click()
        expect(page.get_by_role("link", name="Download products-")).to_be_visible()


def test_navigation_tells_of_a_running_job_and_a_message_of_its_end(
    page: Page, server: Console, going: Event, page_at: Callable[..., Page]
) -> None:
    ask(page)
    elsewhere = page_at(server)
    elsewhere.goto(page.url)
    page.goto("/admin/")
    jobs = page.get_by_role("navigation", name="Main").get_by_role("link", name="Jobs")
    expect(jobs).to_contain_text("1 running")
    going.set()
    with working(server):
        expect(elsewhere.get_by_role("link", name="Download products-")).to_be_visible()
    page.goto("/admin/")
    flashes = Flashes(page)
    flashes.expect_only(f"Products as CSV: {len(products(server))} products written.", "success")
    expect(jobs).not_to_contain_text("running")
    page.reload()
    expect(flashes.all).to_have_count(0)


def test_page_that_is_closed_loses_nothing(page: Page, server: Console) -> None:
    ask(page)
    page.goto("about:blank")
    with working(server):
        page.goto("/admin/jobs/")
        page.get_by_role("link", name="Products as CSV").click()
        expect(page.get_by_role("link", name="Download products-")).to_be_visible()
