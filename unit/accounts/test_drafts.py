"""A form that was sent after its session had ended: what was typed comes back once its user logs in again."""

import re
from datetime import timedelta
from html import unescape
from random import Random
from string import ascii_letters, digits

import pytest
from flask import Flask

from dashboard.accounts.logged_out import LOG_IN_AGAIN
from dashboard.accounts.sessions import IDLE, LIFETIME
from dashboard.accounts.typed import IS_BACK, WAITS
from dashboard.catalogue.flows import update_product
from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, the_account
from dashboard.testing.answers import is_redirect
from unit.accounts.drafting import (
    FORMS,
    NEW,
    NOON,
    TYPED,
    Late,
    LogIn,
    drafts,
    each_form,
    expect_typed,
    log_and_return,
    of,
)
from unit.admin.reading import value
from unit.conftest import ClientAs, CountQueries, SetClock, Submit
from unit.digest import database_digest


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
        assert LOG_IN_AGAIN in owner.get(sent.location).text
        page = log_in(owner, sent.location).text
        assert LOG_IN_AGAIN not in page
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
        assert (saved.status_code, drafts(app)) == (303, 0)
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
        assert is_redirect(submit(owner, there, **{**typed, **rest, **versions}))
        assert drafts(app) == 0

    def test_stays_where_saving_it_was_refused(
        self, app: Flask, late: Late, submit: Submit, log_in: LogIn, stored: dict[str, int]
    ) -> None:
        owner, (address, typed) = late("owner"), of("several products", stored)
        sent = {**typed, "price_by": "1", "stock_how": "", "stock_by": "", "status": "", "category": ""}
        log_in(owner, submit(owner, address, **sent).location)
        preview = submit(owner, f"{address}?draft=1", **sent).text
        with app.app_context():
            update_product(db.session.get_one(Product, stored["product"]), {"stock": 1})
            db.session.commit()
        answer = submit(owner, f"{address}?draft=1", **sent, seen=value(preview, "seen"), confirm="1")
        assert "changed since you opened this page" in owner.get(answer.location).text
        assert value(owner.get("/admin/products/?draft=1").text, "price_by") == "1"

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
        # Nothing that packing makes shorter.
        long = "".join(Random(1).choices(ascii_letters + digits + "-_", k=8050))
        address = f"/admin/categories/edit/?id={stored['category']}&next=/admin/categories/?q={long}"
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
        assert is_redirect(submit(owner, address, name="Mine", version=value(page.text, "version")))

    def test_of_a_record_that_is_gone_can_be_copied(
        self, app: Flask, late: Late, submit: Submit, log_in: LogIn, stored: dict[str, int]
    ) -> None:
        owner = late("owner")
        sent = submit(owner, f"/admin/products/edit/?id={stored['product']}", **TYPED)
        submit(log_and_return(app, log_in), f"/admin/products/delete/?id={stored['product']}")
        page = log_in(owner, sent.location)
        assert page.status_code == 404
        assert "Your unsaved changes" in page.text
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
