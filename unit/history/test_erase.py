"""Erasing a person from the history, whose chain stays valid."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.erase import erase_person, says_anything
from dashboard.history.models import Change, ChangeKind
from dashboard.refusal import Refusal
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_product
from unit.admin.reading import field_errors, flashes, read
from unit.conftest import ClientAs, Submit
from unit.history.erasing import EMAIL, a_person_who_left, erase
from unit.history.reading import change_sets, last_line


@pytest.fixture
def gone(app: Flask) -> int:
    with app.app_context():
        return a_person_who_left()


def everything_said() -> str:
    return " ".join(str(fields) for fields in db.session.scalars(select(Change.fields)))


@pytest.mark.security(89)
def test_erasing_removes_personal_data_and_keeps_the_chain_valid(context: Flask) -> None:
    key = a_person_who_left()
    an_account(email="grace@example.test")
    db.session.commit()
    assert "ada@" in everything_said()
    assert erase(key) == 4
    db.session.commit()
    said = everything_said()
    assert "ada@" not in said
    assert "Lovelace" not in said
    assert "grace@" in said
    verdict = verify(db.session)
    assert (verdict.erased, verdict.faults) == (4, [])


@pytest.mark.security(89)
def test_erasing_is_recorded_in_the_history(context: Flask) -> None:
    key = a_person_who_left()
    erase(key)
    db.session.commit()
    assert change_sets()[-1].kind is ChangeKind.ERASE
    assert last_line() == ("users", key, "change", None, {})


def test_existing_user_cannot_be_erased(context: Flask) -> None:
    user = an_account()
    db.session.commit()
    with pytest.raises(Refusal, match="Delete it first"):
        erase_person(db.session, "users", user.id)
    assert says_anything(db.session, "users", user.id)


@pytest.mark.parametrize("twice", [True, False])
def test_unknown_user_cannot_be_erased(context: Flask, twice: bool) -> None:
    key = a_person_who_left() if twice else 999
    if twice:
        erase(key)
        db.session.commit()
    before = len(change_sets())
    with pytest.raises(Refusal, match="nothing left"):
        erase_person(db.session, "users", key)
    assert len(change_sets()) == before


def test_erasing_needs_a_logged_in_user(context: Flask) -> None:
    key = a_person_who_left()
    before = len(change_sets())
    with pytest.raises(Refusal, match="Log in to erase a history"):
        erase_person(db.session, "users", key)
    db.session.rollback()
    assert says_anything(db.session, "users", key)
    assert len(change_sets()) == before


def test_history_of_products_cannot_be_erased(context: Flask) -> None:
    product = a_product()
    db.session.commit()
    with pytest.raises(LookupError):
        erase_person(db.session, "products", product.id)


# The page.


@pytest.fixture
def owner(client_as: ClientAs) -> FlaskClient:
    return client_as("owner")


@pytest.fixture
def says(app: Flask) -> Callable[[int], bool]:
    def says(key: int) -> bool:
        with app.app_context():
            return says_anything(db.session, "users", key)

    return says


@pytest.mark.security(89)
def test_owner_erases_user_by_typing_email(
    owner: FlaskClient, gone: int, submit: Submit, says: Callable[[int], bool]
) -> None:
    timeline = f"/admin/users/history/?id={gone}"
    page = read(owner.get(timeline).text)
    (link,) = [a for a in page.all("a") if a.text == "Erase history"]
    assert "cannot be undone" in owner.get(link.attributes["href"]).text
    wrong = submit(owner, link.attributes["href"], typed="somebody@example.test")
    assert field_errors(wrong.text) == {"typed": "The name doesn't match."}
    assert says(gone)
    answer = submit(owner, link.attributes["href"], typed=f" {EMAIL.upper()} ")
    assert answer.location == timeline
    shown = owner.get(timeline).text
    assert flashes(shown) == [("success", f"Account no. {gone} erased from 4 changes.")]
    assert EMAIL not in shown
    assert "Lovelace" not in shown
    assert shown.count("This was erased.") == 4
    assert "Erased the history" in shown
    assert "Erase history" not in shown
    assert not says(gone)
    assert EMAIL not in owner.get("/admin/history/").text


@pytest.mark.security(89)
@pytest.mark.parametrize(
    "typed",
    [
        "ada",
        "ada@",
        "ada@example",
        "@example.test",
        "example.test",
        "a",
        "aada@example.test",
        f"{EMAIL}.",
        f"{EMAIL} {EMAIL}",
    ],
)
def test_wrong_or_partial_email_erases_nothing(
    typed: str, owner: FlaskClient, gone: int, submit: Submit, says: Callable[[int], bool]
) -> None:
    answer = submit(owner, f"/admin/users/erase/?id={gone}", typed=typed)
    assert answer.status_code == 200
    assert field_errors(answer.text) == {"typed": "The name doesn't match."}
    assert f'value="{typed}"' in answer.text
    assert says(gone)


@pytest.mark.security(89)
def test_only_owners_can_erase(
    client_as: ClientAs, gone: int, submit: Submit, says: Callable[[int], bool]
) -> None:
    for role in ("viewer", "editor", "admin"):
        answer = submit(client_as(role), f"/admin/users/erase/?id={gone}", typed=EMAIL)
        assert answer.status_code == 403
    assert says(gone)


def test_user_must_be_deleted_before_erasing(
    app: Flask, owner: FlaskClient, submit: Submit, says: Callable[[int], bool]
) -> None:
    with app.app_context():
        key = db.session.scalars(select(User.id)).one()
    page = owner.get(f"/admin/users/history/?id={key}").text
    assert "You can erase this history once the account is deleted." in page
    assert "Erase history" not in page
    answer = submit(owner, f"/admin/users/erase/?id={key}", typed="owner@example.test")
    assert answer.location == f"/admin/users/history/?id={key}"
    assert flashes(owner.get(answer.location).text) == [
        ("error", "This account still exists. Delete it first.")
    ]
    assert says(key)


@pytest.mark.parametrize("number", ["", "0", "999", "x", "9" * 30])
def test_user_who_never_existed_is_not_found(number: str, owner: FlaskClient, submit: Submit) -> None:
    assert submit(owner, f"/admin/users/erase/?id={number}", typed=number).status_code == 404


def test_products_have_no_erase_page(owner: FlaskClient) -> None:
    assert owner.get("/admin/products/erase/?id=1").status_code == 404
