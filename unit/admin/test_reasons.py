"""The reason of a change: given with any change, demanded for chosen kinds, erased with a person."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from dashboard.accounts.models import User
from dashboard.config import Settings
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import REASON_LENGTH, ChangeSet
from dashboard.history.recording import describe
from dashboard.registry import REGISTRY
from dashboard.testing.accounts import an_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_product
from dashboard.variables import SettingsError
from unit.admin.ledger import LIST, Write, change, whats
from unit.admin.reading import flashes, read, record_form
from unit.admin.reverting import the_lamp
from unit.conftest import ClientAs, MakeApp, Submit
from unit.history.erasing import erase
from unit.history.reading import change_sets

REASON = "dashboard-reason"
WHY = "The supplier raised prices"
EDIT, DELETE = "/admin/products/edit/?id=1", "/admin/products/delete/?id=1"


@pytest.fixture
def demanding(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A console whose changes of products need a reason."""
    monkeypatch.setitem(app.extensions[REGISTRY]["products"].__dict__, "reason_required", True)
    return app


def save(client: FlaskClient, submit: Submit, **fields: str) -> str:
    """Send the form of the lamp; the text of the answer, or of the page that it leads to."""
    answer = submit(client, EDIT, **{**record_form(client.get(EDIT).text).to_dict(), **fields})
    return client.get(answer.headers["Location"]).text if is_redirect(answer) else answer.text


def last_reason(app: Flask) -> str | None:
    with app.app_context():
        return change_sets()[-1].reason


@pytest.mark.both_databases
def test_reason_of_an_edit_is_in_the_history(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int
) -> None:
    save(editor, submit, stock="3", **{REASON: f"  {WHY}\r\n "})
    assert last_reason(app) == WHY
    with app.app_context():
        key = change_sets()[-1].id
        assert verify(db.session).faults == []
    for address in (LIST, f"{LIST}details/?id={key}", "/admin/products/history/?id=1"):
        assert WHY in editor.get(address).text
    assert whats(editor, "q=supplier") == ["Edited product “Oak Lamp”"]


def test_change_without_a_reason_has_none(app: Flask, editor: FlaskClient, submit: Submit, lamp: int) -> None:
    save(editor, submit, stock="3", **{REASON: " "})
    assert last_reason(app) is None


def test_reason_that_is_too_long_is_refused_and_kept(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int
) -> None:
    page = save(editor, submit, stock="3", **{REASON: "x" * (REASON_LENGTH + 1)})
    assert "Enter a reason of up to 300 characters." in page
    with app.app_context():
        assert the_lamp().stock == 7


def test_deletion_revert_and_set_back_take_a_reason(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int, write: Write
) -> None:
    made = write(change(stock=2))
    for address in (f"/admin/revert/?set={made}", DELETE):
        form = record_form(editor.get(address).text).to_dict()
        assert form[REASON] == ""
        submit(editor, address, **{**form, REASON: f"{WHY} {address}"})
        assert last_reason(app) == f"{WHY} {address}"


def test_bulk_action_and_bulk_edit_take_a_reason(
    app: Flask, editor: FlaskClient, submit: Submit, lamp: int
) -> None:
    action = "/admin/products/action/"
    question = submit(editor, action, action="archived", rowid="1")
    submit(editor, action, **{**record_form(question.text).to_dict(), REASON: WHY})
    assert last_reason(app) == WHY
    sent = {"action": "edit", "rowid": "1", "status": "active", "note": "Autumn", "confirm": "1"}
    asked = record_form(submit(editor, action, action="edit", rowid="1").text).to_dict()
    submit(editor, action, **{**asked, **sent})
    assert last_reason(app) == "Autumn"


@pytest.mark.both_databases
def test_edit_without_the_demanded_reason_is_refused_beside_it(
    demanding: Flask, editor: FlaskClient, submit: Submit, lamp: int
) -> None:
    page = save(editor, submit, stock="3")
    assert "Enter a reason for this change." in page
    (field,) = read(page).all("input", name=REASON)
    assert field.attributes["aria-invalid"] == "true"
    assert "required" in field.attributes
    assert record_form(page)["stock"] == "3"
    with demanding.app_context():
        assert the_lamp().stock == 7
    save(editor, submit, stock="3", **{REASON: WHY})
    assert last_reason(demanding) == WHY


def test_every_way_to_change_a_record_demands_a_reason(
    demanding: Flask, editor: FlaskClient, submit: Submit, lamp: int, write: Write
) -> None:
    made = write(change(stock=2))
    for address in (DELETE, f"/admin/revert/?set={made}"):
        form = record_form(editor.get(address).text).to_dict()
        answer = submit(editor, address, **form)
        assert ("error", "Enter a reason for this change.") in flashes(
            editor.get(answer.headers["Location"]).text
        )
    form = record_form(editor.get("/admin/products/new/").text).to_dict()
    new = submit(editor, "/admin/products/new/", **{**form, "name": "Elm", "sku": "E-1", "price": "1"})
    assert "Enter a reason for this change." in new.text
    action = "/admin/products/action/"
    asked = record_form(submit(editor, action, action="edit", rowid="1").text).to_dict()
    sent = {"action": "edit", "rowid": "1", "status": "draft", "stage": "preview"}
    assert "Enter a reason for this change." in submit(editor, action, **{**asked, **sent}).text
    question = record_form(submit(editor, action, action="archived", rowid="1").text).to_dict()
    submit(editor, action, **question)
    with demanding.app_context():
        lamp_now = the_lamp()
        assert (lamp_now.stock, lamp_now.status) == (2, "active")


def test_undo_and_restore_need_no_reason(
    demanding: Flask, editor: FlaskClient, submit: Submit, lamp: int
) -> None:
    page = read(save(editor, submit, stock="3", **{REASON: WHY}))
    (undo,) = [form for form in page.all("form") if form.attributes.get("action") == "/admin/revert/undo/"]
    submit(editor, "/admin/revert/undo/", **undo.fields.to_dict())
    with demanding.app_context():
        assert the_lamp().stock == 7


def test_cells_of_kinds_that_demand_a_reason_open_the_form(
    demanding: Flask, editor: FlaskClient, lamp: int
) -> None:
    (table,) = read(editor.get("/admin/products/").text).all("table", class_="records")
    assert "data-cells" not in table.attributes


def test_other_kinds_and_programs_need_no_reason(
    demanding: Flask, editor: FlaskClient, submit: Submit, write: Write
) -> None:
    write(a_product)
    assert is_redirect(submit(editor, "/admin/categories/new/", name="Lamps"))


@pytest.mark.both_databases
def test_reason_is_erased_with_the_person(app: Flask, client_as: ClientAs, write: Write) -> None:
    owner = client_as("owner")
    write(lambda: an_account(email="ada@example.test"), reason="Ada begins")

    def ada() -> User:
        return db.session.query(User).filter_by(email="ada@example.test").one()

    with app.app_context():
        key = ada().id
    write(lambda: setattr(ada(), "name", "Ada"), reason="Ada asked for it")
    write(lambda: db.session.delete(ada()), reason="Ada left")
    write(a_product, reason="Another matter")
    assert "Ada left" in owner.get(LIST).text
    with app.app_context():
        erase(key)
        db.session.commit()
        assert [each.reason for each in change_sets() if each.reason] == ["Another matter"]
        verdict = verify(db.session)
        assert (verdict.faults, verdict.erased > 0) == ([], True)
    assert "Ada" not in owner.get(f"{LIST}?q=left").text.replace("Ada left", "")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE change_sets SET reason = 'Another'",
        "UPDATE change_sets SET reason = NULL, reason_salt = NULL",
        "UPDATE change_sets SET reason_digest = NULL",
    ],
)
def test_database_refuses_to_change_a_reason(context: Flask, statement: str) -> None:
    describe(db.session, reason=WHY)
    a_product()
    db.session.commit()
    with pytest.raises(Exception, match="the history cannot be changed"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert verify(db.session).faults == []


@pytest.mark.sqlite
@pytest.mark.parametrize("value", ["'Another'", "NULL"])
def test_verification_finds_a_changed_reason(context: Flask, value: str) -> None:
    describe(db.session, reason=WHY)
    a_product()
    db.session.commit()
    begin_write(db.session)
    db.session.execute(text("DROP TRIGGER change_sets_no_update"))
    db.session.execute(text(f"UPDATE change_sets SET reason = {value}"))
    db.session.commit()
    key = db.session.query(ChangeSet).one().id
    assert verify(db.session).faults == [f"the reason of change set {key} does not say what it said"]


def test_setting_names_kinds_that_demand_a_reason(make_app: MakeApp, settings: Settings) -> None:
    app = make_app(reason_required=("products",))
    assert app.extensions[REGISTRY]["products"].reason_required
    assert not app.extensions[REGISTRY]["categories"].reason_required
    with pytest.raises(SettingsError, match="DASHBOARD_REASON_REQUIRED names no kind of record: shoes"):
        make_app(reason_required=("shoes",))
