"""The first steps on the home of an empty console: who sees them, what ticks them, when they go."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.flows import find_account
from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.testing.accounts import an_invitation, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.second_factors import an_authenticator
from unit.admin.conftest import Make
from unit.admin.reading import flashes, read
from unit.conftest import ClientAs, CountQueries, Submit

pytestmark = pytest.mark.both_databases
HIDE = "/admin/first-steps/hide/"
RECORDS = "Add your first product or import a file"
COLLEAGUES = "Invite colleagues"
FACTOR = "Turn on a second factor for yourself"
LINKS = {
    RECORDS: ["/admin/products/new/", "/admin/products/import/"],
    COLLEAGUES: ["/admin/users/new/"],
    FACTOR: ["/profile/second-factor"],
}


def steps(client: FlaskClient) -> dict[str, bool]:
    """The steps on the home, each with whether it is done; only what is not done has links."""
    found = {}
    for item in [
        item for each in read(client.get("/admin/").text).all("ol", class_="steps") for item in each.all("li")
    ]:
        state, _, text = item.all("p")[0].text.partition(": ")
        found[text] = state == "Done"
        assert [link.attributes["href"] for link in item.all("a")] == ([] if found[text] else LINKS[text])
    return found


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("viewer", []),
        ("editor", [RECORDS, FACTOR]),
        ("admin", [RECORDS, COLLEAGUES, FACTOR]),
        ("owner", [RECORDS, COLLEAGUES, FACTOR]),
    ],
)
def test_steps_are_those_that_the_role_may_take(role: str, offered: list[str], client_as: ClientAs) -> None:
    assert steps(client_as(role)) == dict.fromkeys(offered, False)


def test_links_of_the_steps_open(client_as: ClientAs) -> None:
    owner = client_as("owner")
    for address in (address for links in LINKS.values() for address in links):
        assert owner.get(address).status_code == 200


def test_product_ticks_its_step(client_as: ClientAs, make: Make) -> None:
    owner = client_as("owner")
    make("categories")  # it only sorts products
    assert steps(owner) == {RECORDS: False, COLLEAGUES: False, FACTOR: False}
    make("products")
    assert steps(owner) == {RECORDS: True, COLLEAGUES: False, FACTOR: False}


def test_invitation_ticks_its_step(app: Flask, client_as: ClientAs) -> None:
    owner = client_as("owner")
    with app.app_context():
        user, _ = an_invitation("ann@example.test")
        user.active = False
        db.session.commit()
    assert not steps(owner)[COLLEAGUES]
    with app.app_context():
        find_account("ann@example.test").active = True
        db.session.commit()
    assert steps(owner) == {RECORDS: False, COLLEAGUES: True, FACTOR: False}


def test_own_second_factor_ticks_its_step(app: Flask, client_as: ClientAs) -> None:
    owner, editor = client_as("owner"), client_as("editor")
    with app.app_context():
        an_authenticator(the_account("owner"))
        db.session.commit()
    assert (steps(owner)[FACTOR], steps(editor)[FACTOR]) == (True, False)


def test_steps_are_gone_once_records_and_colleagues_are_there(client_as: ClientAs, make: Make) -> None:
    owner = client_as("owner")
    make("products")
    make("users")
    assert steps(owner) == {}
    assert "First steps" not in owner.get("/admin/").text


def test_hiding_the_steps_lasts_and_hides_them_from_nobody_else(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    owner, editor, again = client_as("owner"), client_as("editor"), client_as("owner")
    with app.app_context():
        before = (the_account("owner").version, the_account("owner").updated_at)
    answer = submit(owner, HIDE)
    assert is_redirect(answer)
    assert answer.location == "/admin/"
    assert flashes(owner.get("/admin/").text) == [("success", "First steps hidden.")]
    assert (steps(owner), steps(again)) == ({}, {})
    assert steps(editor) == {RECORDS: False, FACTOR: False}
    with app.app_context():
        assert (the_account("owner").version, the_account("owner").updated_at) == before
        assert [user.hides_first_steps for user in db.session.query(User).order_by(User.id)] == [True, False]


def test_home_with_first_steps_takes_few_queries(client_as: ClientAs, count_queries: CountQueries) -> None:
    owner = client_as("owner")
    with count_queries() as statements:
        assert steps(owner)
    assert len(statements) <= 10, statements


def test_empty_list_leads_to_the_steps_until_they_are_hidden(client_as: ClientAs, submit: Submit) -> None:
    owner = client_as("owner")
    link = '<a class="button" href="/admin/">First steps</a>'
    assert link in owner.get("/admin/products/").text
    assert link not in client_as("viewer").get("/admin/products/").text
    submit(owner, HIDE)
    assert link not in owner.get("/admin/products/").text
