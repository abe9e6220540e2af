"""Whose address is shown to whom, and what tells two users of one name apart."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from dashboard.testing.accounts import email_of
from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Make, Stored
from unit.admin.ledger import LIST, cells, whats
from unit.admin.reading import read, record_form
from unit.conftest import ClientAs, Submit
from unit.surface import addresses, links

ADDRESS = re.compile(r"[\w.+-]+@(?:<wbr>)?example\.test")
NAMES = {"named": "Kim Quill", "nameless": ""}


@pytest.fixture
def busy(app: Flask, client_as: ClientAs, submit: Submit, make: Make) -> Callable[[str], list[str]]:
    """`busy(name)` lets an admin and an owner of that name do all that leaves a name; what pages show it."""

    def busy(name: str) -> list[str]:
        pages = []
        for who in ("admin", "owner"):
            one = client_as(who)
            submit(one, "/profile", name=name, mode="dark")
            for screen in ("products", "categories"):
                key, gone = make(screen), make(screen)
                path = f"/admin/{screen}/"
                edit = f"{path}edit/?id={key}"
                submit(one, edit, **{**record_form(one.get(edit).text), "name": f"{who}'s {screen}"})
                submit(one, f"{path}delete/", id=str(gone), seen="99")
                submit(one, f"{path}views/new/", name=f"{who}'s view", audience="viewer")
                submit(one, f"{path}editing/?id={key}")  # holds the form open
                pages += [edit] + [f"{path}{page}/?id={key}" for page in ("details", "history", "delete")]
                pages += [f"{path}history/?id={gone}", edit]
        pages += [f"/admin/trash/details/?id={number}" for number in (1, 2)]
        return pages

    return busy


def others(html: str, own: str) -> set[str]:
    """The addresses of other users on a page."""
    return {found.replace("<wbr>", "") for found in ADDRESS.findall(html)} - {own}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_those_who_see_no_accounts_see_no_address_on_any_page(
    role: str, name: str, app: Flask, busy: Callable[[str], list[str]], client_as: ClientAs
) -> None:
    client = client_as(role)
    pages = {page: client.get(page).text for page in {*busy(name), *addresses(app, "GET")}}
    further = {link for html in pages.values() for link in links(html) if "sort=" not in link} - {*pages}
    pages |= {page: client.get(page).data.decode(errors="replace") for page in further}  # some are files
    assert len(pages) > 80
    assert {page: shown for page, html in pages.items() if (shown := others(html, email_of(role)))} == {}


@pytest.mark.parametrize("answered", ["edit", "editing"])
def test_an_answer_to_the_form_of_a_record_shows_an_editor_no_address(
    answered: str, busy: Callable[[str], list[str]], client_as: ClientAs, submit: Submit
) -> None:
    editor = client_as("editor")
    path = next(path for path in busy("") if path.startswith("/admin/products/edit/"))
    fields = {**record_form(editor.get(path).text), "name": ""}
    answer = submit(editor, path.replace("/edit/", f"/{answered}/"), **fields)
    assert "Account no. 2" in answer.text
    assert " is editing this too." in answer.text
    assert others(answer.text, "editor@example.test") == set()


def test_a_conflict_shows_an_editor_no_address(
    client_as: ClientAs, submit: Submit, make: Make, stored: Stored
) -> None:
    editor, admin, key = client_as("editor"), client_as("admin"), make("products")
    edit = f"/admin/products/edit/?id={key}"
    mine, theirs = (record_form(one.get(edit).text) for one in (editor, admin))
    assert is_redirect(submit(admin, edit, **{**theirs, "name": "Beech Lamp"}))
    answer = submit(editor, edit, **{**mine, "name": "Ash Lamp"})
    assert answer.status_code == 409
    assert "Account no. 2 changed this" in read(answer.text).text
    assert "admin@example.test" not in answer.text


@pytest.mark.parametrize(
    ("role", "who"),
    [
        ("viewer", "Kim (no. 1)"),
        ("editor", "Kim (editor@example.test)"),
        ("admin", "Kim (editor@example.test)"),
        ("owner", "Kim (editor@example.test)"),
    ],
)
def test_what_tells_users_of_a_name_apart_stands_beside_it(
    role: str, who: str, client_as: ClientAs, submit: Submit, make: Make
) -> None:
    editor, key = client_as("editor"), make("products", name="Oak Lamp")
    reader = client_as(role)
    submit(editor, "/profile", name="Kim", mode="dark")
    make("users", name="kim", email="other@example.test")
    edit, of_it = f"/admin/products/edit/?id={key}", f"id={key}"
    submit(editor, edit, **{**record_form(editor.get(edit).text), "name": "Beech Lamp"})
    assert cells(read(reader.get(LIST).text))[1] == who
    for page in (f"history/?{of_it}", f"details/?{of_it}", *(["edit/?" + of_it] if role != "viewer" else [])):
        assert who in read(reader.get(f"/admin/products/{page}").text).text
    submit(editor, "/admin/products/delete/", id=str(key), seen="99")
    if role != "viewer":
        assert who in read(reader.get("/admin/trash/").text).text
        there = reader.get(f"/admin/products/details/?{of_it}").location
        assert who in read(reader.get(there).text).text
    assert whats(reader)[0] == "Deleted product “Beech Lamp”"


def test_an_admin_is_not_told_the_address_of_an_owner(client_as: ClientAs, submit: Submit) -> None:
    admin, owner = client_as("admin"), client_as("owner")
    submit(owner, "/admin/categories/new/", name="Lamps")
    assert cells(read(admin.get(LIST).text))[1] == "Account no. 2"
    assert cells(read(owner.get(LIST).text))[1] == "owner@example.test"


def test_the_trash_is_sorted_by_names_and_not_by_addresses(
    client_as: ClientAs, submit: Submit, make: Make
) -> None:
    for who, name in (("admin", "Zoe"), ("owner", "Ada")):
        one = client_as(who)
        submit(one, "/profile", name=name, mode="dark")
        submit(one, "/admin/products/delete/", id=str(make("products", name=f"{name}'s")), seen="99")
    rows = read(client_as("editor").get("/admin/trash/?sort=by").text).all("tbody")[0].all("tr")
    assert [row.all("th")[0].text for row in rows] == ["Ada's", "Zoe's"]
