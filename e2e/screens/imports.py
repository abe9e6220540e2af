"""The states of the pages of an import, and how to reach them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.pages.product_import import PATH, ProductImport
from e2e.screens.state import State, at
from e2e.server import Console
from e2e.workers import work

LONG = "Extraordinarily long name of a lamp that nobody would ever shorten for the sake of a table " * 2
FILE = "sku,name,price,stock,category\n" + "".join(
    f"NEW-{number},{LONG if number == 3 else f'Garden lamp {number}'},{number}.50,{number},Outdoors\n"
    for number in range(1, 31)
)
REFUSED = "sku,name,price,stock\nNEW-1,Lamp,12.50,3\n" + "".join(
    f"BAD-{number},Lamp {number},{'?' * number},-1\n" for number in range(1, 40)
)
CHANGES = "sku,price,description\nLMP-0001,9999.00,\nLMP-0002,1.00,\nLMP-0003,2.00,\n"


def uploaded(content: str | bytes) -> Callable[[Page, Console], None]:
    """Return how to reach the page about the columns of a file."""

    def reach(page: Page, _server: Console) -> None:
        ProductImport(page).upload(content)
        expect(page.get_by_role("heading", level=1)).to_have_text("Columns of products.csv")

    return reach


def checked(content: str) -> Callable[[Page, Console], None]:
    """Return how to reach the page about a check that has ended."""

    def reach(page: Page, server: Console) -> None:
        uploaded(content)(page, server)
        if "category" in content:
            page.get_by_role("checkbox", name="Category", exact=True).check()
        if content == CHANGES:
            page.get_by_label("Empty the field").check()
            page.get_by_label("Only change existing records").check()
        ProductImport(page).press("Check")
        expect(page.get_by_role("heading", level=1)).to_have_text("Check of products.csv")
        work(server)
        page.reload()
        expect(page.get_by_role("heading", name="Preview")).to_be_visible()

    return reach


def waiting_check(page: Page, server: Console) -> None:
    """The page about a check that no worker has begun."""
    uploaded(FILE)(page, server)
    ProductImport(page).press("Check")
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()


def imported(page: Page, server: Console) -> None:
    """The page about an import that refused rows."""
    checked(REFUSED)(page, server)
    ProductImport(page).press("Import the good rows")
    expect(page.get_by_role("heading", level=1)).to_have_text("Import of products.csv")
    work(server)
    page.reload()
    expect(page.get_by_role("link", name="Undo import")).to_be_visible()


def undone(page: Page, server: Console) -> None:
    """The page about an import that was undone."""
    imported(page, server)
    page.get_by_role("link", name="Undo import").click()
    page.get_by_role("button", name="Undo import").click()
    expect(page.get_by_role("heading", name="Undo", exact=True)).to_be_visible()
    work(server)
    page.reload()
    expect(page.get_by_text("1 product undone.")).to_be_visible()


def refused_form(page: Page, _server: Console) -> None:
    """The form that takes a file, sent with a file that is no table."""
    ProductImport(page).upload(b"%PDF-1.4\n\xe2\xe3\xcf\xd3\n" * 50)
    expect(page.get_by_role("alert")).to_be_visible()


def refused_columns(page: Page, server: Console) -> None:
    """The page about columns of which two fill the same field."""
    uploaded(FILE)(page, server)
    ProductImport(page).field_of("stock").select_option("Price (required)")
    ProductImport(page).press("Check")
    expect(page.get_by_role("alert")).to_be_visible()


def draft(page: Page, server: Console) -> None:
    """The page of a job whose user has yet to say what it is to do."""
    uploaded(FILE)(page, server)
    page.goto("/admin/jobs/")
    page.get_by_role("link", name="Check of products.csv").click()
    expect(page.get_by_role("button", name="Give up")).to_be_visible()


IMPORTS = (
    State("form of an import", "editor", at(PATH)),
    State("form of an import with a file that is no table", "editor", refused_form),
    State("columns of a file", "editor", uploaded(FILE)),
    State("columns of a file with errors", "editor", refused_columns),
    State("question about an encoding", "editor", uploaded("sku,name,price\nA,Köln,1\n".encode("cp1252"))),
    State("draft of an import", "editor", draft),
    State("check that waits", "editor", waiting_check),
    State("check of new rows", "editor", checked(FILE)),
    State("check with warnings", "editor", checked(CHANGES)),
    State("check that refuses rows", "editor", checked(REFUSED)),
    State("import that refused rows", "editor", imported),
    State("import that was undone", "editor", undone),
)
