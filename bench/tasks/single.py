"""Tasks about a file or one product: exporting, copying, finding and restoring."""

from __future__ import annotations

import csv

from playwright.sync_api import expect
from sqlalchemy import select

from bench.tasks.desk import Desk
from bench.tasks.many import search
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.catalogue.trash import trash_products

LAMP = "LMP-0012"
GIVEN = ("currency", "stock", "status", "category_id", "description")


def export_low_stock(desk: Desk) -> None:
    """Export the active products that are low on stock."""
    person, page = desk.begin()
    person.click(page.get_by_role("navigation", name="Main").get_by_role("link", name="Home"))
    person.click(page.get_by_role("link", name="low on stock"))
    file = person.download(page.get_by_role("link", name="Export CSV"))
    with file.open(encoding="utf-8-sig", newline="") as source:
        found = [row["sku"] for row in csv.DictReader(source)]
    low = desk.products(Product.stock.between(1, 5), Product.status == ProductStatus.ACTIVE)
    desk.expect(found, [each.sku for each in low])


def duplicate(desk: Desk) -> None:
    """Make a product like another one, with a name, a SKU and a price of its own."""
    (lamp,) = desk.products(Product.sku == LAMP)
    person, page = desk.begin()
    person.open(LAMP)
    person.click(page.get_by_role("link", name="Duplicate"))
    expect(page.get_by_label("Name", exact=True)).to_be_focused()  # its text is selected
    person.type("Walnut Lamp")
    person.press("Tab")  # which selects the text of the next field
    person.type("LMP-0112")
    person.press("Tab", "Tab")
    person.type("99.00")
    person.press("ControlOrMeta+s")
    expect(page.get_by_text("Product “Walnut Lamp” created.")).to_be_visible()
    (copy,) = desk.products(Product.name == "Walnut Lamp")
    desk.expect([getattr(copy, name) for name in GIVEN], [getattr(lamp, name) for name in GIVEN])
    desk.expect((copy.sku, f"{copy.price:.2f}"), ("LMP-0112", "99.00"))


def find_on_the_phone(desk: Desk) -> None:
    """Find a product by its SKU on a phone, and open it."""
    person, page = desk.begin(on_phone=True)
    person.click(page.get_by_role("button", name="Search everything"))
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    person.type(LAMP)
    person.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Oak Lamp")).to_be_visible()


def restore_one(desk: Desk) -> None:
    """Restore one of sixty products in the trash."""
    everything = {each.sku for each in desk.products()}
    with desk.database() as session:
        lamp = session.scalars(select(Product.id).where(Product.sku == LAMP)).one()
        others = session.scalars(select(Product.id).where(Product.sku.regexp_match("^[DTS]"))).all()
        trash_products([lamp])
        trash_products(others[:59])
    person, page = desk.begin()
    person.click(page.get_by_role("navigation", name="Main").get_by_role("link", name="Trash"))
    expect(page.get_by_role("searchbox", name="Search trash")).to_be_visible()
    search(person, LAMP)
    person.click(page.get_by_role("button", name="Restore Oak Lamp", exact=True))
    expect(page.get_by_text("Product “Oak Lamp” restored.")).to_be_visible()
    left = {each.sku for each in desk.products()}
    desk.expect((LAMP in left, len(everything - left)), (True, 59))
