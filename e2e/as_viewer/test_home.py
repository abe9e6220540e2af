import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import text

from dashboard.catalogue.models import Product
from dashboard.history.recording import describe
from dashboard.testing.accounts import the_account
from dashboard.testing.harness import layout
from e2e.keyboard import press
from e2e.pages.home import HomePage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console, email_of

# Whether the sign after a link stands beside the last line of the link.
AFTER_ITS_LAST_LINE = """link => {
    const sign = document.createRange();
    sign.setStart(link.nextSibling, 0);
    sign.setEnd(link.nextSibling, 1);
    return Math.abs(sign.getBoundingClientRect().left - [...link.getClientRects()].at(-1).right) < 1;
}"""


def stock_changed_by(server: Console, person: str) -> str:
    """Name the editor, who changes the stock of a product; return the name of that."""
    with server.database() as session:
        the_account("editor").name = person
    with server.database() as session:
        describe(session, author_id=the_account("editor").id)
        product = session.get_one(Product, 1)
        product.stock += 1
        return product.name


def total(page: Page) -> int:
    """Return the number of records in the caption of the list."""
    caption = page.get_by_role("table").get_by_role("caption")
    expect(caption).to_be_attached()
    return int(caption.inner_text().rpartition(" of ")[2].replace(",", ""))


@pytest.mark.postgresql
def test_every_figure_links_to_a_list_with_the_same_number(page: Page) -> None:
    home = HomePage(page)
    for label in ("Products", "Active", "Drafts", "Categories"):
        figure = home.open().expect_open().figures.filter(has=page.get_by_text(label, exact=True))
        number = int(figure.get_by_role("strong").inner_text().replace(",", ""))
        figure.click()
        expect(home.heading).to_have_text("Categories" if label == "Categories" else "Products")
        assert total(page) == number


def test_viewer_sees_figures_with_changes_but_no_accounts(page: Page) -> None:
    home = HomePage(page).open().expect_open()
    expect(home.figures).to_have_count(4)
    expect(home.figures.filter(has_text="Products")).to_have_text(
        re.compile(r"Products\s*200\s*\+\d+\s+last 30 days")
    )
    expect(home.figures.filter(has_text="Active")).to_have_text(re.compile(r"\d+%\s+of all"))
    expect(home.sign_ups).to_have_count(0)
    expect(home.figures.filter(has_text="Users")).to_have_count(0)
    for role in ("editor", "admin", "owner"):
        expect(page.get_by_text(email_of(role))).to_have_count(0)


def test_needs_attention_comes_first_and_links_to_its_list(page: Page) -> None:
    home = HomePage(page).open()
    expect(page.get_by_role("main").get_by_role("heading", level=2).first).to_have_text("Needs attention")
    link = home.attention.get_by_role("link", name="out of stock")
    number = int(link.inner_text().split()[0])
    link.click()
    products = ProductListPage(page).expect_open()
    products.filters.expect_chips(re.compile("Status: Active"), re.compile("Stock: Out of stock"))
    assert total(page) == number


def chart(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def test_chart_is_a_named_image_with_its_figures_as_a_table(page: Page) -> None:
    HomePage(page).open()
    for title in ("Products by category", "Products added by week"):
        drawn = chart(page, title)
        picture = drawn.get_by_role("img", name=f"{title}: ")
        expect(picture).to_be_visible()
        table = drawn.get_by_role("table", name=title)
        expect(table).to_be_hidden()
        drawn.get_by_text("Show as table").click()
        expect(table).to_be_visible()
        rows = [" ".join(row.split()) for row in table.get_by_role("row").all_inner_texts()[1:]]
        every_row = "".join(f"(?=.*{re.escape(row)})" for row in rows)
        expect(picture).to_have_accessible_name(re.compile(every_row))


def test_bar_links_to_the_products_of_its_category(page: Page) -> None:
    HomePage(page).open()
    bar = chart(page, "Products by category").get_by_role("list").get_by_role("link").first
    name, number = bar.get_by_text(re.compile(".")).all_inner_texts()
    bar.click()
    ProductListPage(page).expect_open().filters.expect_chips(re.compile(f"Category: {name}"))
    assert total(page) == int(number)


def test_week_links_to_the_products_added_in_it(page: Page) -> None:
    HomePage(page).open()
    weeks = chart(page, "Products added by week")
    weeks.get_by_text("Show as table").click()
    row = weeks.get_by_role("row").filter(has_not=page.get_by_role("cell", name="0", exact=True)).last
    number = int(row.get_by_role("cell").inner_text())
    row.get_by_role("link").click()
    ProductListPage(page).expect_open().filters.expect_chips(re.compile("from"), re.compile("to"))
    assert total(page) == number


def test_change_on_the_home_links_to_its_record_and_to_the_history(page: Page, server: Console) -> None:
    name = stock_changed_by(server, "Ann Lee")
    home = HomePage(page).open()
    newest = home.activity.get_by_role("listitem").first
    expect(newest).to_contain_text(f"Ann Lee changed the stock of product “{name}”")
    newest.get_by_role("link", name=name).click()
    expect(home.heading).to_have_text(name)
    home.open()
    newest.get_by_role("link", name="Show in history").click()
    expect(home.heading).to_have_text(f"Edited product “{name}”")


def test_sentence_of_a_change_flows_on_a_narrow_phone(page: Page, server: Console) -> None:
    with server.database() as session:
        session.get_one(Product, 1).name = name = "Stackable Storage Cube with Removable Fabric Drawer"
    with server.database() as session:
        describe(session, author_id=the_account("editor").id)
        session.get_one(Product, 1).stock += 1
    page.set_viewport_size(layout.SMALLEST)
    newest = HomePage(page).open().activity.get_by_role("listitem").first
    expect(newest).to_contain_text(f"{name}”, ")
    assert newest.get_by_role("link", name=name).evaluate(AFTER_ITS_LAST_LINE)


def test_home_without_products_says_so(page: Page, server: Console) -> None:
    with server.database() as session:
        for table in ("products", "categories"):
            session.execute(text(f"DELETE FROM {table}"))
    home = HomePage(page).open().expect_open()
    expect(home.attention).to_contain_text("Nothing needs your attention.")
    expect(home.figures.filter(has_text="Products")).to_contain_text("0")
    expect(home.figures.filter(has_text="Active")).to_contain_text("0%")
    expect(chart(page, "Products by category")).to_contain_text("Nothing to show yet.")
    expect(home.activity).to_be_visible()


def test_home_is_used_by_keyboard(page: Page) -> None:
    home = HomePage(page).open()
    table = chart(page, "Products added by week").get_by_role("table")
    expect(table).to_be_hidden()
    press(chart(page, "Products added by week").get_by_text("Show as table"))
    expect(table).to_be_visible()
    change = home.activity.get_by_role("link", name="Show in history").first
    press(change)
    expect(page.get_by_role("region", name="Recent activity")).to_have_count(0)
    page.go_back()
    press(home.attention.get_by_role("link", name="out of stock"))
    ProductListPage(page).expect_open().filters.expect_chips(
        re.compile("Status: Active"), re.compile("Stock: Out of stock")
    )


def test_home_is_used_without_a_script(page_without_javascript: Page) -> None:
    page = page_without_javascript
    home = HomePage(page).open().expect_open()
    weeks = chart(page, "Products added by week")
    weeks.get_by_text("Show as table").click()
    expect(weeks.get_by_role("table")).to_be_visible()
    home.attention.get_by_role("link", name="out of stock").click()
    ProductListPage(page).expect_open().filters.expect_chips(
        re.compile("Status: Active"), re.compile("Stock: Out of stock")
    )
    home.open().activity.get_by_role("link", name="All history").click()
    expect(home.heading).to_have_text("History")
    for label, title in (("Drafts", "Products"), ("Categories", "Categories")):
        home.open().figures.filter(has=page.get_by_text(label, exact=True)).click()
        expect(home.heading).to_have_text(title)


def test_wide_initials_stay_in_their_circle(page: Page, server: Console) -> None:
    stock_changed_by(server, "Wilhelmina Westhuizen")
    home = HomePage(page).open()
    expect(home.activity).to_contain_text("Wilhelmina Westhuizen changed the stock")
    heights = "list => [...list.querySelectorAll('.initials')].map(each => each.scrollHeight)"
    assert {*home.activity.evaluate(heights)} == {24}
