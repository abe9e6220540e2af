"""Lists that columns of other records narrow: saved as views, and changed as a whole."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.listing.models import SavedView
from unit.admin.reading import read, record_form, row_titles
from unit.record_view.conftest import Secretive, With, logged_in
from unit.record_view.kinds import Country, Supplier
from unit.record_view.path_kinds import CONTRACTS, Contract, ContractView, Mark, filled

pytestmark = pytest.mark.both_databases
QUERY = "supplier.city=bonn&supplier.active=yes"


class Editable(ContractView):
    """Contracts whose names can be changed together."""

    column_filters = (*ContractView.column_filters, "supplier.name")
    form_columns = ("name",)


@pytest.fixture
def contracts(console: With) -> Flask:
    """A console with contracts of suppliers, which nothing keeps from being deleted."""
    app = filled(
        console(lambda: Editable(Contract), lambda: RecordView(Supplier), lambda: RecordView(Country))
    )
    with app.app_context():
        db.session.connection().execute(update(Mark.__table__).values(contract_id=None))
        db.session.commit()
    return app


def of_all(client: FlaskClient, query: str) -> dict[str, list[str]]:
    """The fields of the question before all contracts of a list are deleted."""
    token = read(client.get(f"{CONTRACTS}/").text).fields["csrf_token"]
    sent = {"csrf_token": token, "action": "delete", "matching": query}
    return record_form(client.post(f"{CONTRACTS}/action/", data=sent).text).to_dict(flat=False)


def test_action_on_all_that_match_takes_those_of_the_list(contracts: Flask) -> None:
    editor = logged_in(contracts, "editor")
    fields = of_all(editor, "supplier.city=koeln&supplier.active=no")
    assert fields["number"] == ["1"]
    editor.post(f"{CONTRACTS}/action/", data=fields)
    with contracts.app_context():
        assert [*db.session.scalars(select(Contract.name).order_by(Contract.name))] == ["A", "B", "D"]


def test_action_stops_where_another_record_changed_what_matches(contracts: Flask) -> None:
    editor = logged_in(contracts, "editor")
    fields = of_all(editor, "supplier.city=bonn")
    assert fields["number"] == ["2"]
    with contracts.app_context():
        db.session.get(Supplier, 1).city = "Rome"
        db.session.commit()
    editor.post(f"{CONTRACTS}/action/", data=fields)
    with contracts.app_context():
        assert len([*db.session.scalars(select(Contract.name))]) == 4


def saved(client: FlaskClient, query: str) -> str:
    """The address of a new view of the list with `query`, which colleagues see too."""
    address = f"{CONTRACTS}/views/new/?next={CONTRACTS}/?{query.replace('&', '%26')}"
    fields = record_form(client.get(address).text)
    fields["name"] = "Bonn"
    client.post(address, data=fields)
    tabs = read(client.get(f"{CONTRACTS}/").text).all("nav", **{"aria-label": "Views"})
    return next(each.attributes["href"] for each in tabs[0].all("a") if each.text.startswith("Bonn"))


def test_saved_view_keeps_the_filters(contracts: Flask) -> None:
    editor = logged_in(contracts, "editor")
    assert row_titles(editor.get(saved(editor, QUERY)).text) == ["A", "B"]
    with contracts.app_context():
        assert db.session.scalars(select(SavedView.query)).one().startswith(QUERY)


def test_saved_view_by_hidden_records_says_what_it_ignored(console: With) -> None:
    app = filled(console(lambda: Editable(Contract), lambda: Secretive(Supplier)))
    html = logged_in(app, "viewer").get(f"{CONTRACTS}/?{QUERY}").text
    assert row_titles(html) == ["A", "B", "C", "D"]
    assert html.count("This option no longer exists and was ignored.") == 2
