"""The draft of a form that was sent after its session expired: it is shown after the next login."""

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
    Enter,
    Late,
    drafts,
    each_form,
    expect_typed,
    logged_in_again,
    of,
)
from unit.admin.reading import value
from unit.conftest import ClientAs, CountQueries, SetClock, Submit
from unit.digest import database_digest


class TestAFormOfAnExpiredSession:
    @each_form
    @pytest.mark.parametrize("after", [IDLE, LIFETIME])
    def test_comes_back_unsaved_after_logging_in(
        self,
        app: Flask,
        client_as: ClientAs,
        submit: Submit,
        set_clock: SetClock,
        enter: Enter,
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
        page = enter(owner, sent.location).text
        assert LOG_IN_AGAIN not in page
        expect_typed(page, typed)
        assert IS_BACK in page
        assert PASSWORD not in page

    def test_survives_reloads_until_it_is_saved(
        self, app: Flask, late: Late, submit: Submit, enter: Enter
    ) -> None:
        owner = late("owner")
        enter(owner, submit(owner, NEW, **TYPED).location)
        address = f"{NEW}?draft=1"
        for _ in range(2):
            assert value(owner.get(address).text, "sku") == "FST-1"
        refused = submit(owner, address, **TYPED, price="x", currency="EUR", stock="1")
        assert (refused.status_code, drafts(app)) == (200, 1)
        saved = submit(owner, address, **TYPED, price="1", currency="EUR", stock="1", category="")
        assert (saved.status_code, drafts(app)) == (303, 0)
        assert IS_BACK not in owner.get(address).text

    def test_stays_if_the_form_is_sent_to_an_address_without_its_slash(
        self, app: Flask, late: Late, submit: Submit, enter: Enter
    ) -> None:
        owner = late("owner")
        enter(owner, submit(owner, NEW, **TYPED).location)
        sent = submit(owner, f"{NEW.rstrip('/')}?draft=1", **TYPED)
        assert (sent.status_code, drafts(app)) == (308, 1)

    @pytest.mark.parametrize("form", FORMS)
    def test_of_any_kind_is_deleted_once_it_is_saved(
        self, app: Flask, late: Late, submit: Submit, enter: Enter, stored: dict[str, int], form: str
    ) -> None:
        owner, (address, typed) = late("owner"), of(form, stored)
        page = enter(owner, submit(owner, address, **typed).location).text
        rest = {"price": "1", "currency": "EUR", "stock": "1", "category": "", "mode": "light"}
        if form == "new user":
            rest |= {"password": PASSWORD, "confirm": PASSWORD}
        versions = {
            name: value(page, name)
            for name in ("dashboard-version", "dashboard-opened")
            if f'name="{name}"' in page
        }
        if form == "several products":
            rest |= {"price_by": "1", "stock_how": "", "stock_by": "", "status": "", "confirm": "1"}
        there = f"{address}{'&' if '?' in address else '?'}draft=1"
        assert is_redirect(submit(owner, there, **{**typed, **rest, **versions}))
        assert drafts(app) == 0

    def test_stays_if_saving_it_was_refused(
        self, app: Flask, late: Late, submit: Submit, enter: Enter, stored: dict[str, int]
    ) -> None:
        owner, (address, typed) = late("owner"), of("several products", stored)
        sent = {**typed, "price_by": "1", "stock_how": "", "stock_by": "", "status": "", "category": ""}
        enter(owner, submit(owner, address, **sent).location)
        preview = submit(owner, f"{address}?draft=1", **sent).text
        with app.app_context():
            update_product(db.session.get_one(Product, stored["product"]), {"stock": 1})
            db.session.commit()
        answer = submit(owner, f"{address}?draft=1", **sent, seen=value(preview, "seen"), confirm="1")
        assert "changed since you opened this page" in owner.get(answer.location).text
        assert value(owner.get("/admin/products/?draft=1").text, "price_by") == "1"

    def test_of_each_of_two_tabs_comes_back(self, late: Late, submit: Submit, enter: Enter) -> None:
        owner = late("owner")
        first, second = (submit(owner, NEW, name=name).location for name in ("First", "Second"))
        assert value(enter(owner, second).text, "name") == "Second"
        led_on = owner.post(first, data={"csrf_token": "stale"})
        assert value(owner.get(led_on.location).text, "name") == "First"

    def test_is_announced_if_the_form_is_opened_another_way(
        self, late: Late, submit: Submit, enter: Enter, stored: dict[str, int]
    ) -> None:
        owner, address = late("owner"), f"/admin/categories/edit/?id={stored['category']}"
        submit(owner, f"{address}&next=/admin/categories/?q=a", name="Chairs")
        enter(owner, "/login")
        page = owner.get(address).text
        assert value(page, "name") == "Stools"
        assert WAITS in page
        assert WAITS not in owner.get("/admin/categories/new/").text
        link = f"/admin/categories/edit/?draft=1&amp;id={stored['category']}"
        assert f'href="{link}">Show unsaved changes</a>' in page
        back = owner.get(link.replace("&amp;", "&")).text
        assert value(back, "name") == "Chairs"
        assert f'href="{address}">Start over</a>' in back

    def test_is_looked_up_only_in_sessions_with_drafts(
        self,
        late: Late,
        submit: Submit,
        enter: Enter,
        client_as: ClientAs,
        count_queries: CountQueries,
    ) -> None:
        asked = "FROM form_drafts"
        with count_queries() as statements:
            client_as("owner").get(NEW)
        assert not any(asked in each for each in statements)
        owner = late("owner")
        page = enter(owner, submit(owner, NEW, name="First").location).text
        assert value(page, "name") == "First"
        submit(owner, f"{NEW}?draft=1", **TYPED, price="1", currency="EUR", stock="1", category="")
        for times in (1, 0):
            with count_queries() as statements:
                owner.get("/admin/products/")
            assert sum(asked in each for each in statements) == times

    def test_with_a_long_address_comes_back_without_next(
        self, late: Late, submit: Submit, enter: Enter, stored: dict[str, int]
    ) -> None:
        owner = late("owner")
        # Random characters, which packing does not shorten.
        long = "".join(Random(1).choices(ascii_letters + digits + "-_", k=8050))
        address = f"/admin/categories/edit/?id={stored['category']}&next=/admin/categories/?q={long}"
        sent = submit(owner, address, name="Chairs")
        assert len(sent.location) < 200
        assert value(enter(owner, sent.location).text, "name") == "Chairs"

    @pytest.mark.parametrize("sent_as", ["dashboard-version", "version"], ids=["now", "before an upgrade"])
    def test_still_conflicts_with_a_newer_change(
        self,
        sent_as: str,
        client_as: ClientAs,
        submit: Submit,
        set_clock: SetClock,
        enter: Enter,
        stored: dict[str, int],
    ) -> None:
        set_clock(NOON)
        owner, address = client_as("owner"), f"/admin/categories/edit/?id={stored['category']}"
        opened = value(owner.get(address).text, "dashboard-version")
        set_clock(IDLE)
        colleague = client_as("editor")
        submit(
            colleague,
            address,
            name="Theirs",
            **{"dashboard-version": value(colleague.get(address).text, "dashboard-version")},
        )
        page = enter(owner, submit(owner, address, name="Mine", **{sent_as: opened}).location).text
        assert value(page, "name") == "Mine"
        answer = submit(
            owner, address, name="Mine", **{"dashboard-version": value(page, "dashboard-version")}
        )
        assert answer.status_code == 409

    def test_of_a_merge_comes_back_as_the_merge(
        self,
        client_as: ClientAs,
        submit: Submit,
        set_clock: SetClock,
        enter: Enter,
        stored: dict[str, int],
    ) -> None:
        set_clock(NOON)
        owner, address = client_as("owner"), f"/admin/categories/edit/?id={stored['category']}"
        opened = value(owner.get(address).text, "dashboard-version")
        colleague = client_as("editor")
        submit(
            colleague,
            address,
            name="Theirs",
            **{"dashboard-version": value(colleague.get(address).text, "dashboard-version")},
        )
        merge = submit(owner, address, name="Mine", **{"dashboard-version": opened}).text
        fields = {
            name: value(merge, name) for name in ("dashboard-version", "dashboard-opened", "yours-name")
        }
        set_clock(IDLE)
        for chosen in ({}, {"name": "Mine"}):
            page = enter(owner, submit(owner, address, **fields, **chosen).location)
            assert page.status_code == 200
            if not chosen:
                assert "Merge changes to" in page.text
                assert 'value="Mine"' in page.text
                assert 'value="Theirs"' in page.text
                set_clock(IDLE)
        assert value(page.text, "name") == "Mine"
        assert is_redirect(
            submit(
                owner, address, name="Mine", **{"dashboard-version": value(page.text, "dashboard-version")}
            )
        )

    def test_of_a_deleted_record_is_shown_for_copying(
        self, app: Flask, late: Late, submit: Submit, enter: Enter, stored: dict[str, int]
    ) -> None:
        owner = late("owner")
        sent = submit(owner, f"/admin/products/edit/?id={stored['product']}", **TYPED)
        submit(logged_in_again(app, enter), f"/admin/products/delete/?id={stored['product']}")
        page = enter(owner, sent.location)
        assert page.status_code == 404
        assert "Your unsaved changes" in page.text
        assert "FST-1" in page.text

    def test_is_refused_if_the_user_lost_permission(
        self, app: Flask, late: Late, submit: Submit, enter: Enter
    ) -> None:
        editor = late("editor")
        sent = submit(editor, NEW, **TYPED)
        with app.app_context():
            the_account("editor").role = "viewer"
            db.session.commit()
        assert enter(editor, sent.location, "editor").status_code == 403

    def test_that_confirms_a_deletion_asks_again(
        self,
        app: Flask,
        client_as: ClientAs,
        submit: Submit,
        set_clock: SetClock,
        enter: Enter,
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
        page = enter(owner, sent.location).text
        assert "Delete Oak Lamp?" in page
        assert 'name="next" value="/admin/products/?q=oak"' in page
