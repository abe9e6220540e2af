"""Other users who change a record while its form is open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from e2e.catalogue import add_category
from e2e.pages.category_form import CategoryFormPage
from e2e.pages.category_list import CategoryListPage
from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage
from e2e.server import Console

OpenAs = Callable[..., Page]
conflicts = pytest.mark.allow(status=409)


def saved_by_a_colleague(open_as: OpenAs, key: int, **fields: str) -> None:
    """Save these fields of the product `key` as another user."""
    theirs = ProductFormPage(open_as("admin")).edit(key).fill(**fields)
    theirs.save_button.click()
    ProductListPage(theirs.page).expect_open()


def renamed_by_both(page: Page, open_as: OpenAs, server: Console) -> CategoryFormPage:
    """Return the form of the category Zips, sent as Zippers after an admin renamed it Zip Fasteners."""
    key = add_category(server, "Zips")
    form = CategoryFormPage(page).edit(key).fill(name="Zippers")
    theirs = CategoryFormPage(open_as("admin")).edit(key).fill(name="Zip Fasteners")
    theirs.save_button.click()
    CategoryListPage(theirs.page).expect_open()
    form.save_button.click()
    return form
