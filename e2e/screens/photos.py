"""The states of the page with the photos of a product, and of the page of such a product."""

from playwright.sync_api import Page, expect

from e2e.pages.photos import Photos
from e2e.screens.state import State, at
from e2e.server import Console

LONG = "Extraordinarily long description of what a photo shows, which nobody would ever shorten " * 3


def with_photos(page: Page, _server: Console) -> None:
    """The page with three photos, of which one has a long description."""
    photos = Photos(page).open().choose("red", "green", "blue")
    expect(photos.lines).to_have_count(3)
    photos.description(2).fill(LONG)
    photos.save_button.click()
    photos.flashes.expect_only("Photos saved.", "success")


def refused_upload(page: Page, _server: Console) -> None:
    """The page after one of two files was refused."""
    photos = Photos(page).open().choose("red", logo_svg=b"<svg/>")
    expect(photos.lines).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("not a JPEG")


def shown_photos(page: Page, server: Console) -> None:
    """The page of a product with photos."""
    with_photos(page, server)
    page.get_by_role("link", name="Back to product").click()
    expect(page.get_by_role("link", name="Edit photos")).to_be_visible()


def full_view(page: Page, server: Console) -> None:
    """A photo in full view."""
    shown_photos(page, server)
    page.get_by_role("region", name="Photos").get_by_role("listitem").first.click()
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()


def refused_description(page: Page, server: Console) -> None:
    """The page with a description that is too long."""
    with_photos(page, server)
    page.evaluate("document.querySelector('.files input:not([type])').removeAttribute('maxlength')")
    Photos(page).description(1).fill("x" * 301)
    Photos(page).save_button.click()
    expect(page.get_by_role("alert")).to_be_visible()


PHOTOS = (
    State("no photos yet", "editor", at("/admin/products/files/?id=2&field=photos")),
    State("photos", "editor", with_photos),
    State("photos with a refused file", "editor", refused_upload, {"status": 422}),
    State("photos with a description that is too long", "editor", refused_description, {"status": 422}),
    State("product with photos", "editor", shown_photos),
    State("photo in full view", "editor", full_view),
)
