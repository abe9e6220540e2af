"""Tasks about prices: forty by hand, forty by paste, and undoing one of last week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from playwright.sync_api import expect

from bench.tasks.desk import Desk
from dashboard import clock
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Product
from dashboard.catalogue.rules import plain_price

NUMBER = 40
LAMP = "LMP-0008"


def by_hand(desk: Desk) -> None:
    """Type another price into forty cells of a page of the list.

    By keyboard, but for the first cell: an arrow saves a price and opens the one below.
    """
    priced, wanted = raised(desk.products()[:NUMBER])
    person, page = desk.begin()
    person.click(page.get_by_role("navigation", name="Rows per page").get_by_role("link", name="50"))
    person.click(page.get_by_role("button", name=f"Edit price of {priced[0].name}, "))
    for each in priced:
        expect(
            page.get_by_role("dialog", name=f"Price of {each.name}").get_by_role("textbox")
        ).to_be_focused()
        person.type(wanted[each.sku])
        person.press("ArrowDown")
    expect(page.get_by_role("status").filter(has_text=f"Price of {priced[-1].name} saved")).to_be_visible()
    desk.expect(prices_of(desk, wanted), wanted)


def by_paste(desk: Desk) -> None:
    """Paste the SKUs and prices of forty products from a spreadsheet."""
    _, wanted = raised(desk.products()[:NUMBER])
    rows = "\n".join(f"{sku}\t{price}" for sku, price in wanted.items())
    person, page = desk.begin()
    person.click(page.get_by_role("link", name="Import…"))
    person.click(page.get_by_label("Or paste from a spreadsheet"))
    person.paste(f"SKU\tPrice\n{rows}\n")
    person.click(page.get_by_role("button", name="Upload"))
    person.click(page.get_by_role("radio", name="Only change existing records"))
    person.click(page.get_by_role("button", name="Check"))
    person.click(page.get_by_role("button", name=f"Import all {NUMBER} rows"))
    expect(page.get_by_text(f"{NUMBER} changed.")).to_be_visible()
    desk.expect(prices_of(desk, wanted), wanted)


def undo_one(desk: Desk) -> None:
    """Give a product the price back that it had before a change of last week; it has changed since."""
    arrange_changes(desk)
    person, page = desk.begin()
    person.open(LAMP)
    person.click(page.get_by_role("link", name="Set back to 45.00 EUR"))
    person.click(page.get_by_role("button", name="Set back to 45.00 EUR"))
    expect(page.get_by_text("Price set back to 45.00 EUR.")).to_be_visible()
    (lamp,) = desk.products(Product.sku == LAMP)
    desk.expect((lamp.price, lamp.stock, lamp.description), (Decimal("45.00"), 12, "Three steps at a tap."))


def arrange_changes(desk: Desk) -> None:
    """Change the price of the lamp a week ago, and other fields of it since."""
    since = {7: {"price": Decimal("54.00")}, 3: {"stock": 12}, 1: {"description": "Three steps at a tap."}}
    for days, values in since.items():
        moment = datetime.now(UTC) - timedelta(days=days)
        clock.set_clock(lambda moment=moment: moment)
        with desk.database() as session:
            update_product(session.query(Product).filter_by(sku=LAMP).one(), values)
    clock.set_clock(None)


def raised(priced: Sequence[Product]) -> tuple[Sequence[Product], dict[str, str]]:
    """The products and, for each SKU, a price that is higher by one."""
    return priced, {each.sku: plain_price(each.price + 1, each.currency) for each in priced}


def prices_of(desk: Desk, skus: dict[str, str]) -> dict[str, str]:
    """The prices that products with these SKUs have now."""
    found = {each.sku: plain_price(each.price, each.currency) for each in desk.products()}
    return {sku: found[sku] for sku in skus}
