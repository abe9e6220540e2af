"""Trash, undo, history, cells, actions and palette, for records with keys of any type."""

import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.permissions import Access, Role
from dashboard.testing.answers import is_redirect
from dashboard.trash.models import Trashed
from unit.admin.reading import field_errors, flashes, read, record_form, row_titles
from unit.record_view.conftest import As, Guarded, With, logged_in
from unit.record_view.kinds import Base, Country, Supplier, Terms, Ticket
from unit.record_view.stored import COUNTRIES, SUPPLIERS, cell_of, confirm, rows

pytestmark = pytest.mark.both_databases
HOSTILE = "a/b & c=%<\"'ü"


def test_deleted_record_is_restored_to_the_letter_with_its_secrets(suppliers: Flask, as_role: As) -> None:
    editor, before = as_role("editor"), rows(suppliers, Supplier)
    assert is_redirect(confirm(editor, f"{SUPPLIERS}/delete/?id=2"))
    assert [row["name"] for row in rows(suppliers, Supplier)] == ["Oak & Sons", "Ash", "Birch"]
    with suppliers.app_context():
        key = db.session.scalars(select(Trashed.id)).one()
    page = editor.get(f"/admin/trash/details/?id={key}").text
    assert "nobody" not in page
    assert is_redirect(confirm(editor, f"/admin/trash/restore/?id={key}"))
    assert rows(suppliers, Supplier) == before
    with suppliers.app_context():
        assert verify(db.session).faults == []


def test_edit_is_undone_by_its_button_and_shown_in_the_history(suppliers: Flask, as_role: As) -> None:
    editor, address = as_role("editor"), f"{SUPPLIERS}/edit/?id=1"
    before = rows(suppliers, Supplier)
    editor.post(address, data={**record_form(editor.get(address).text), "city": "Rome", "rating": ""})
    page = editor.get(f"{SUPPLIERS}/").text
    [undo] = [form for form in read(page).all("form") if form.attributes["action"].endswith("/undo/")]
    assert is_redirect(editor.post(undo.attributes["action"], data=undo.fields))
    assert rows(suppliers, Supplier) == before
    timeline = read(editor.get(f"{SUPPLIERS}/history/?id=1").text).all("main")[0].text
    assert re.findall(r"Undone|Edited|Created", timeline)[:3] == ["Undone", "Edited", "Created"]
    assert "Bonn" in timeline


def test_undo_is_refused_after_another_change_of_a_kind_without_version(
    suppliers: Flask, as_role: As
) -> None:
    editor, other, address = as_role("editor"), as_role("admin"), f"{SUPPLIERS}/edit/?id=1"
    editor.post(address, data={**record_form(editor.get(address).text), "city": "Rome"})
    [undo] = [
        form
        for form in read(editor.get(f"{SUPPLIERS}/").text).all("form")
        if form.attributes["action"].endswith("/undo/")
    ]
    other.post(address, data={**record_form(other.get(address).text), "rating": "1"})
    editor.post(undo.attributes["action"], data=undo.fields)
    assert "has since been changed" in flashes(editor.get(f"{SUPPLIERS}/").text)[0][1]
    assert rows(suppliers, Supplier)[0]["city"] == "Rome"


def editable() -> RecordView:
    """Suppliers with cells that can be edited."""
    view: type[RecordView] = type("Cells", (RecordView,), {"column_editable_list": ("terms", "active")})
    return view(Supplier)


def test_cell_is_saved_unless_another_user_changed_it(console: With) -> None:
    app = console(editable)
    with app.app_context():
        db.session.add(Supplier(name="Oak"))
        db.session.commit()
    editor = logged_in(app, "editor")
    page = editor.get(f"{SUPPLIERS}/").text
    versions = read(page).all("table")[0].attributes["data-versions"]
    sent = {"id": "1", "version": versions, "csrf_token": read(page).fields["csrf_token"]}

    def save(field: str, value: str, **changes: str) -> Any:
        return editor.post(f"{SUPPLIERS}/cell/", data={**sent, "field": field, "value": value, **changes})

    assert save("active", "no").status_code == 200
    assert save("terms", "net_60").json["shown"] == "Net 60"
    late = save("terms", "net_30")
    assert (late.status_code, late.json["error"]) == (
        409,
        "You (in another window) changed this just now, to Net 60.",
    )
    assert save("terms", "net_30", version=late.json["version"]).status_code == 200
    [row] = rows(app, Supplier)
    assert (row["terms"], row["active"]) == (Terms.net_30, False)


class Versioned(Base):
    """A record with a version."""

    __tablename__ = "own_versioned"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    done: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


def test_cell_of_a_record_with_a_version_is_saved(console: With) -> None:
    view = type("Cells", (RecordView,), {"column_editable_list": ("done",)})
    app = console(lambda: view(Versioned))
    with app.app_context():
        db.session.add(Versioned(name="Oak"))
        db.session.commit()
    editor = logged_in(app, "editor")
    sent = cell_of(editor, "/admin/own_versioned", "done", "yes")
    assert editor.post("/admin/own_versioned/cell/", data=sent).status_code == 200
    assert editor.post("/admin/own_versioned/cell/", data=sent).status_code == 409
    assert [(row["done"], row["version"]) for row in rows(app, Versioned)] == [(True, 2)]


@pytest.mark.parametrize("key", ["de", HOSTILE[:10]])
def test_record_with_a_text_for_a_key_has_all_its_pages(console: With, key: str) -> None:
    app = console(lambda: RecordView(Country))
    editor = logged_in(app, "editor")
    form = record_form(editor.get(f"{COUNTRIES}/new/").text)
    assert is_redirect(editor.post(f"{COUNTRIES}/new/", data={**form, "code": key, "name": "Germany"}))
    html = editor.get(f"{COUNTRIES}/").text
    assert row_titles(html) == ["Germany"]
    links = [link.attributes["href"] for link in read(html).all("tbody")[0].all("a")]
    assert len(links) == 3
    assert [editor.get(link).status_code for link in links] == [200, 200, 200]
    at = f"?id={quote(key, safe='')}"
    form = record_form(editor.get(f"{COUNTRIES}/edit/{at}").text)
    assert "code" not in form
    assert is_redirect(editor.post(f"{COUNTRIES}/edit/{at}", data={**form, "name": "Allemagne"}))
    assert "Allemagne" in editor.get(f"{COUNTRIES}/history/{at}").text
    assert editor.get("/admin/history/").status_code == 200
    found = editor.get("/admin/palette/?" + urlencode({"q": "alle"})).json["groups"][0]["items"]
    assert editor.get(found[0]["url"]).status_code == 200
    assert is_redirect(confirm(editor, f"{COUNTRIES}/delete/{at}"))
    assert rows(app, Country) == []
    assert is_redirect(confirm(editor, f"/admin/trash/restore/?id={trashed(app)}"))
    assert rows(app, Country) == [{"code": key, "name": "Allemagne"}]


def trashed(app: Flask) -> int:
    """The number of the one record in the trash."""
    with app.app_context():
        return db.session.scalars(select(Trashed.id)).one()


def test_record_without_a_name_is_known_by_its_key(console: With) -> None:
    app = console(lambda: RecordView(Ticket))
    editor = logged_in(app, "editor")
    form = record_form(editor.get("/admin/own_tickets/new/").text)
    editor.post("/admin/own_tickets/new/", data={**form, "weight": "7"})
    [row] = rows(app, Ticket)
    html = editor.get("/admin/own_tickets/").text
    assert row_titles(html) == [str(row["number"])]
    assert flashes(html) == [("success", f"Ticket “{row['number']}” created.")]


def test_all_that_match_are_deleted_together_and_the_others_stay(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    token = read(editor.get(f"{SUPPLIERS}/").text).fields["csrf_token"]
    sent = {"csrf_token": token, "action": "delete", "rowid": ["2", "3"]}
    question = editor.post(f"{SUPPLIERS}/action/", data=sent)
    assert is_redirect(editor.post(f"{SUPPLIERS}/action/", data=record_form(question.text)))
    assert [row["name"] for row in rows(suppliers, Supplier)] == ["Oak & Sons", "Birch"]


def test_record_that_others_refer_to_says_what_happens_to_them(suppliers: Flask, as_role: As) -> None:
    editor = as_role("owner")
    answer = confirm(editor, f"{SUPPLIERS}/delete/?id=1")
    assert answer.status_code == 200
    assert "1 supplier refers to it. Choose what happens to it." in answer.text
    assert [*field_errors(answer.text).values()] == ["Choose what happens to it."]
    assert len(rows(suppliers, Supplier)) == 4


@pytest.mark.parametrize(
    ("switch", "pages"),
    [
        ("can_create", {"new/": 403, "": 200, "details/?id=1": 200}),
        ("can_edit", {"edit/?id=1": 403, "new/": 200, "": 200}),
        ("can_delete", {"delete/?id=1": 404, "edit/?id=1": 200, "": 200}),
        ("can_export", {"export/csv/": 404, "": 200}),
    ],
)
def test_attribute_switches_a_page_off(console: With, switch: str, pages: dict[str, int]) -> None:
    view = type("Limited", (RecordView,), {switch: False, "column_editable_list": ["active"]})
    app = console(lambda: view(Supplier))
    with app.app_context():
        db.session.add(Supplier(name="Oak"))
        db.session.commit()
    owner = logged_in(app, "owner")
    assert {page: owner.get(f"{SUPPLIERS}/{page}").status_code for page in pages} == pages
    html = owner.get(f"{SUPPLIERS}/").text
    linked = {link.attributes["href"].split("?")[0] for link in read(html).all("a")}
    assert not linked & {
        f"{SUPPLIERS}/{page}".split("?")[0] for page, status in pages.items() if status != 200
    }


def test_other_records_are_restored_where_a_kind_cannot_be_deleted(console: With) -> None:
    view = type("Fixed", (RecordView,), {"can_delete": False})
    app = console(lambda: view(Supplier), lambda: RecordView(Country))
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.commit()
    owner = logged_in(app, "owner")
    confirm(owner, f"{COUNTRIES}/delete/?id=de")
    token = read(owner.get("/admin/trash/").text).fields["csrf_token"]
    chosen = {"csrf_token": token, "action": "restore", "rowid": str(trashed(app))}
    question = owner.post("/admin/trash/action/", data=chosen)
    assert is_redirect(owner.post("/admin/trash/action/", data=record_form(question.text)))
    assert rows(app, Country) == [{"code": "de", "name": "Germany"}]


def test_rows_that_a_user_may_not_restore_have_no_button(console: With) -> None:
    view = type("ByAdmins", (RecordView,), {"roles": {Access.WRITE: Role.ADMIN}})
    app = console(lambda: view(Supplier), lambda: RecordView(Country))
    with app.app_context():
        db.session.add_all([Supplier(name="Oak"), Country(code="de", name="Germany")])
        db.session.commit()
    admin, editor = logged_in(app, "admin"), logged_in(app, "editor")
    confirm(admin, f"{SUPPLIERS}/delete/?id=1")
    supplier = trashed(app)
    confirm(admin, f"{COUNTRIES}/delete/?id=de")
    for client, names in ((admin, ["Germany", "Oak"]), (editor, ["Germany"])):
        page = read(client.get("/admin/trash/").text)
        labels = [button.attributes.get("aria-label", "") for button in page.all("button", name="id")]
        assert labels == [f"Restore {name}" for name in names]
    token = read(editor.get("/admin/trash/").text).fields["csrf_token"]
    answer = editor.post("/admin/trash/restore/", data={"csrf_token": token, "id": supplier})
    assert (answer.status_code, rows(app, Supplier)) == (404, [])


class AdminsOnly(RecordView):
    """Countries that only admins may see."""

    roles = {Access.READ: Role.ADMIN}  # noqa: RUF012


def test_names_of_records_that_a_role_may_not_see_are_on_no_page(console: With) -> None:
    app = console(lambda: RecordView(Supplier), lambda: AdminsOnly(Country))
    with app.app_context():
        db.session.add(Country(code="de", name="Atlantis"))
        db.session.flush()
        db.session.add(Supplier(name="Oak", country_code="de"))
        db.session.commit()
    editor, admin = logged_in(app, "editor"), logged_in(app, "admin")
    pages = [
        *("?column=country_code", "?column=country_code&sort=country_code", "?country_code=de"),
        *("details/?id=1", "edit/?id=1", "history/?id=1", "export/csv/"),
    ]
    shown = {page: "Atlantis" in editor.get(f"{SUPPLIERS}/{page}").text for page in pages}
    assert shown == dict.fromkeys(pages, False)
    assert "Atlantis" in admin.get(f"{SUPPLIERS}/details/?id=1").text
    form = record_form(editor.get(f"{SUPPLIERS}/edit/?id=1").text)
    assert is_redirect(editor.post(f"{SUPPLIERS}/edit/?id=1", data={**form, "city": "Rome"}))
    assert rows(app, Supplier)[0]["country_code"] == "de"


def test_query_of_the_class_decides_what_is_seen_anywhere(guarded: Flask) -> None:
    client = logged_in(guarded, "owner")
    assert row_titles(client.get(f"{SUPPLIERS}/").text) == ["Oak"]
    hidden = next(row["id"] for row in rows(guarded, Supplier) if row["name"] == "Elm")
    pages = ("details", "edit", "delete", "history")
    assert {client.get(f"{SUPPLIERS}/{page}/?id={hidden}").status_code for page in pages} == {404}
    assert "Elm" not in client.get(f"{SUPPLIERS}/export/csv/").text
    assert "Elm" not in client.get("/admin/palette/?q=elm").text
    assert "Elm" not in client.get("/admin/history/").text


def test_hook_that_refuses_keeps_what_was_typed_and_writes_nothing(guarded: Flask) -> None:
    client = logged_in(guarded, "editor")
    before, address = rows(guarded, Supplier), f"{SUPPLIERS}/edit/?id=1"
    form = record_form(client.get(address).text)
    answer = client.post(address, data={**form, "rating": "6", "city": "Rome"})
    assert "A rating is at most 5." in answer.text
    assert record_form(answer.text)["city"] == "Rome"
    assert rows(guarded, Supplier) == before
    assert Guarded.called == []


def test_hook_after_the_commit_cannot_take_the_change_back(guarded: Flask) -> None:
    client = logged_in(guarded, "editor")
    address = f"{SUPPLIERS}/edit/?id=1"
    client.post(address, data={**record_form(client.get(address).text), "city": "Nowhere"})
    assert Guarded.called == ["change Oak False", "after 1"]
    assert rows(guarded, Supplier)[0]["city"] == "Nowhere"
    assert [kind for kind, _ in flashes(client.get(f"{SUPPLIERS}/").text)] == ["success", "warning"]
