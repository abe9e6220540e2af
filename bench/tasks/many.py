"""Tasks about many products: archiving thirty, mending thirty names, deleting a category."""

from __future__ import annotations

from playwright.sync_api import expect

from bench.tasks.desk import Desk
from bench.tasks.person import Person
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Category, Product, ProductStatus

RUNS = ("DEC", "FRN", "KTC", "STN", "TEX", "TLS")
RUN = 5
SKUS = [f"{run}-{number:04}" for run in RUNS for number in range(3, 3 + RUN)]
"""Six runs of five products that follow each other in their list by SKU."""
TYPO, MENDED = "handmde", "handmade"


def archive_across_pages(desk: Desk) -> None:
    """Archive thirty products whose SKUs a colleague sent, and which lie on several pages of the list."""
    others = {each.sku: each.status for each in desk.products(Product.sku.not_in(SKUS))}
    person, page = desk.begin()
    person.press("/")
    person.paste("\n".join(SKUS))
    person.press("Enter")
    expect(page.get_by_role("link", name="Remove filter Search: 30 codes")).to_be_visible()
    person.click(page.get_by_role("checkbox", name="Select all on this page"))
    person.click(page.get_by_role("button", name="Select all 30"))
    person.click(page.get_by_text("Set status"))
    person.click(page.get_by_role("button", name="Archive", exact=True))
    person.click(page.get_by_role("dialog").get_by_role("button", name="Archive 30 products"))
    expect(page.get_by_text("30 products archived.")).to_be_visible()
    now = {each.sku: each.status for each in desk.products()}
    desk.expect(now, {**others, **dict.fromkeys(SKUS, ProductStatus.ARCHIVED)})


def mend_names(desk: Desk) -> None:
    """Mend the same typo in thirty names: all that a search finds are edited together."""
    wanted = arrange_typos(desk)
    person, page = desk.begin()
    search(person, TYPO)
    person.click(page.get_by_role("checkbox", name="Select all on this page"))
    person.click(page.get_by_role("button", name="Select all 30"))
    person.click(page.get_by_role("button", name="Edit…"))
    expect(page.get_by_role("heading", name="Edit 30 products")).to_be_visible()
    group = page.get_by_role("group", name="Change the name")
    person.click(group.get_by_label("Find"))
    person.type(TYPO)
    person.press("Tab")
    person.type(MENDED)
    person.press("Enter")
    person.click(page.get_by_role("button", name="Change 30 products"))
    expect(page.get_by_text("30 products changed.")).to_be_visible()
    desk.expect({each.sku: each.name for each in desk.products()}, wanted)


def arrange_typos(desk: Desk) -> dict[str, str]:
    """Put the typo into thirty names, and return the names that all products should have."""
    with desk.database() as session:
        for each in session.query(Product).filter(Product.sku.in_(SKUS)):
            update_product(each, {"name": f"{each.name}, {TYPO}"})
    return {each.sku: each.name.replace(TYPO, MENDED) for each in desk.products()}


def delete_a_category(desk: Desk) -> None:
    """Move the twenty products of a category to another one, and delete the empty category."""
    person, page = desk.begin()
    person.click(page.get_by_role("link", name="Garden", exact=True).first)
    person.click(page.get_by_role("region", name="Referred to by").get_by_role("link"))
    person.click(page.get_by_role("checkbox", name="Select all on this page"))
    person.click(page.get_by_role("button", name="Edit…"))
    expect(page.get_by_role("heading", name="Edit 20 products")).to_be_visible()
    person.choose("Decor", page.get_by_label("Category", exact=True))
    person.click(page.get_by_role("button", name="Preview"))
    person.click(page.get_by_role("button", name="Change 20 products"))
    expect(page.get_by_text("20 products changed.")).to_be_visible()
    person.click(page.get_by_role("navigation", name="Main").get_by_role("link", name="Categories"))
    person.click(page.get_by_role("link", name="Delete Garden", exact=True))
    person.click(page.get_by_role("button", name="Delete category"))
    expect(page.get_by_text("Category “Garden” deleted.")).to_be_visible()
    with desk.database() as session:
        left = {each.name for each in session.query(Category)}
    moved = desk.products(Product.sku.startswith("GRD-"), Product.category.has(name="Decor"))
    desk.expect(("Garden" in left, len(moved)), (False, 20))


def search(person: Person, words: str) -> None:
    """Search the list that is open."""
    person.press("/")
    person.type(words)
    person.press("Enter")
    expect(person.page.get_by_role("link", name=f"Remove filter Search: {words}")).to_be_visible()
