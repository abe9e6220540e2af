"""Which drafts are stored, who sees them, and when they are deleted."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.accounts.drafts import LASTS, PER_ACCOUNT, FormDraft
from dashboard.accounts.typed import IS_BACK
from dashboard.bounds import DRAFT_BYTES
from dashboard.extensions import db
from dashboard.history.models import ChangeSet
from dashboard.testing.accounts import PASSWORD, the_account
from dashboard.testing.answers import is_redirect
from unit.accounts.drafting import NEW, TYPED, Enter, Late, drafts
from unit.admin.reading import value
from unit.conftest import ClientAs, Csrf, SetClock, Submit


class TestNoDraftIsStored:
    def test_of_a_user_who_never_logged_in(self, app: Flask, client: FlaskClient, submit: Submit) -> None:
        assert is_redirect(submit(client, NEW, **TYPED))
        assert drafts(app) == 0

    def test_of_a_made_up_session(
        self, app: Flask, client: FlaskClient, submit: Submit, client_as: ClientAs
    ) -> None:
        client_as("owner")
        with client.session_transaction() as session:
            session["_user_id"] = "made up"
        submit(client, NEW, **TYPED)
        assert drafts(app) == 0

    def test_without_a_valid_csrf_token(self, app: Flask, late: Late) -> None:
        answer = late("owner").post(NEW, data={"csrf_token": "stale", **TYPED})
        assert answer.status_code == 400
        assert drafts(app) == 0

    @pytest.mark.parametrize("how", ["sign-out", "deactivate"])
    def test_of_a_session_ended_by_an_admin(
        self, app: Flask, client_as: ClientAs, submit: Submit, csrf: Csrf, how: str
    ) -> None:
        editor = client_as("editor")
        csrf(editor)
        with app.app_context():
            key = the_account("editor").id
        submit(client_as("owner"), f"/admin/users/{how}/?id={key}")
        assert is_redirect(submit(editor, NEW, **TYPED))
        assert drafts(app) == 0

    def test_of_a_deactivated_account(self, app: Flask, late: Late, submit: Submit) -> None:
        editor = late("editor")
        with app.app_context():
            the_account("editor").active = False
            db.session.commit()
        submit(editor, NEW, **TYPED)
        assert drafts(app) == 0

    def test_of_a_session_ended_by_its_user_elsewhere(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        other = client_as("owner")
        submit(client_as("owner"), "/profile/sessions/end-others")
        submit(other, NEW, **TYPED)
        assert drafts(app) == 0

    @pytest.mark.parametrize(
        ("path", "fields"),
        [
            ("/profile/password", {"current": PASSWORD, "password": PASSWORD, "confirm": PASSWORD}),
            ("/admin/products/editing/?id=1", {}),
            ("/admin/products/delete/?id=1", {"id": "1", "seen": "1"}),
            ("/admin/products/action/", {"action": "delete", "rowid": "1", "confirm": "1"}),
        ],
    )
    def test_of_a_form_without_typed_text(
        self, app: Flask, late: Late, submit: Submit, path: str, fields: dict[str, str]
    ) -> None:
        submit(late("owner"), path, **fields)
        assert drafts(app) == 0

    def test_of_a_form_over_the_limit(self, app: Flask, late: Late, submit: Submit) -> None:
        answer = submit(late("owner"), NEW, description="é" * (DRAFT_BYTES // 2))
        assert answer.location == "/login?next=%2Fadmin%2Fproducts%2Fnew%2F"
        assert drafts(app) == 0

    def test_in_the_history(self, app: Flask, late: Late, submit: Submit, enter: Enter) -> None:
        owner = late("owner")
        with app.app_context():
            before = db.session.scalar(select(func.count(ChangeSet.id)))
        enter(owner, submit(owner, NEW, **TYPED).location)
        with app.app_context():
            assert db.session.scalar(select(func.count(ChangeSet.id))) == before


class TestADraft:
    def test_is_shown_to_no_other_user(self, app: Flask, late: Late, submit: Submit, enter: Enter) -> None:
        with app.app_context():
            the_account("admin")
            db.session.commit()
        owner = late("owner")
        page = enter(owner, submit(owner, NEW, **TYPED).location, "admin").text
        assert "FST-1" not in page
        assert IS_BACK not in page
        assert drafts(app) == 1

    def test_does_not_fill_the_form_of_another_record(
        self, late: Late, submit: Submit, enter: Enter, stored: dict[str, int]
    ) -> None:
        owner = late("owner")
        enter(owner, submit(owner, f"/admin/categories/edit/?id={stored['category']}", name="Mine").location)
        assert "Mine" not in owner.get("/admin/categories/new/?draft=1").text

    def test_is_deleted_by_logging_out(self, app: Flask, late: Late, submit: Submit, enter: Enter) -> None:
        submit(late("editor"), NEW, name="Of another user")
        owner = late("owner")
        location = submit(owner, NEW, **TYPED).location
        enter(owner, location)
        assert drafts(app) == 2
        submit(owner, "/logout")
        assert drafts(app) == 1
        assert IS_BACK not in enter(owner, location).text

    def test_is_deleted_by_logging_out_of_an_expired_session(
        self, app: Flask, late: Late, submit: Submit
    ) -> None:
        owner = late("owner")
        submit(owner, NEW, **TYPED)
        submit(owner, "/logout")
        assert drafts(app) == 0

    def test_lasts_a_day_and_is_deleted_by_any_later_login(
        self, app: Flask, late: Late, submit: Submit, enter: Enter, set_clock: SetClock
    ) -> None:
        with app.app_context():
            the_account("viewer")
            db.session.commit()
        owner = late("owner")
        location = submit(owner, NEW, **TYPED).location
        set_clock(LASTS - timedelta(seconds=1))
        enter(app.test_client(), "/login", "viewer")
        assert drafts(app) == 1
        set_clock(timedelta(seconds=1))
        assert IS_BACK not in enter(app.test_client(), location).text
        enter(app.test_client(), "/login", "viewer")
        assert drafts(app) == 0

    def test_is_deleted_with_its_account(self, app: Flask, late: Late, submit: Submit) -> None:
        submit(late("owner"), NEW, **TYPED)
        submit(late("editor"), NEW, name="Of another user")
        with app.app_context():
            db.session.delete(the_account("owner"))
            db.session.commit()
            assert "Of another user" in db.session.scalars(select(FormDraft.fields)).one()

    def test_is_replaced_by_newer_ones_of_the_same_account_only(
        self, app: Flask, late: Late, submit: Submit
    ) -> None:
        editor = late("editor")
        submit(editor, NEW, name="Theirs")
        owner = late("owner")
        for number in range(PER_ACCOUNT + 2):
            submit(owner, NEW, name=str(number))
        with app.app_context():
            left = db.session.scalars(select(FormDraft.fields).order_by(FormDraft.id)).all()
        assert len(left) == PER_ACCOUNT + 1
        assert '"Theirs"' in left[0]
        assert '"2"' in left[1]

    @pytest.mark.parametrize("key", ["0", "2", "-1", "x", "9" * 5000, "1e0", "\u0661", ""])
    def test_that_does_not_exist_is_ignored(self, late: Late, submit: Submit, enter: Enter, key: str) -> None:
        owner = late("owner")
        enter(owner, submit(owner, NEW, **TYPED).location)
        page = owner.get(NEW, query_string={"draft": key})
        assert page.status_code == 200
        assert IS_BACK not in page.text

    def test_can_contain_any_text(self, late: Late, submit: Submit, enter: Enter) -> None:
        typed = {"name": "\0 \U0001f4a1 \u202e", "description": "a\r\nb"}
        owner = late("owner")
        page = enter(owner, submit(owner, NEW, **typed).location).text
        assert "\U0001f4a1 \u202e" in value(page, "name")
