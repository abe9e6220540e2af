"""Texts typed into forms of mapped classes while a session ends: they are stored, in their console alone."""

from datetime import UTC, datetime

from flask import Flask

from dashboard.accounts.sessions import IDLE
from dashboard.testing.answers import is_redirect
from unit.accounts.drafting import drafts
from unit.admin.reading import value
from unit.conftest import ClientAs, Csrf, SetClock, Submit
from unit.record_view.conftest import logged_in

NEW = "/admin/own_suppliers/new/"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_text_of_an_ended_session_is_back_after_the_next_login(
    suppliers: Flask, csrf: Csrf, submit: Submit, set_clock: SetClock
) -> None:
    set_clock(NOON)
    late = logged_in(suppliers, "editor")
    csrf(late)
    set_clock(IDLE)
    answer = submit(late, NEW, city="Köln")
    assert is_redirect(answer)
    assert drafts(suppliers) == 1
    back = logged_in(suppliers, "editor").get(f"{NEW}?draft=1")
    assert value(back.text, "city") == "Köln"


def test_text_of_a_form_without_a_valid_token_has_its_label(suppliers: Flask) -> None:
    answer = suppliers.test_client().post(NEW, data={"csrf_token": "stale", "country_code": "Peru"})
    assert answer.status_code == 400
    assert "<dt>Country</dt>" in answer.text


def test_fields_of_another_console_are_not_typed_text(
    app: Flask, suppliers: Flask, client_as: ClientAs, csrf: Csrf, submit: Submit, set_clock: SetClock
) -> None:
    set_clock(NOON)
    late = client_as("owner")
    csrf(late)
    set_clock(IDLE)
    submit(late, "/admin/products/action/", action="delete", rowid="1", city="Köln")
    assert drafts(app) == 0
