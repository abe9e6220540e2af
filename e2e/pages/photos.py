"""The page with the photos of a product."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from e2e.components.flashes import Flashes

COLOURS = {"red": "#a33", "green": "#3a3", "blue": "#33a", "yellow": "#aa3"}


def photo(colour: str = "red", size: tuple[int, int] = (400, 300)) -> bytes:
    """The bytes of a picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, COLOURS[colour]).save(file, "JPEG")
    return file.getvalue()


class Photos:
    """The photos of a product, where they are added and changed."""

    def __init__(self, page: Page) -> None:
        self.page, self.flashes = page, Flashes(page)
        self.input = page.get_by_label("Add photos")
        self.lines = page.get_by_role("region", name="Photos").get_by_role("listitem")
        self.save_button = page.get_by_role("button", name="Save photos")

    def open(self, key: int = 1) -> Photos:
        """Open the page of a product."""
        self.page.goto(f"/admin/products/files/?id={key}&field=photos")
        return self

    def choose(self, *names: str, **others: bytes) -> Photos:
        """Choose pictures called like their colours, and other files by their names."""
        files = [(f"{name}.jpg", photo(name)) for name in names]
        files += [(name.replace("_", "."), content) for name, content in others.items()]
        self.input.set_input_files(
            [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in files]
        )
        return self

    def upload(self, name: str) -> Locator:
        """The line about one upload."""
        return self.page.get_by_role("list", name="Uploads").get_by_role("listitem").filter(has_text=name)

    def description(self, place: int) -> Locator:
        """The description of the picture at a place."""
        return self.page.get_by_label(f"Description of photo {place}")

    def press(self, button: str) -> Photos:
        """Press a button by its name."""
        self.page.get_by_role("button", name=button, exact=True).click()
        return self

    def expect_descriptions(self, texts: Sequence[str]) -> None:
        """Expect pictures with these descriptions, in this order."""
        expect(self.lines).to_have_count(len(texts))
        for place, text in enumerate(texts):
            expect(self.lines.nth(place).get_by_role("textbox")).to_have_value(text)
