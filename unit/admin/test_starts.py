"""Where users start: after logging in, at the root, and by the link with the name of the console."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.accounts.managing import (
    change_account,
    deactivate_accounts,
    delete_accounts,
    reactivate_accounts,
)
from dashboard.accounts.models import User
from dashboard.admin.screens.starts import MOST_VIEWS
from dashboard.extensions import db
from dashboard.history.models import Change
from dashboard.history.recording import PAST_LEDGER
from dashboard.listing.models import SavedView, StartView
from dashboard.permissions import Role
from dashboard.testing.accounts import an_account, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.second_factors import an_authenticator, code_of
from dashboard.web.starts import GONE, NOT_THERE
from unit.admin.reading import field_errors, flashes, read
from unit.admin.starting import USUAL, ask_for, choose, chosen, details, log_in, options, profile_form
from unit.conftest import ClientAs, Submit
from unit.digest import database_digest
from unit.factories.listing import a_view

pytestmark = pytest.mark.both_databases
ROOT = "/"
TELLS = [("warning", GONE)]


def brand(client: FlaskClient) -> str:
    """The address of the link with the name of the console."""
    return read(client.get("/profile").text).all("a", class_="brand")[0].attributes["href"]


def make_view(app: Flask, owner: str, **fields: Any) -> str:
    """The choice of a new view of products."""
    with app.app_context():
        key = a_view(the_account(owner), **fields).id
        db.session.commit()
    return f"view:{key}"


def address_of(choice: str) -> str:
    return f"{USUAL}?view={choice.removeprefix('view:')}&sort=name&size=25"


def test_user_who_chose_nothing_starts_as_usual(app: Flask, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    assert (viewer.get(ROOT).location, brand(viewer), chosen(viewer)) == (USUAL, "/admin/", "")
    assert log_in(app.test_client(), "viewer").location == USUAL
    assert viewer.get("/login").location == USUAL


@pytest.mark.parametrize("role", ["viewer", "editor", "admin", "owner"])
def test_every_place_of_the_navigation_can_be_chosen(role: str, app: Flask, client_as: ClientAs) -> None:
    client = client_as(role)
    nav = read(client.get("/profile").text).all("nav")[0]
    places = {link.text: link.attributes["href"] for link in nav.all("a")}
    offered = {label: value for value, label in options(client).items()}
    assert offered.pop("As usual: Products") == ""
    assert offered.keys() == places.keys()
    for label, choice in offered.items():
        choose(client, choice)
        assert client.get(ROOT).location == places[label]
        assert log_in(app.test_client(), role).location == places[label]
        assert brand(client) == ROOT
        assert client.get(places[label]).status_code == 200
    choose(client, "")
    assert (client.get(ROOT).location, brand(client)) == (USUAL, "/admin/")


def test_own_and_shared_views_can_be_chosen(app: Flask, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    own = make_view(app, "viewer", name="Mine")
    shared = make_view(app, "owner", name="Ours", audience=Role.VIEWER)
    make_view(app, "owner", name="Private")
    make_view(app, "owner", name="For admins", audience=Role.ADMIN)
    views = {value: label for value, label in options(viewer).items() if value.startswith("view:")}
    assert views == {own: "Products: Mine", shared: "Products: Ours (shared)"}
    for choice in (shared, own):
        choose(viewer, choice)
        assert viewer.get(ROOT).location == address_of(choice)
        assert log_in(app.test_client(), "viewer").location == address_of(choice)
        assert viewer.get(address_of(choice)).status_code == 200


def test_address_in_next_comes_before_the_choice(app: Flask, client_as: ClientAs) -> None:
    choose(client_as("viewer"), "categories")
    goal = "/admin/products/?q=oak"
    assert log_in(app.test_client(), "viewer", "/admin/products/%3Fq=oak").location == goal
    assert log_in(app.test_client(), "viewer", "//evil.example").location == "/admin/categories/"
    assert log_in(app.test_client(), "viewer", "/").location == "/admin/categories/"


def test_second_factor_leads_to_the_choice(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    choose(client_as("viewer"), "categories")
    with app.app_context():
        seed = an_authenticator(the_account("viewer"))
        db.session.commit()
    browser = app.test_client()
    assert log_in(browser, "viewer").location == "/login/factor"
    assert submit(browser, "/login/factor", one_time_code=code_of(seed)).location == "/admin/categories/"


@pytest.mark.parametrize(
    "choice", ["users", "view", "view:", "view:999", "view:-1", "view:x", "nowhere", "https://evil.example/"]
)
def test_unknown_choice_is_refused_and_nothing_is_stored(
    choice: str, app: Flask, client_as: ClientAs
) -> None:
    viewer = client_as("viewer")
    before = database_digest(app)
    answer = ask_for(viewer, choice)
    assert (answer.status_code, field_errors(answer.text)) == (200, {"start": NOT_THERE})
    assert database_digest(app) == before


def test_view_of_another_user_is_refused(app: Flask, client_as: ClientAs) -> None:
    answer = ask_for(client_as("viewer"), make_view(app, "owner"))
    assert field_errors(answer.text) == {"start": NOT_THERE}


def delete(view: SavedView) -> None:
    db.session.delete(view)


def unshare(view: SavedView) -> None:
    view.audience = None


def take_from_viewers(view: SavedView) -> None:
    view.audience = Role.ADMIN


def delete_its_owner(view: SavedView) -> None:
    delete_accounts(the_account("admin"), [db.session.get_one(User, view.owner_id)])


@pytest.mark.parametrize("change", [delete, unshare, take_from_viewers, delete_its_owner])
def test_lost_view_leads_to_the_usual_list_and_is_told_once(
    change: Any, app: Flask, client_as: ClientAs
) -> None:
    viewer = client_as("viewer")
    choice = make_view(app, "editor", audience=Role.VIEWER)
    choose(viewer, choice)
    with app.app_context():
        the_account("admin")
        change(db.session.get_one(SavedView, int(choice.removeprefix("view:"))))
        db.session.commit()
        # A new view must not take the place of the lost one, even where SQLite gives it the same key.
        a_view(the_account("admin"), audience=Role.VIEWER)
        db.session.commit()
    before = database_digest(app)
    assert viewer.get(ROOT).location == USUAL
    assert flashes(viewer.get(USUAL).text) == TELLS
    assert viewer.get(ROOT).location == USUAL
    assert flashes(viewer.get(USUAL).text) == []
    assert chosen(viewer) == ""
    assert database_digest(app) == before  # no page changes anything
    browser = app.test_client()
    assert log_in(browser, "viewer").location == USUAL
    assert flashes(browser.get(USUAL).text) == [*TELLS, ("success", "Logged in successfully.")]
    for client in (browser, again := app.test_client()):
        if client is again:
            log_in(client, "viewer")
        assert client.get(ROOT).location == USUAL
        assert TELLS[0] not in flashes(client.get(USUAL).text)


def test_view_that_is_shared_again_opens_again(app: Flask, client_as: ClientAs) -> None:
    viewer, choice = client_as("viewer"), make_view(app, "editor", audience=Role.VIEWER)
    choose(viewer, choice)
    for audience, address in ((None, USUAL), (Role.VIEWER, address_of(choice))):
        with app.app_context():
            db.session.scalars(select(SavedView)).one().audience = audience
            db.session.commit()
        assert viewer.get(ROOT).location == address
    assert flashes(viewer.get(address_of(choice)).text) == []


def test_lost_role_leads_to_the_usual_list(app: Flask, client_as: ClientAs) -> None:
    admin = client_as("admin")
    choose(admin, "users")
    with app.app_context():
        change_account(the_account("owner"), the_account("admin"), name="", role=Role.EDITOR)
        db.session.commit()
    assert admin.get(ROOT).location == USUAL
    assert flashes(admin.get(USUAL).text) == TELLS
    assert "users" not in options(admin)


def test_kind_that_is_gone_leads_to_the_usual_list(app: Flask, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    with app.app_context():
        db.session.execute(
            User.__table__.update().values(start="own_suppliers"), execution_options=PAST_LEDGER
        )
        db.session.commit()
    assert viewer.get(ROOT).location == USUAL
    assert flashes(viewer.get(USUAL).text) == TELLS
    choose(viewer, "categories")
    assert viewer.get(ROOT).location == "/admin/categories/"


def test_deactivated_user_starts_at_the_choice_once_reactivated(app: Flask, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    choose(viewer, "categories")
    with app.app_context():
        deactivate_accounts(the_account("owner"), [the_account("viewer")])
        db.session.commit()
    assert viewer.get(ROOT).location == "/login"
    assert log_in(app.test_client(), "viewer").status_code == 200  # the form again
    with app.app_context():
        reactivate_accounts(the_account("owner"), [the_account("viewer")])
        db.session.commit()
    assert log_in(app.test_client(), "viewer").location == "/admin/categories/"


def test_deleted_user_leaves_no_choice(app: Flask, client_as: ClientAs) -> None:
    choose(client_as("viewer"), make_view(app, "editor", audience=Role.VIEWER))
    with app.app_context():
        delete_accounts(the_account("owner"), [the_account("viewer")])
        db.session.commit()
        assert db.session.scalar(select(func.count()).select_from(StartView)) == 0
        assert db.session.scalar(select(func.count()).select_from(SavedView)) == 1


def test_choice_is_no_change_of_the_account(app: Flask, client_as: ClientAs) -> None:
    viewer = client_as("viewer")

    def noted() -> tuple[Any, ...]:
        with app.app_context():
            user = the_account("viewer")
            changes = db.session.scalar(select(func.count()).select_from(Change))
            return user.version, user.updated_at, changes

    before = noted()
    choose(viewer, "categories")
    assert noted() == before


def test_choice_holds_in_every_browser_of_the_user_alone(app: Flask, client_as: ClientAs) -> None:
    choose(client_as("viewer"), "history")
    assert client_as("viewer").get(ROOT).location == "/admin/history/"
    assert client_as("editor").get(ROOT).location == USUAL


def test_choice_made_in_another_tab_is_not_overwritten_unseen(client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    old = profile_form(viewer).fields
    choose(viewer, "categories")
    assert is_redirect(viewer.post("/profile", data={**old, "name": "Ann"}))
    assert chosen(viewer) == "categories"
    answer = viewer.post("/profile", data={**old, "name": "Ann", "start": "history"})
    assert answer.status_code == 409
    [error] = field_errors(answer.text).values()
    assert error.startswith("Your home after logging in was changed to “Categories” while this page was")
    again = details(answer.text).fields
    assert is_redirect(viewer.post("/profile", data=again))
    assert chosen(viewer) == "history"


def test_form_without_the_field_leaves_the_choice(client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    choose(viewer, "categories")
    sent = profile_form(viewer).fields
    del sent["start"], sent["opened"]
    assert is_redirect(viewer.post("/profile", data=sent))
    assert chosen(viewer) == "categories"


def test_chosen_view_is_offered_beside_many_others(app: Flask, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    with app.app_context():
        first = a_view(an_account(), audience=Role.VIEWER).id
        for screen in ("products", "categories"):
            for _ in range(30):
                a_view(the_account("viewer"), screen)
        db.session.commit()
    offered = options(viewer)
    assert len([each for each in offered if each.startswith("view:")]) == MOST_VIEWS
    assert f"view:{first}" not in offered
    with app.app_context():
        db.session.add(StartView(user_id=the_account("viewer").id, view_id=first))
        db.session.execute(User.__table__.update().values(start="view"), execution_options=PAST_LEDGER)
        db.session.commit()
    assert chosen(viewer) == f"view:{first}"
