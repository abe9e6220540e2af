"""Targets of a login that browsers and servers parse differently."""

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.testing.accounts import PASSWORD
from unit.conftest import Submit

pytestmark = pytest.mark.security(42)

TARGETS = {
    "full-width slashes": "\N{FULLWIDTH SOLIDUS}\N{FULLWIDTH SOLIDUS}elsewhere.invalid",
    "full-width stop": "//elsewhere\N{IDEOGRAPHIC FULL STOP}invalid",
    "address as a user": "https://127.0.0.1@elsewhere.invalid/",
    "address and port as a user": "//127.0.0.1:80@elsewhere.invalid",
    "user": "//user@elsewhere.invalid",
    "slashes without end": "/" * 2_000,
    "query alone": "?next=//elsewhere.invalid",
    "second header": "/admin/products/\r\nLocation: //elsewhere.invalid",
    "script over two lines": "java\nscript:alert(1)",
}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)
def test_login_with_an_odd_target_leads_to_products(
    peopled: Flask, client: FlaskClient, submit: Submit, target: str
) -> None:
    fields = {"email": "viewer@example.test", "password": PASSWORD}
    answer = submit(client, f"/login?next={quote(target, safe='')}", **fields)
    assert (answer.status_code, answer.location) == (303, "/admin/products/")
