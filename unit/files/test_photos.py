"""Photos of products, added and changed page by page."""

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.files.models import FileUse, StoredFile
from dashboard.files.store import files_store
from unit.files.photos import Photos, picture


def test_pictures_are_added_in_their_order(photos: Photos) -> None:
    page = photos.add(picture("red"), picture("blue")).text

    assert "2 photos added." in page
    assert len(photos.stored()) == 2
    assert page.count('loading="lazy"') == 2


def test_added_pictures_are_sent_small_medium_and_large(photos: Photos) -> None:
    photos.add(picture("red", (1000, 500)))
    [key] = photos.keys()
    sizes = {}
    for part in ("full", "medium", "small"):
        answer = photos.client.get(f"/admin/products/file/?key={key}&part={part}")
        assert answer.mimetype == "image/webp"
        sizes[part] = Image.open(io.BytesIO(answer.data)).size

    assert sizes == {"full": (1000, 500), "medium": (800, 400), "small": (160, 80)}


@pytest.mark.security(73)
def test_bytes_are_kept_for_ever_and_run_nothing(photos: Photos) -> None:
    photos.add(picture())
    headers = photos.client.get(f"/admin/products/file/?key={photos.keys()[0]}&part=small").headers

    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_file_that_is_no_picture_is_refused_by_name(photos: Photos) -> None:
    page = photos.add(picture(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", name="logo.png").text

    assert "1 photo added." in page
    assert "logo.png: This file is not a JPEG, PNG, WebP or GIF image." in page
    assert len(photos.stored()) == 1


def test_form_without_a_file_says_that_none_was_added(photos: Photos) -> None:
    assert "No file was added." in photos.add().text


def test_more_pictures_than_allowed_are_not_added(photos: Photos) -> None:
    page = photos.add(*[picture(size=(2, 2))] * 14).text

    assert "12 files at most: 2 files not added." in page
    assert len(photos.stored()) == 12
    assert "12 files at most: 1 file not added." in photos.add(picture()).text


def test_words_order_and_removal_are_changed(photos: Photos) -> None:
    photos.add(picture("red"), picture("blue"), picture("green"))
    first, second, third = photos.keys()

    photos.change(**{f"words-{second}": " The back\nof it "})
    assert [each.words for each in photos.stored()] == ["", "The back of it", ""]
    photos.change(later=first)
    assert photos.keys() == [second, first, third]
    photos.change(earlier=second)
    assert photos.keys() == [second, first, third]
    photos.change(key=[third, second, first])
    assert photos.keys() == [third, second, first]
    photos.change(remove=second)
    assert photos.keys() == [third, first]


def test_removal_is_undone(photos: Photos) -> None:
    photos.add(picture(), picture())
    before = photos.stored()
    page = photos.change(remove=before[0].key)
    assert len(photos.stored()) == 1

    photos.undo(page)

    assert photos.stored() == before


def test_words_that_are_sent_with_new_pictures_are_saved(photos: Photos) -> None:
    photos.add(picture())
    [key] = photos.keys()

    page = photos.add(picture(), **{f"words-{key}": "Front", f"opened-{key}": ""}).text

    assert "1 photo added." in page
    assert [each.words for each in photos.stored()] == ["Front", ""]


def test_pictures_are_added_although_words_sent_with_them_are_refused(photos: Photos) -> None:
    photos.add(picture())
    [key] = photos.keys()

    answer = photos.add(picture(), **{f"words-{key}": "x" * 301, f"opened-{key}": ""})

    assert answer.status_code == 422
    assert "x" * 301 in answer.text
    assert len(photos.stored()) == 2


def test_refused_file_with_a_long_name_keeps_no_other_from_being_added(photos: Photos) -> None:
    photos.add(b"no picture", picture(), name=f"{'x' * 400}.png")

    assert len(photos.stored()) == 1


def test_invisible_words_are_refused(photos: Photos) -> None:
    photos.add(picture())

    answer = photos.change(**{f"words-{photos.keys()[0]}": "\u202egpj"})

    assert "Remove the invisible characters that change the direction of the text." in answer.text


def test_long_words_are_refused_where_they_were_typed(photos: Photos) -> None:
    photos.add(picture())
    [key] = photos.keys()

    answer = photos.change(**{f"words-{key}": "x" * 301})

    assert "Use at most 300 characters; this has 301." in answer.text
    assert "x" * 301 in answer.text


def test_refusals_that_a_script_was_told_of_are_shown_again_as_text(photos: Photos) -> None:
    key = photos.upload(picture()).json["key"]

    page = photos.add(key=[key], refused=["<b>logo.svg</b>: no picture"]).text

    assert "1 photo added." in page
    assert "&lt;b&gt;logo.svg&lt;/b&gt;: no picture" in page


def test_uploaded_picture_of_another_user_is_not_added(photos: Photos, app: Flask, lamp: int) -> None:
    key = Photos(app, lamp, "admin").upload(picture()).json["key"]

    photos.add(key=[key])

    assert photos.stored() == []


@pytest.mark.parametrize("path", ["files/", "files/add/", "files/upload/"])
def test_viewers_change_no_photos(app: Flask, lamp: int, path: str, photos: Photos) -> None:
    viewer = Photos(app, lamp, "viewer")
    token = photos.token()

    answer = viewer.client.post(f"/admin/products/{path}?id={lamp}&field=photos", data={"csrf_token": token})

    assert answer.status_code in (400, 403)
    assert photos.stored() == []


def test_uploaded_picture_is_seen_by_nobody_else_before_a_record_has_it(
    photos: Photos, app: Flask, lamp: int
) -> None:
    viewer = Photos(app, lamp, "viewer")
    key = photos.upload(picture()).json["key"]
    address = f"/admin/products/file/?key={key}&part=small"
    assert photos.client.get(address).status_code == 200
    assert viewer.client.get(address).status_code == 404

    photos.add(key=[key])

    assert viewer.client.get(address).status_code == 200
    assert app.test_client().get(address).status_code == 302


@pytest.mark.parametrize("query", ["", "key=no&part=full", "key={}&part=whole", "key={}", "key={}&part=../x"])
def test_other_parts_of_files_are_not_there(photos: Photos, query: str) -> None:
    photos.add(picture())

    answer = photos.client.get(f"/admin/products/file/?{query.format(photos.keys()[0])}")

    assert answer.status_code == 404


@pytest.mark.parametrize("query", ["", "id=1&field=", "id=1&field=name", "id=999&field=photos", "id=x"])
def test_lists_that_do_not_exist_are_not_found(photos: Photos, query: str) -> None:
    assert photos.client.get(f"/admin/products/files/?{query}").status_code == 404


def test_product_shows_its_photos_and_leads_to_their_page(photos: Photos, lamp: int) -> None:
    photos.add(picture())
    page = photos.client.get(f"/admin/products/details/?id={lamp}").text

    assert f"/admin/products/file/?key={photos.keys()[0]}&amp;part=medium" in page
    assert "Edit photos" in page
    assert f"/admin/products/files/?id={lamp}&amp;field=photos" in page


def test_history_shows_the_pictures_before_and_after(photos: Photos, lamp: int) -> None:
    photos.add(picture())
    photos.add(picture("blue"))
    page = photos.client.get(f"/admin/products/history/?id={lamp}").text

    assert page.count(f"key={photos.keys()[0]}&amp;part=small") == 3
    assert page.count(f"key={photos.keys()[1]}&amp;part=small") == 1


def test_photos_come_back_from_the_trash(photos: Photos, lamp: int) -> None:
    photos.add(picture())
    before = photos.stored()
    page = photos.press(f"/admin/products/delete/?id={lamp}", "Delete product")

    photos.undo(page)

    assert photos.stored() == before


def test_deleted_product_shows_its_photos_in_the_trash(photos: Photos, lamp: int) -> None:
    photos.add(picture())
    [key] = photos.keys()
    photos.press(f"/admin/products/delete/?id={lamp}", "Delete product")

    page = photos.client.get("/admin/trash/details/?id=1").text

    assert f"key={key}&amp;part=medium" in page
    assert "Edit photos" not in page
    assert photos.client.get(f"/admin/products/file/?key={key}&part=medium").status_code == 200


def test_uses_are_noted_with_each_change(photos: Photos, app: Flask, lamp: int) -> None:
    photos.add(picture())
    photos.change(remove=photos.keys()[0])

    with app.app_context():
        [use] = db.session.scalars(select(FileUse))
        assert (use.record_kind, use.record_key) == ("products", str(lamp))


def test_nothing_is_stored_of_a_refused_file(photos: Photos, app: Flask) -> None:
    with app.app_context():
        before = {*files_store().names()}

    photos.add(b"no picture")

    with app.app_context():
        assert {*files_store().names()} == before
        assert [*db.session.scalars(select(StoredFile))] == []
