"""Photos of products in a browser: sent with their progress, described, arranged, removed and undone."""

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.keyboard import press, tab_to
from e2e.pages.photos import Photos, photo

UPLOAD = "**/files/upload/**"


def described(page: Page, *colours: str) -> Photos:
    """The page of a product with photos that are described by their colours."""
    photos = Photos(page).open().choose(*colours)
    expect(photos.lines).to_have_count(len(colours))
    for place, colour in enumerate(colours, 1):
        photos.description(place).fill(colour)
    photos.save_button.click()
    photos.flashes.expect_only("Photos saved.", "success")
    return photos


def test_product_gets_photos_that_its_page_shows(page: Page) -> None:
    page.goto("/admin/products/details/?id=1")
    page.get_by_role("link", name="Add photos").click()
    photos = Photos(page).choose("red", "blue")
    photos.flashes.expect_only("2 photos added.", "success")
    photos.description(1).fill("From the front")
    photos.save_button.click()
    page.get_by_role("link", name="Back to product").click()
    expect(page.get_by_role("link", name="Edit photos")).to_be_visible()

    shown = page.get_by_role("region", name="Photos").get_by_role("img")
    expect(shown).to_have_count(2)
    expect(shown.first).to_have_accessible_name("From the front")
    expect(shown.first).to_have_js_property("naturalWidth", 400)


@pytest.mark.allow(status=422)
def test_file_that_is_no_picture_says_so_beside_its_name(page: Page) -> None:
    photos = Photos(page).open().choose(logo_svg=b"<svg/>")

    expect(photos.upload("logo.svg")).to_contain_text("This file is not a JPEG, PNG, WebP or GIF image.")


@pytest.mark.allow(status=422)
def test_good_files_are_added_and_the_others_are_named(page: Page) -> None:
    photos = Photos(page).open().choose("red", logo_svg=b"<svg/>")

    expect(page.get_by_role("alert")).to_contain_text(
        "logo.svg: This file is not a JPEG, PNG, WebP or GIF image."
    )
    expect(photos.lines).to_have_count(1)


def test_words_that_were_typed_are_saved_with_new_files(page: Page) -> None:
    photos = described(page, "red")
    photos.description(1).fill("From the front")

    photos.choose("green").flashes.expect_only("1 photo added.", "success")

    photos.expect_descriptions(["From the front", ""])


def test_upload_is_cancelled_and_the_others_are_added(page: Page) -> None:
    photos = Photos(page).open()
    page.route(UPLOAD, lambda route: route.continue_() if "blue" in _name(route) else None)
    photos.choose("red", "blue")
    expect(photos.upload("blue.jpg")).to_contain_text("Uploaded")

    photos.press("Cancel red.jpg")

    photos.flashes.expect_only("1 photo added.", "success")
    expect(photos.lines).to_have_count(1)


def _name(route: Route) -> str:
    return (route.request.post_data_buffer or b"").decode("latin-1").partition('filename="')[2][:8]


def with_held_upload(page: Page) -> tuple[Photos, list[Route]]:
    """The page while a picture is sent, and the request that waits until it may go on."""
    photos, held = Photos(page).open(), list[Route]()
    page.route(UPLOAD, lambda route: held.append(route))
    photos.choose("red")
    expect(page.get_by_role("progressbar", name="Upload of red.jpg")).to_be_visible()
    return photos, held


def test_progress_is_shown_while_a_picture_is_sent(page: Page) -> None:
    photos, held = with_held_upload(page)
    held[0].continue_()
    photos.flashes.expect_only("1 photo added.", "success")


@pytest.mark.allow(status=503)
def test_upload_that_a_busy_server_refuses_is_sent_again(page: Page) -> None:
    photos = Photos(page).open()
    page.route(UPLOAD, lambda route: route.fulfill(status=503, body="Busy"), times=1)

    photos.choose("red").flashes.expect_only("1 photo added.", "success")


def test_page_asks_before_it_is_left_amid_an_upload(page: Page) -> None:
    photos, held = with_held_upload(page)

    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Back to product").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Photos of")
    assert asked == ["beforeunload"]
    held[0].continue_()
    photos.flashes.expect_only("1 photo added.", "success")


def test_order_is_changed_by_keyboard_and_saved(page: Page) -> None:
    photos = described(page, "red", "green", "blue")

    tab_to(page.get_by_role("button", name="Move blue up"))
    page.keyboard.press("Enter")
    press(photos.save_button)

    photos.flashes.expect_only("Photos saved.", "success")
    photos.expect_descriptions(["red", "blue", "green"])


def test_order_is_changed_by_dragging(page: Page) -> None:
    photos = described(page, "red", "green", "blue")

    photos.lines.nth(2).drag_to(photos.lines.nth(0), target_position={"x": 300, "y": 5})
    photos.save_button.click()

    photos.flashes.expect_only("Photos saved.", "success")
    photos.expect_descriptions(["blue", "red", "green"])


def test_removed_photo_comes_back_by_undo(page: Page) -> None:
    photos = described(page, "red", "green")

    photos.press("Remove red")
    photos.flashes.expect_only("Photo removed.", "success")
    photos.expect_descriptions(["green"])
    photos.press("Undo")

    photos.open().expect_descriptions(["red", "green"])


def test_pictures_are_dropped_and_pasted_anywhere_on_the_page(page: Page) -> None:
    photos = Photos(page).open()
    data = page.evaluate_handle(
        """bytes => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "red.jpg", { type: "image/jpeg" }));
            return data;
        }""",
        [*photo("red")],
    )
    page.get_by_role("heading", level=1).dispatch_event("drop", {"dataTransfer": data})
    photos.flashes.expect_only("1 photo added.", "success")

    page.evaluate(
        "data => document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))",
        page.evaluate_handle(
            """bytes => {
                const data = new DataTransfer();
                data.items.add(new File([new Uint8Array(bytes)], "blue.jpg", { type: "image/jpeg" }));
                return data;
            }""",
            [*photo("blue")],
        ),
    )
    expect(photos.lines).to_have_count(2)


def test_full_view_is_opened_and_left_by_keyboard(page: Page) -> None:
    described(page, "red", "green")
    page.goto("/admin/products/details/?id=1")
    opener = page.get_by_role("region", name="Photos").get_by_role("link", name="red")

    press(opener)
    view = page.get_by_role("dialog", name="Picture")
    expect(view.get_by_role("img", name="red")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(view.get_by_role("img", name="green")).to_be_visible()
    expect(view.get_by_role("status")).to_have_text("green, 2 of 2")
    page.keyboard.press("Escape")

    expect(view).to_be_hidden()
    expect(page.get_by_role("region", name="Photos").get_by_role("link", name="green")).to_be_focused()


def test_photos_are_added_without_scripts(page_without_javascript: Page) -> None:
    photos = Photos(page_without_javascript).open().choose("red", "green")
    photos.press("Upload").flashes.expect_only("2 photos added.", "success")
    photos.description(2).fill("From above")
    photos.save_button.click()
    photos.press("Move From above up").expect_descriptions(["From above", ""])
    photos.press("Remove From above").expect_descriptions([""])


def test_second_window_that_adds_photos_loses_none(page: Page) -> None:
    first, second = Photos(page).open(), Photos(page.context.new_page()).open()
    first.choose("red").flashes.expect_only("1 photo added.", "success")
    second.choose("blue").flashes.expect_only("1 photo added.", "success")

    expect(second.lines).to_have_count(2)


def test_list_shows_the_first_photo_in_a_column(page: Page) -> None:
    described(page, "red")
    page.goto("/admin/products/?column=name&column=photo&sort=created")

    picture = page.get_by_role("table").get_by_role("img", name="red")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 160)


def test_history_shows_the_photos_before_and_after(page: Page) -> None:
    described(page, "red", "green").press("Remove red")
    page.goto("/admin/products/history/?id=1")

    newest = page.get_by_role("main").get_by_role("definition").first
    expect(newest.get_by_role("deletion").get_by_role("img")).to_have_count(2)
    expect(newest.get_by_role("insertion").get_by_role("img")).to_have_count(1)


def on_new_product(page: Page) -> Photos:
    """The form of a new product, with all that it needs but photos."""
    page.goto("/admin/products/new/")
    for label, text in {"Name": "Lamp with photos", "SKU": "PHOTO-1", "Price": "5"}.items():
        page.get_by_label(label, exact=True).fill(text)
    return Photos(page)


def test_new_product_is_created_with_its_photos(page: Page) -> None:
    photos = on_new_product(page).choose("red", "blue")
    expect(page.get_by_role("list", name="Photos").get_by_role("img")).to_have_count(2)
    photos.description(1).fill("From the front")
    page.get_by_role("checkbox", name="Add this photo").nth(1).uncheck()
    photos.press("Create product").flashes.expect_only("Product “Lamp with photos” created.", "success")

    page.get_by_role("link", name="Lamp with photos", exact=True).click()
    shown = page.get_by_role("region", name="Photos").get_by_role("img")
    expect(shown).to_have_count(1)
    expect(shown).to_have_accessible_name("From the front")


def test_new_product_waits_for_a_photo_that_is_being_uploaded(page: Page) -> None:
    held = list[Route]()
    page.route(UPLOAD, lambda route: held.append(route))
    photos = on_new_product(page).choose("red")
    expect(page.get_by_role("progressbar", name="Upload of red.jpg")).to_be_visible()

    photos.press("Create product")
    expect(page.get_by_role("status").filter(has_text="when all files are uploaded")).to_be_attached()
    held[0].continue_()

    photos.flashes.expect_only("Product “Lamp with photos” created.", "success")


@pytest.mark.allow(status=422)
def test_new_product_is_created_without_a_file_that_is_no_picture(page: Page) -> None:
    photos = on_new_product(page).choose(logo_svg=b"<svg/>")

    expect(photos.upload("logo.svg")).to_contain_text("This file is not a JPEG, PNG, WebP or GIF image.")
    photos.press("Create product").flashes.expect_only("Product “Lamp with photos” created.", "success")
