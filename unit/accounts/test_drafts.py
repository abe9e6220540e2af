"""A form that was sent after its session had ended: what was typed comes back once its user logs in again."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dashboard.accounts.drafts import LASTS, PER_ACCOUNT, FormDraft
from dashboard.accounts.sessions import IDLE, LIFETIME
from dashboard.accounts.typed import IS_BACK, WAITS
from dashboard.bounds import DRAFT_BYTES
from dashboard.extensions import db
from dashboard.history.models import ChangeSet
from unit.accounts.test_typed import FORMS, NEW, NOON, TYPED, each_form, expect_typed, of, value
from unit.conftest import ClientAs, CountQueries, Csrf, SetClock, Submit
from unit.digest import database_digest
from unit.factories.accounts import PASSWORD, email_of, the_account
from unit.factories.catalogue import a_category, a_product

LogIn = Callable[..., TestResponse]
Late = Callable[[str], FlaskClient]


def drafts(app: Flask) -> int:
    """How many drafts are stored."""
    with app.app_context():
        return db.session.scalar(select(func.count(FormDraft.id))) or 0


@pytest.fixture
def stored(app: Flask) -> dict[str, int]:
    """The ids of a product, a category and an account that can be changed."""
    with app.app_context():
        found = {"category": a_category(name="Stools").id, "product": a_product(name="Oak Lamp").id}
        found["user"] = the_account("viewer").id
        db.session.commit()
        return found


@pytest.fixture
def log_in(submit: Submit) -> LogIn:
    """`log_in(client, location, who)` logs in at `location`; the answer is the page that it leads to."""

    def log_in(client: FlaskClient, location: str, who: str = "owner") -> TestResponse:
        answer = submit(client, location, email=email_of(who), password=PASSWORD)
        assert answer.status_code == 302
        return client.get(answer.location)

    return log_in


@pytest.fixture
def late(client_as: ClientAs, csrf: Csrf, set_clock: SetClock) -> Iterator[Late]:
    """`late(who)` is a browser whose session ended for not being used, with a form still open in it."""
    set_clock(NOON)

    def late(who: str = "owner") -> FlaskClient:
        client = client_as(who)
        csrf(client)
        set_clock(IDLE)
        return client

    yield late


class TestAFormOfASessionThatEnded:
    @each_form
    @pytest.mark.parametrize("after", [IDLE, LIFETIME])
    def test_comes_back_after_logging_in_and_is_not_saved_yet(
        self,
        app: Flask,
        client_as: ClientAs,
        submit: Submit,
        set_clock: SetClock,
        log_in: LogIn,
        stored: dict[str, int],
        form: str,
        after: timedelta,
    ) -> None:
        set_clock(NOON)
        owner = client_as("owner")
        set_clock(after)
        address, typed = of(form, stored)
        before = database_digest(app, but=("form_drafts",))
        sent = submit(owner, address, **typed, password=PASSWORD)
        assert sent.location.startswith("/login?next=")
        assert database_digest(app, but=("form_drafts",)) == before
        page = log_in(owner, sent.location).text
        expect_typed(page, typed)
        assert IS_BACK in page
        assert PASSWORD not in page

    def test_is_there_after_a_reload_until_it_is_saved(
        self, app: Flask, late: Late, submit: Submit, log_in: LogIn
    ) -> None:
        owner = late("owner")
        log_in(owner, submit(owner, NEW, **TYPED).location)
        address = f"{NEW}?draft=1"
        for _ in range(2):
            assert value(owner.get(address).text, "sku") == "FST-1"
        refused = submit(owner, address, **TYPED, price="x", currency="EUR", stock="1")
        assert (refused.status_code, drafts(app)) == (200, 1)
        saved = submit(owner, address, **TYPED, price="1", currency="EUR", stock="1", category="")
        assert (saved.status_code, drafts(app)) == (302, 0)
        assert IS_BACK not in owner.get(address).text

    @pytest.mark.parametrize("form", FORMS)
    def test_of_any_kind_is_forgotten_once_it_is_saved(
        self, app: Flask, late: Late, submit: Submit, log_in: LogIn, stored: dict[str, int], form: str
    ) -> None:
        owner, (address, typed) = late("owner"), of(form, stored)
        page = log_in(owner, submit(owner, address, **typed).location).text
        rest = {"price": "1", "currency": "EUR", "stock": "1", "category": "", "mode": "light"}
        if form == "new user":
            rest |= {"password": PASSWORD, "confirm": PASSWORD}
        versions = {name: value(page, name) for name in ("version", "opened") if f'name="{name}"' in page}
        if form == "several products":
            rest |= {"price_by": "1", "stock_how": "", "stock_by": "", "status": "", "confirm": "1"}
        there = f"{address}{'&' if '?' in address else '?'}draft=1"
        assert submit(owner, there, **{**typed, **rest, **versions}).status_code == 302
        assert drafts(app) == 0

    def test_of_two_tabs_each_comes_back(self, late: Late, submit: Submit, log_in: LogIn) -> None:
        owner = late("owner")
        first, second = (submit(owner, NEW, name=name).location for name in ("First", "Second"))
        assert value(log_in(owner, second).text, "name") == "Second"
        led_on = owner.post(first, data={"csrf_token": "stale"})
        assert value(owner.get(led_on.location).text, "name") == "First"

    def test_is_told_of_where_the_user_comes_by_another_way(
        self, late: Late, submit: Submit, log_in: LogIn, stored: dict[str, int]
    ) -> None:
        owner, address = late("owner"), f"/admin/categories/edit/?id={stored['category']}"
        submit(owner, f"{address}&next=/admin/categories/?q=a", name="Chairs")
        log_in(owner, "/login")
        page = owner.get(address).text
        assert value(page, "name") == "Stools"
        assert WAITS in page
        assert WAITS not in owner.get("/admin/categories/new/").text
        link = f"/admin/categories/edit/?draft=1&amp;id={stored['category']}"
        assert f'href="{link}">Show what you typed</a>' in page
        back = owner.get(link.replace("&amp;", "&")).text
        assert value(back, "name") == "Chairs"
        assert f'href="{address}">Start over</a>' in back

    def test_is_looked_for_only_by_those_who_had_one(
        self, late: Late, submit: Submit, log_in: LogIn, client_as: ClientAs, count_queries: CountQueries
    ) -> None:
        asked = "FROM form_drafts"
        with count_queries() as statements:
            client_as("owner").get(NEW)
        assert not any(asked in each for each in statements)
        owner = late("owner")
        page = log_in(owner, submit(owner, NEW, name="First").location).text
        assert value(page, "name") == "First"
        submit(owner, f"{NEW}?draft=1", **TYPED, price="1", currency="EUR", stock="1", category="")
        for times in (1, 0):
            with count_queries() as statements:
                owner.get("/admin/products/")
            assert sum(asked in each for each in statements) == times

    def test_whose_address_is_long_comes_back_without_the_way_back(
        self, late: Late, submit: Submit, log_in: LogIn, stored: dict[str, int]
    ) -> None:
        owner = late("owner")
        address = (
            f"/admin/categories/edit/?id={stored['category']}&next=/admin/categories/?q={'%25ff' * 1500}"
        )
        sent = submit(owner, address, name="Chairs")
        assert len(sent.location) < 200
        assert value(log_in(owner, sent.location).text, "name") == "Chairs"

    def test_still_meets_what_a_colleague_saved_since(
        self, client_as: ClientAs, submit: Submit, set_clock: SetClock, log_in: LogIn, stored: dict[str, int]
    ) -> None:
        set_clock(NOON)
        owner, address = client_as("owner"), f"/admin/categories/edit/?id={stored['category']}"
        opened = value(owner.get(address).text, "version")
        set_clock(IDLE)
        colleague = client_as("editor")
        submit(colleague, address, name="Theirs", version=value(colleague.get(address).text, "version"))
        page = log_in(owner, submit(owner, address, name="Mine", version=opened).location).text
        assert value(page, "name") == "Mine"
        answer = submit(owner, address, name="Mine", version=value(page, "version"))
        assert answer.status_code == 409

    def test_that_merged_comes_back_as_the_merge(
        self, client_as: ClientAs, submit: Submit, set_clock: SetClock, log_in: LogIn, stored: dict[str, int]
    ) -> None:
        set_clock(NOON)
        owner, address = client_as("owner"), f"/admin/categories/edit/?id={stored['category']}"
        opened = value(owner.get(address).text, "version")
        colleague = client_as("editor")
        submit(colleague, address, name="Theirs", version=value(colleague.get(address).text, "version"))
        merge = submit(owner, address, name="Mine", version=opened).text
        fields = {name: value(merge, name) for name in ("version", "opened", "yours-name")}
        set_clock(IDLE)
        for chosen in ({}, {"name": "Mine"}):
            page = log_in(owner, submit(owner, address, **fields, **chosen).location)
            assert page.status_code == 200
            if not chosen:
                assert "Merge changes to" in page.text
                assert 'value="Mine"' in page.text
                assert 'value="Theirs"' in page.text
                set_clock(IDLE)
        assert value(page.text, "name") == "Mine"
        assert submit(owner, address, name="Mine", version=value(page.text, "version")).status_code == 302

    def test_of_a_record_that_is_gone_can_be_copied(
        self, app: Flask, late: Late, submit: Submit, log_in: LogIn, stored: dict[str, int]
    ) -> None:
        owner = late("owner")
        sent = submit(owner, f"/admin/products/edit/?id={stored['product']}", **TYPED)
        submit(log_and_return(app, log_in), f"/admin/products/delete/?id={stored['product']}")
        page = log_in(owner, sent.location)
        assert page.status_code == 404
        assert "What you typed" in page.text
        assert "FST-1" in page.text

    def test_that_the_user_may_no_longer_use_is_refused(
        self, app: Flask, late: Late, submit: Submit, log_in: LogIn
    ) -> None:
        editor = late("editor")
        sent = submit(editor, NEW, **TYPED)
        with app.app_context():
            the_account("editor").role = "viewer"
            db.session.commit()
        assert log_in(editor, sent.location, "editor").status_code == 403

    def test_that_asks_before_a_deletion_asks_again(
        self,
        app: Flask,
        client_as: ClientAs,
        submit: Submit,
        set_clock: SetClock,
        log_in: LogIn,
        stored: dict[str, int],
    ) -> None:
        set_clock(NOON)
        owner, key = client_as("owner"), stored["product"]
        question = owner.get(f"/admin/products/delete/?id={key}&next=/admin/products/?q=oak").text
        asked = re.search(r'<form[^>]*action="([^"]*)" data-confirmation', question)
        assert asked
        set_clock(IDLE)
        sent = submit(owner, unescape(asked[1]), id=key, seen=value(question, "seen"))
        assert drafts(app) == 0
        page = log_in(owner, sent.location).text
        assert "Delete Oak Lamp?" in page
        assert 'name="next" value="/admin/products/?q=oak"' in page


def log_and_return(app: Flask, log_in: LogIn) -> FlaskClient:
    """Another browser of the owner."""
    client = app.test_client()
    log_in(client, "/login")
    return client


class TestNothingIsStored:
    def test_of_a_stranger(self, app: Flask, client: FlaskClient, submit: Submit) -> None:
        assert submit(client, NEW, **TYPED).status_code == 302
        assert drafts(app) == 0

    def test_of_a_token_that_is_nobodys(
        self, app: Flask, client: FlaskClient, submit: Submit, client_as: ClientAs
    ) -> None:
        client_as("owner")
        with client.session_transaction() as session:
            session["_user_id"] = "made up"
        submit(client, NEW, **TYPED)
        assert drafts(app) == 0

    def test_without_a_good_csrf_token(self, app: Flask, late: Late) -> None:
        answer = late("owner").post(NEW, data={"csrf_token": "stale", **TYPED})
        assert answer.status_code == 400
        assert drafts(app) == 0

    @pytest.mark.parametrize("how", ["sign-out", "deactivate"])
    def test_of_a_session_that_an_admin_ended(
        self, app: Flask, client_as: ClientAs, submit: Submit, csrf: Csrf, how: str
    ) -> None:
        editor = client_as("editor")
        csrf(editor)
        with app.app_context():
            key = the_account("editor").id
        submit(client_as("owner"), f"/admin/users/{how}/?id={key}")
        assert submit(editor, NEW, **TYPED).status_code == 302
        assert drafts(app) == 0

    def test_of_an_account_that_was_deactivated_after_its_session_ended(
        self, app: Flask, late: Late, submit: Submit
    ) -> None:
        editor = late("editor")
        with app.app_context():
            the_account("editor").active = False
            db.session.commit()
        submit(editor, NEW, **TYPED)
        assert drafts(app) == 0

    def test_of_a_session_that_its_user_ended_from_elsewhere(
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
    def test_where_nothing_was_typed_but_passwords(
        self, app: Flask, late: Late, submit: Submit, path: str, fields: dict[str, str]
    ) -> None:
        submit(late("owner"), path, **fields)
        assert drafts(app) == 0

    def test_of_a_form_that_is_too_long(self, app: Flask, late: Late, submit: Submit) -> None:
        answer = submit(late("owner"), NEW, description="é" * (DRAFT_BYTES // 2))
        assert answer.location == "/login?next=%2Fadmin%2Fproducts%2Fnew%2F"
        assert drafts(app) == 0

    def test_in_the_history(self, app: Flask, late: Late, submit: Submit, log_in: LogIn) -> None:
        owner = late("owner")
        with app.app_context():
            before = db.session.scalar(select(func.count(ChangeSet.id)))
        log_in(owner, submit(owner, NEW, **TYPED).location)
        with app.app_context():
            assert db.session.scalar(select(func.count(ChangeSet.id))) == before


class TestADraft:
    def test_is_shown_to_no_other_account(
        self, app: Flask, late: Late, submit: Submit, log_in: LogIn
    ) -> None:
        with app.app_context():
            the_account("admin")
            db.session.commit()
        owner = late("owner")
        page = log_in(owner, submit(owner, NEW, **TYPED).location, "admin").text
        assert "FST-1" not in page
        assert IS_BACK not in page
        assert drafts(app) == 1

    def test_fills_no_form_of_another_record(
        self, late: Late, submit: Submit, log_in: LogIn, stored: dict[str, int]
    ) -> None:
        owner = late("owner")
        log_in(owner, submit(owner, f"/admin/categories/edit/?id={stored['category']}", name="Mine").location)
        assert "Mine" not in owner.get("/admin/categories/new/?draft=1").text

    def test_is_gone_after_logging_out(self, app: Flask, late: Late, submit: Submit, log_in: LogIn) -> None:
        owner = late("owner")
        location = submit(owner, NEW, **TYPED).location
        log_in(owner, location)
        submit(owner, "/logout")
        assert drafts(app) == 0
        assert IS_BACK not in log_in(owner, location).text

    def test_is_gone_after_logging_out_of_a_session_that_had_ended(
        self, app: Flask, late: Late, submit: Submit
    ) -> None:
        owner = late("owner")
        submit(owner, NEW, **TYPED)
        submit(owner, "/logout")
        assert drafts(app) == 0

    def test_lasts_a_day_and_is_then_swept_by_any_log_in(
        self, app: Flask, late: Late, submit: Submit, log_in: LogIn, set_clock: SetClock
    ) -> None:
        with app.app_context():
            the_account("viewer")
            db.session.commit()
        owner = late("owner")
        location = submit(owner, NEW, **TYPED).location
        set_clock(LASTS - timedelta(seconds=1))
        log_in(app.test_client(), "/login", "viewer")
        assert drafts(app) == 1
        set_clock(timedelta(seconds=1))
        assert IS_BACK not in log_in(app.test_client(), location).text
        log_in(app.test_client(), "/login", "viewer")
        assert drafts(app) == 0

    def test_goes_with_its_account(self, app: Flask, late: Late, submit: Submit) -> None:
        submit(late("owner"), NEW, **TYPED)
        with app.app_context():
            db.session.delete(the_account("owner"))
            db.session.commit()
        assert drafts(app) == 0

    def test_makes_room_for_newer_ones_of_its_account_alone(
        self, app: Flask, late: Late, submit: Submit
    ) -> None:
        editor = late("editor")
        submit(editor, NEW, name="Theirs")
        owner = late("owner")
        for number in range(PER_ACCOUNT + 2):
            submit(owner, NEW, name=str(number))
        with app.app_context():
            kept = db.session.scalars(select(FormDraft.fields).order_by(FormDraft.id)).all()
        assert len(kept) == PER_ACCOUNT + 1
        assert '"Theirs"' in kept[0]
        assert '"2"' in kept[1]

    @pytest.mark.parametrize("key", ["0", "2", "-1", "x", "9" * 5000, "1e0", "\u0661", ""])
    def test_that_is_not_there_is_ignored(self, late: Late, submit: Submit, log_in: LogIn, key: str) -> None:
        owner = late("owner")
        log_in(owner, submit(owner, NEW, **TYPED).location)
        page = owner.get(NEW, query_string={"draft": key})
        assert page.status_code == 200
        assert IS_BACK not in page.text

    def test_holds_any_text(self, late: Late, submit: Submit, log_in: LogIn) -> None:
        typed = {"name": "\0 \U0001f4a1 \u202e", "description": "a\r\nb"}
        owner = late("owner")
        page = log_in(owner, submit(owner, NEW, **typed).location).text
        assert "\U0001f4a1 \u202e" in value(page, "name")
