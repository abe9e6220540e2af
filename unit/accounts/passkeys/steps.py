"""The steps of using a passkey in a browser, and the ways in which an answer can be bent."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.testing.passkeys import PRESENT, VERIFIED, Device, options_on, text_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LOGIN, BY_PASSKEY, FACTOR, CONFIRM = "/login", "/login/passkey", "/login/factor", "/login/confirm?way=passkey"
NEW, OVERVIEW = "/profile/passkeys/new", "/profile/second-factor"
Rows = Callable[[type], list]
BENT: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "http://localhost:8001"},
    "an origin of another scheme": {"origin": "https://localhost:8000"},
    "a page of another site": {"origin": "https://evil.test"},
    "another relying party": {"host": "evil.test"},
    "a challenge of nobody": {"challenge": text_of(b"x" * 32)},
    "a device without its user": {"flags": VERIFIED},
    "a user who was not verified": {"flags": PRESENT},
}
BENT_USES = {
    **BENT,
    "a making": {"kind": "webauthn.create"},
    "another key": {"key": generate_private_key(SECP256R1())},
    "the handle of another user": {"handle": b"y" * 32},
}


def use(
    submit: Callable[..., TestResponse], client: FlaskClient, page: str, device: Device, **bent: Any
) -> TestResponse:
    """Use a passkey on a page that asks for one, with a bent answer."""
    options = options_on(client.get(page).text)
    return submit(client, BY_PASSKEY if page == LOGIN else page, passkey=device.use(options, **bent))


def is_in(client: FlaskClient) -> bool:
    """Whether a browser can open a page of the console."""
    return client.get("/admin/products/").status_code == 200
