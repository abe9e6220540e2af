"""The input that refers to another record: a combobox that searches while its name is typed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from dashboard.testing.harness.accessibility import Accessibility
from e2e.makers import MadeLamp, Maker
from e2e.server import Console

NEW = "/admin/made_lamps/new/"


@pytest.fixture
def makers(made: Console) -> Console:
    """A console with 120 makers, two of which have one name, and a lamp of the last."""
    with made.database() as session:
        session.add_all(Maker(name=f"Maker {number:03}") for number in range(1, 119))
        session.add_all([Maker(name="Twin"), Maker(name="Twin")])
        session.flush()
        session.add(MadeLamp(name="Desk lamp", maker_id=118))
    return made


@pytest.fixture
def form(makers: Console, page_at: Callable[..., Page]) -> Page:
    """The form of a new lamp."""
    page = page_at(makers)
    page.goto(NEW)
    return page


@pytest.fixture
def maker(form: Page) -> Locator:
    """The input for the maker."""
    return form.get_by_role("combobox", name="Maker")


def status(page: Page) -> Locator:
    """The words about the results, which a screen reader says."""
    return page.locator(".picker").get_by_role("status")


def test_record_is_found_chosen_and_saved_by_keyboard(
    form: Page, maker: Locator, accessibility: Accessibility
) -> None:
    form.get_by_label("Name").fill("Floor lamp")
    maker.press_sequentially("maker 11")
    options = form.get_by_role("listbox", name="Maker").get_by_role("option")
    expect(options).to_have_count(10)
    expect(status(form)).to_have_text("10 results")
    expect(maker).to_have_attribute("aria-expanded", "true")
    accessibility.check(form)
    maker.press("ArrowDown")
    maker.press("ArrowDown")
    chosen = form.get_by_role("option", selected=True)
    expect(chosen).to_have_text("Maker 117no. 117")
    expect(maker).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    maker.press("Enter")
    expect(maker).to_have_value("Maker 117")
    expect(maker).to_have_attribute("aria-expanded", "false")
    maker.press("Enter")
    expect(form.get_by_role("link", name="Maker 117")).to_be_visible()


def test_escape_closes_the_list_and_keeps_what_was_typed(form: Page, maker: Locator) -> None:
    maker.press_sequentially("maker 0")
    expect(status(form)).to_have_text("First 20 results. Type more to find others.")
    maker.press("ArrowUp")
    maker.press("Escape")
    expect(form.get_by_role("option")).to_have_count(0)
    expect(maker).to_have_value("maker 0")
    expect(maker).to_be_focused()


def test_click_chooses_by_key_where_two_have_one_name(form: Page, maker: Locator) -> None:
    maker.press_sequentially("twin")
    form.get_by_role("option", name="Twin no. 120").click()
    expect(maker).to_have_value("120")
    expect(maker).to_be_focused()


def test_text_without_a_match_can_still_be_typed(form: Page, maker: Locator) -> None:
    maker.press_sequentially("nobody")
    expect(status(form)).to_have_text("No matches")
    form.get_by_label("Name").fill("Floor lamp")
    maker.press("Enter")
    expect(form.get_by_role("link", name="Maker: No maker is called “nobody”.")).to_be_visible()


@pytest.mark.allow(status=500)
def test_failed_search_says_so(form: Page, maker: Locator) -> None:
    def answer(route: Route) -> None:
        route.fulfill(status=500, body="")

    form.route("**/lookup/?*", answer)
    maker.press_sequentially("maker")
    expect(status(form)).to_have_text("The search failed. Type the full name.")


def test_reference_is_picked_in_the_question_before_a_deletion(form: Page) -> None:
    form.goto("/admin/makers/details/?id=118")
    form.get_by_label("More actions").click()
    form.get_by_role("link", name="Delete").click()
    dialog = form.get_by_role("dialog")
    dialog.get_by_role("combobox", name="1 made lamp (Maker)", exact=True).select_option(
        "Move to another record"
    )
    to = dialog.get_by_role("combobox", name="Move 1 made lamp (Maker) to")
    to.press_sequentially("maker 001")
    expect(dialog.get_by_role("option", name="Maker 001")).to_be_visible()
    to.press("Escape")
    expect(dialog).to_be_visible()
    to.press("ArrowDown")
    expect(dialog.get_by_role("option", name="Maker 001")).to_be_visible()
    to.press("ArrowDown")
    to.press("Enter")
    expect(to).to_have_value("Maker 001")
    dialog.get_by_role("button", name="Delete maker").click()
    expect(form.get_by_text("Maker “Maker 118” deleted. 1 made lamp changed.")).to_be_visible()


@pytest.mark.phone_only
def test_record_is_chosen_on_the_phone(form: Page, maker: Locator) -> None:
    maker.tap()
    maker.press_sequentially("maker 007")
    option = form.get_by_role("option", name="Maker 007")
    expect(option).to_be_visible()
    box = option.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    option.tap()
    expect(maker).to_have_value("Maker 007")


def test_name_is_typed_without_scripts(makers: Console, page_at: Callable[..., Page]) -> None:
    page = page_at(makers, java_script_enabled=False)
    page.goto(NEW)
    page.get_by_label("Name").fill("Floor lamp")
    page.get_by_role("textbox", name="Maker").fill("Maker 111")
    page.get_by_role("button", name="Create made lamp").click()
    expect(page.get_by_text("Made lamp “Floor lamp” created.")).to_be_visible()
