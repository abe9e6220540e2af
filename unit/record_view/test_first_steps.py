"""The first steps in the console of a plug-in, whose users may have no products."""

from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.permissions import Access, Role
from dashboard.records import RecordView
from dashboard.testing.markup import read
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Country, Supplier


class SupplierView(RecordView):
    """Suppliers that only admins make."""

    roles = {Access.WRITE: Role.ADMIN}  # noqa: RUF012 - as in Flask-Admin


def first_step(client: FlaskClient) -> tuple[str, list[str]]:
    """The text of the first step and the labels of its links."""
    item = read(client.get("/admin/").text).all("ol", class_="steps")[0].all("li")[0]
    return item.all("p")[0].text, [link.text for link in item.all("a")]


def own(console: With) -> Flask:
    return console(lambda: SupplierView(Supplier), lambda: RecordView(Country))


def test_kinds_that_the_user_may_create_are_offered(console: With) -> None:
    app = own(console)
    text, links = first_step(logged_in(app, "owner"))
    assert text == "To do: Add your first records or import a file"
    assert links[::2] == ["New product", "New supplier", "New country"]
    text, links = first_step(logged_in(app, "editor"))
    assert links[::2] == ["New product", "New country"]


def test_record_of_a_plug_in_ticks_the_step(console: With) -> None:
    app = own(console)
    with app.app_context():
        db.session.add(Supplier(name="Oak"))
        db.session.commit()
    assert first_step(logged_in(app, "owner")) == ("Done: Add your first records or import a file", [])
    assert first_step(logged_in(app, "editor"))[0].startswith("To do: ")
