"""Files of records of a plug-in."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.records import Files, Images, RecordView
from dashboard.testing.markup import read
from unit.consoles import console_over
from unit.files.boats import Base, Boat, BoatView, FixedBoatView, OwnBoatView
from unit.files.photos import picture
from unit.importing.pages import form_with, main
from unit.record_view.conftest import logged_in, plugin

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def boats(settings: Settings) -> Iterator[Flask]:
    """A console with a boat."""
    with console_over(settings, plugin(lambda: BoatView(Boat)), Base) as app:
        with app.app_context():
            db.session.add(Boat(code="a b", name="Ada", owner="Ann"))
            db.session.commit()
        yield app


def add(client: FlaskClient, field: str, content: bytes, name: str) -> TestResponse:
    """Send a file by the form of a list."""
    address = f"/admin/own_boats/files/?id=a+b&field={field}"
    token = form_with(client.get(address), "Upload").fields["csrf_token"]
    data = {"csrf_token": token, "file": (io.BytesIO(content), name)}
    return client.post(address.replace("/files/", "/files/add/"), data=data, follow_redirects=True)


def listed(app: Flask, field: str) -> Any:
    with app.app_context():
        return db.session.scalar(select(getattr(Boat, field)))


def test_record_with_a_text_as_key_gets_pictures(boats: Flask) -> None:
    client = logged_in(boats, "editor")

    page = add(client, "pictures", picture(), "ada.png").text

    assert "1 picture added." in page
    [file] = listed(boats, "pictures")
    assert client.get(f"/admin/own_boats/file/?key={file.key}&part=small").mimetype == "image/webp"


@pytest.mark.security(73)
def test_other_files_are_downloads_with_their_name(boats: Flask) -> None:
    client = logged_in(boats, "editor")

    page = add(client, "papers", PDF, "../../Licence “ü”.pdf").text

    assert "1 paper added." in page
    [file] = listed(boats, "papers")
    assert file.words == "Licence “ü”.pdf"
    answer = client.get(f"/admin/own_boats/file/?key={file.key}&part=whole")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "Licence%20%E2%80%9C%C3%BC%E2%80%9D.pdf" in answer.headers["Content-Disposition"]


def test_files_of_other_types_are_refused(boats: Flask) -> None:
    page = add(logged_in(boats, "editor"), "papers", picture(), "licence.pdf").text

    assert "licence.pdf: Files of this type are not taken here. Use PDF and plain text." in text(page)
    assert not listed(boats, "papers")


def text(page: str) -> str:
    """The text of the main part of a page."""
    return read(page).all("main")[0].text


def test_lists_of_files_are_no_fields_and_no_facts(boats: Flask) -> None:
    client = logged_in(boats, "editor")
    add(client, "pictures", picture(), "ada.png")

    form = main(client.get("/admin/own_boats/edit/?id=a+b"))
    assert not form.all("input", name="pictures")
    assert "[[" not in client.get("/admin/own_boats/").text
    page = main(client.get("/admin/own_boats/details/?id=a+b"))
    assert [each.text for each in page.all("h2") if each.text in ("Pictures", "Papers")] == [
        "Pictures",
        "Papers",
    ]
    assert "[[" not in page.text


def test_list_shows_the_first_picture(boats: Flask) -> None:
    client = logged_in(boats, "editor")
    add(client, "pictures", picture(), "ada.png")
    [file] = listed(boats, "pictures")

    page = client.get("/admin/own_boats/").text

    assert f'<img class="thumb" src="/admin/own_boats/file/?key={file.key}&amp;part=small"' in page


def test_history_names_files_and_shows_pictures(boats: Flask) -> None:
    client = logged_in(boats, "editor")
    add(client, "papers", PDF, "licence.pdf")
    add(client, "pictures", picture(), "ada.png")
    page = client.get("/admin/own_boats/history/?id=a+b")

    assert "licence.pdf" in main(page).text
    assert f"key={listed(boats, 'pictures')[0].key}&amp;part=small" in page.text


def test_deleted_record_comes_back_with_its_files(boats: Flask) -> None:
    client = logged_in(boats, "editor")
    add(client, "pictures", picture(), "ada.png")
    before = listed(boats, "pictures")
    address = "/admin/own_boats/delete/?id=a+b"
    asked = form_with(client.get(address), "Delete boat").fields
    page = client.post(address, data=asked, follow_redirects=True)
    assert listed(boats, "pictures") is None

    client.post("/admin/revert/undo/", data=form_with(page, "Undo").fields)

    assert listed(boats, "pictures") == before


@pytest.mark.parametrize(("view", "shown"), [(BoatView, True), (OwnBoatView, False)])
def test_deleted_record_shows_its_files_unless_some_records_are_hidden(
    settings: Settings, view: type[RecordView], shown: bool
) -> None:
    with console_over(settings, plugin(lambda: view(Boat)), Base) as app:
        with app.app_context():
            db.session.add(Boat(code="a b", name="Ada", owner="Bob"))
            db.session.commit()
        client = logged_in(app, "editor")
        add(client, "pictures", picture(), "ada.png")
        add(client, "papers", PDF, "plan.pdf")
        question = client.get("/admin/own_boats/delete/?id=a+b")
        client.post("/admin/own_boats/delete/?id=a+b", data=form_with(question, "Delete boat").fields)
        page = client.get("/admin/trash/details/?id=1").text
        assert ("part=medium" in page, "plan.pdf" in page) == (shown, shown)
        for link in read(page).all("a"):
            if "/file/" in link.attributes["href"]:
                assert client.get(link.attributes["href"]).status_code == 200


def test_file_is_not_sent_to_users_who_do_not_see_its_record(settings: Settings) -> None:
    with console_over(settings, plugin(lambda: OwnBoatView(Boat)), Base) as app:
        client = logged_in(app, "editor")
        with app.app_context():
            db.session.add(Boat(code="a b", name="Ada", owner="Bob"))
            db.session.commit()
        add(client, "pictures", picture(), "ada.png")
        [file] = listed(app, "pictures")
        address = f"/admin/own_boats/file/?key={file.key}&part=small"
        assert client.get(address).status_code == 200
        with app.app_context():
            db.session.scalar(select(Boat)).owner = "Ann"
            db.session.commit()

        assert client.get(address).status_code == 404
        assert client.get("/admin/products/" + address.removeprefix("/admin/own_boats/")).status_code == 404


def test_column_of_another_type_stops_the_start_with_what_to_write(settings: Settings) -> None:
    class NameView(RecordView):
        files = (Images("name"),)

    with pytest.raises(ValueError, match=r"Boat needs name = mapped_column\(ImageList, nullable=True\)"):
        create_app(settings, [plugin(lambda: NameView(Boat))])


def test_pictures_and_files_are_told_apart(settings: Settings) -> None:
    class PaperView(RecordView):
        files = (Images("papers"),)

    with pytest.raises(ValueError, match="for Images"):
        create_app(settings, [plugin(lambda: PaperView(Boat))])


@pytest.mark.parametrize("most", [0, 101])
def test_number_of_files_is_bounded(settings: Settings, most: int) -> None:
    class ManyView(RecordView):
        files = (Files("papers", max=most),)

    with pytest.raises(ValueError, match="from 1 to 100 files"):
        create_app(settings, [plugin(lambda: ManyView(Boat))])


def test_file_of_another_list_is_not_taken_for_a_picture(boats: Flask) -> None:
    client = logged_in(boats, "editor")
    sent = form_with(client.get("/admin/own_boats/new/"), "Create boat").fields
    upload = {"csrf_token": sent["csrf_token"], "file": (io.BytesIO(PDF), "licence.pdf")}
    stored = client.post("/admin/own_boats/files/upload/?field=papers", data=upload).get_json()
    for name, value in {"code": "new", "name": "Bea", "dashboard-pictures-key": stored["key"]}.items():
        sent.setlist(name, [value])

    page = client.post("/admin/own_boats/new/", data=sent).text

    assert "1 file can no longer be added." in page
    with boats.app_context():
        assert db.session.get(Boat, "new") is None


def test_record_that_nobody_may_edit_is_not_duplicated(settings: Settings) -> None:
    with console_over(settings, plugin(lambda: FixedBoatView(Boat)), Base) as app:
        with app.app_context():
            db.session.add(Boat(code="ada", name="Ada", owner="Ann"))
            db.session.commit()
        client = logged_in(app, "owner")

        assert "Duplicate" not in client.get("/admin/own_boats/details/?id=ada").text
        assert client.get("/admin/own_boats/new/?from=ada").status_code == 403
        assert client.get("/admin/own_boats/new/").status_code == 200


def test_new_record_has_pictures_and_papers(boats: Flask) -> None:
    client = logged_in(boats, "editor")
    sent = form_with(client.get("/admin/own_boats/new/"), "Create boat").fields
    for name, value in {"code": "new", "name": "Bea"}.items():
        sent.setlist(name, [value])
    sent.setlist("dashboard-pictures-file", [(io.BytesIO(picture()), "bea.png")])
    sent.setlist("dashboard-papers-file", [(io.BytesIO(PDF), "licence.pdf")])

    page = client.post("/admin/own_boats/new/", data=sent, follow_redirects=True).text

    assert "created." in page
    with boats.app_context():
        boat = db.session.get(Boat, "new")
        assert boat is not None
        assert [each.words for each in boat.pictures] == [""]
        assert [each.words for each in boat.papers] == ["licence.pdf"]
