"""What colleagues do to a record while its form is open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from e2e.pages.product_form import ProductFormPage
from e2e.pages.product_list import ProductListPage

OpenAs = Callable[..., Page]
conflicts = pytest.mark.allow(status=409)


def saved_by_a_colleague(open_as: OpenAs, key: int, **fields: str) -> None:
    """A colleague saves these fields of the product `key`."""
    theirs = ProductFormPage(open_as("admin")).edit(key).fill(**fields)
    theirs.save_button.click()
    ProductListPage(theirs.page).expect_open()
