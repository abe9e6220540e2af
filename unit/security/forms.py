"""Signed fields of forms, and registering as a browser does."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.testing.accounts import PASSWORD
from unit.security.conftest import HOST

FIELDS = {"password": PASSWORD, "confirm": PASSWORD}


def register_through(client: FlaskClient, address: str, email: str) -> TestResponse:
    """Register as a browser does: open the form, then send it with its token."""
    token = client.get(address).text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    headers = {"Referer": f"https://{HOST}{address}"}
    return client.post(address, data={"email": email, "csrf_token": token, **FIELDS}, headers=headers)


def version_in(client: FlaskClient, address: str) -> str:
    """Return the signed version in the form at an address."""
    return (
        client.get(address)
        .text.partition('name="dashboard-version" type="hidden" value="')[2]
        .partition('"')[0]
    )
