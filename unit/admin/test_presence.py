"""The note that another user has the form open: shown, renewed, ended, and never a lock."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.leases import LASTS, EditLease, renew
from dashboard.accounts.models import User
from dashboard.accounts.people import HUES
from dashboard.admin.features.presence import in_parts
from dashboard.database.transactions import WRITES
from dashboard.extensions import db
from dashboard.history.models import ChangeSet
from dashboard.testing.accounts import the_account
from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Make
from unit.admin.reading import read, record_form
from unit.admin.screens import SCREENS, Screen
from unit.conftest import ClientAs, CountQueries, SetClock, Submit
from unit.digest import database_digest

each_screen = pytest.mark.parametrize("screen", SCREENS, ids=str)
OpenForm = Callable[[FlaskClient, str], str]
Leases = Callable[[], list[tuple[str, int, str]]]


@pytest.fixture
def leases(app: Flask) -> Leases:
    """`leases()` are the kinds and ids of the records that are being edited, and by whom."""

    def leases() -> list[tuple[str, int, str]]:
        with app.app_context():
            statement = select(EditLease.record_kind, EditLease.record_key, User.email).join(User)
            return [(kind, int(key), email) for kind, key, email in db.session.execute(statement)]

    return leases


def told(page: str) -> str:
    """The sentence of a page about other users."""
    [notice] = [each for each in read(page).all("p", role="status") if "data-editing" in each.attributes]
    return notice.text


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["Ada"], "Ada is editing this too."),
        (["Ada", "Bob"], "Ada and Bob are editing this too."),
        (["Ada", "Bob", "Cy"], "Ada, Bob and Cy are editing this too."),
        (["Ada", "Bob", "Cy", "Di"], "Ada, Bob and 2 others are editing this too."),
    ],
)
def test_sentence_names_two_others_and_counts_the_rest(names: list[str], words: str) -> None:
    assert "".join(in_parts(names)) == words


@pytest.fixture
def open_form(submit: Submit) -> OpenForm:
    """`open_form(client, address)` opens the form of a record and asks for others as its script does."""

    def open_form(client: FlaskClient, address: str) -> str:
        page = client.get(address)
        assert page.status_code == 200
        assert submit(client, address.replace("edit/", "editing/")).status_code == 200
        return page.text

    return open_form


@each_screen
def test_second_to_open_a_form_sees_who_has_it_open(
    screen: Screen, client_as: ClientAs, make: Make, open_form: OpenForm, leases: Leases
) -> None:
    key = make(screen.name)
    address = f"{screen.path}edit/?id={key}"
    assert told(open_form(client_as("admin"), address)) == ""
    assert told(open_form(client_as("owner"), address)) == "admin@example.test is editing this too."
    assert leases() == [(screen.name, key, "admin@example.test"), (screen.name, key, "owner@example.test")]


def test_name_is_shown_instead_of_the_email_and_escaped(
    app: Flask, client_as: ClientAs, make: Make, open_form: OpenForm
) -> None:
    key = make("products")
    open_form(client_as("admin"), f"/admin/products/edit/?id={key}")
    with app.app_context():
        the_account("admin").name = "<b>Ada</b>"
        db.session.commit()
    page = client_as("owner").get(f"/admin/products/edit/?id={key}").text
    assert told(page) == "<b>Ada</b> is editing this too."
    [notice] = [each for each in read(page).all("p", role="status") if "data-editing" in each.attributes]
    [circle] = notice.all("span", **{"aria-hidden": "true"})
    assert circle.attributes["data-of"] == "B"


def test_own_tabs_and_other_records_are_not_mentioned(
    client_as: ClientAs, make: Make, open_form: OpenForm
) -> None:
    editor, product, other, category = client_as("editor"), *map(make, ("products", "products", "categories"))
    open_form(client_as("admin"), f"/admin/products/edit/?id={other}")
    open_form(client_as("admin"), f"/admin/categories/edit/?id={category}")
    for _ in range(2):
        assert told(open_form(editor, f"/admin/products/edit/?id={product}")) == ""


@each_screen
def test_script_of_the_first_learns_of_the_second(
    screen: Screen, client_as: ClientAs, make: Make, open_form: OpenForm, submit: Submit
) -> None:
    key = make(screen.name)
    first, second = client_as("owner"), client_as("admin")
    for browser in (first, second):
        open_form(browser, f"{screen.path}edit/?id={key}")
    answer = submit(first, f"{screen.path}editing/?id={key}")
    assert answer.status_code == 200
    person, rest = answer.json["parts"]
    assert (person.pop("hue") in HUES, person) == (True, {"text": "admin@example.test", "initials": "A"})
    assert rest == {"text": " is editing this too."}


def test_lease_ends_after_two_minutes_unless_the_script_renews_it(
    client_as: ClientAs,
    make: Make,
    open_form: OpenForm,
    submit: Submit,
    set_clock: SetClock,
    leases: Leases,
) -> None:
    address = f"/admin/products/edit/?id={make('products')}"
    first, second = client_as("admin"), client_as("editor")
    open_form(first, address)
    set_clock(LASTS - timedelta(seconds=1))
    assert told(open_form(second, address))
    submit(first, address.replace("edit/", "editing/"))
    set_clock(LASTS - timedelta(seconds=1))
    assert told(open_form(second, address))
    set_clock(LASTS)
    assert told(open_form(second, address)) == ""
    assert [email for _, _, email in leases()] == ["editor@example.test"]  # the expired one is deleted


@pytest.mark.parametrize(("short_of_it", "words"), [(1, "admin@example.test is editing this too."), (0, "")])
def test_lease_lasts_exactly_two_minutes(
    client_as: ClientAs, make: Make, open_form: OpenForm, set_clock: SetClock, short_of_it: int, words: str
) -> None:
    address = f"/admin/products/edit/?id={make('products')}"
    admin, owner = client_as("admin"), client_as("owner")
    set_clock(timedelta(0))
    open_form(admin, address)
    set_clock(LASTS - timedelta(microseconds=short_of_it))
    assert told(open_form(owner, address)) == words


def test_saving_ends_the_lease_but_a_refused_save_does_not(
    client_as: ClientAs, make: Make, open_form: OpenForm, leases: Leases
) -> None:
    editor, address = client_as("editor"), f"/admin/products/edit/?id={make('products')}"
    form = record_form(open_form(editor, address))
    editor.post(address, data={**form, "price": "abc"})
    assert len(leases()) == 1
    assert is_redirect(editor.post(address, data={**form, "name": "New"}))
    assert leases() == []


def test_merge_page_names_who_else_has_the_form_open(
    client_as: ClientAs, make: Make, open_form: OpenForm
) -> None:
    mine, theirs = client_as("editor"), client_as("admin")
    address = f"/admin/products/edit/?id={make('products')}"
    form = record_form(mine.get(address).text)
    theirs.post(address, data={**record_form(theirs.get(address).text), "name": "Theirs"})
    open_form(theirs, address)
    assert told(mine.post(address, data={**form, "name": "Mine"}).text).startswith("Account no. 2 is")


def test_leases_are_not_in_the_history(app: Flask, client_as: ClientAs, make: Make, submit: Submit) -> None:
    key = make("products")
    client_as("editor")
    with app.app_context():
        before = len(db.session.scalars(select(ChangeSet)).all())
    browser = client_as("editor")
    browser.get(f"/admin/products/edit/?id={key}")
    submit(browser, f"/admin/products/editing/?id={key}")
    with app.app_context():
        assert len(db.session.scalars(select(ChangeSet)).all()) == before


def test_reading_a_page_writes_no_lease(app: Flask, client_as: ClientAs, make: Make, leases: Leases) -> None:
    editor, key = client_as("editor"), make("products")
    before = database_digest(app)
    for what in ("", f"details/?id={key}", f"delete/?id={key}", "new/", f"edit/?id={key}"):
        assert editor.get(f"/admin/products/{what}").status_code == 200
    assert leases() == []
    assert database_digest(app) == before


def test_script_writes_the_lease_of_the_current_user_only(
    client_as: ClientAs, make: Make, submit: Submit, leases: Leases
) -> None:
    key = make("products")
    asked = f"/admin/products/editing/?id={key}&user_id=1&record_id=9&until=2099-01-01"
    assert submit(client_as("editor"), asked).status_code == 200
    assert leases() == [("products", key, "editor@example.test")]


def test_lease_needs_a_csrf_token(client_as: ClientAs, make: Make, leases: Leases) -> None:
    assert client_as("editor").post(f"/admin/products/editing/?id={make('products')}").status_code == 400
    assert leases() == []


def test_users_who_may_not_edit_get_no_lease(
    client_as: ClientAs, make: Make, submit: Submit, leases: Leases
) -> None:
    owner = make("users", "owner", email="boss@example.test")
    admin, viewer = client_as("admin"), client_as("viewer")
    assert submit(viewer, f"/admin/products/editing/?id={make('products')}").status_code == 403
    assert submit(admin, f"/admin/users/editing/?id={owner}").status_code == 404
    assert admin.get(f"/admin/users/edit/?id={owner}").status_code == 404
    assert submit(admin, "/admin/products/editing/?id=999").status_code == 404
    assert leases() == []


def test_own_account_has_no_lease(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    admin = client_as("admin")
    with app.app_context():
        key = the_account("admin").id
    assert submit(admin, f"/admin/users/editing/?id={key}").status_code == 403


def test_deleting_an_account_deletes_its_leases(
    app: Flask, client_as: ClientAs, make: Make, open_form: OpenForm, leases: Leases
) -> None:
    open_form(client_as("editor"), f"/admin/products/edit/?id={make('products')}")
    assert len(leases()) == 1
    with app.app_context():
        db.session.delete(the_account("editor"))
        db.session.commit()
        assert db.session.scalars(select(EditLease)).all() == []


@pytest.mark.sqlite
def test_form_opens_while_another_program_writes(app: Flask, client_as: ClientAs, make: Make) -> None:
    editor, key = client_as("editor"), make("products")
    with app.app_context(), db.engine.connect().execution_options(**{WRITES: True}) as other, other.begin():
        assert editor.get(f"/admin/products/edit/?id={key}").status_code == 200


def test_number_of_queries_does_not_grow_with_the_leases(
    app: Flask, client_as: ClientAs, make: Make, submit: Submit, count_queries: CountQueries
) -> None:
    editor, key = client_as("editor"), make("products")
    taken = []
    for more in (1, 5):
        with app.app_context():
            for _ in range(more):
                user = make("users")
                with db.engine.begin() as connection:
                    renew(connection, "products", key, user)
        with count_queries() as statements:
            page = editor.get(f"/admin/products/edit/?id={key}")
        assert "editing this too" in page.text
        with count_queries() as more_statements:
            submit(editor, f"/admin/products/editing/?id={key}")
        taken.append((len(statements), len(more_statements)))
    assert taken[0] == taken[1] <= (7, 6), statements


def test_two_tabs_of_a_user_have_one_lease(
    client_as: ClientAs, make: Make, open_form: OpenForm, leases: Leases
) -> None:
    editor, address = client_as("editor"), f"/admin/products/edit/?id={make('products')}"
    open_form(editor, address)
    open_form(editor, address)
    assert len(leases()) == 1
