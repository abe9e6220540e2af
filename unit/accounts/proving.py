"""Users whose last proof of who they are is a while ago, and how they prove it again."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.testing.accounts import PASSWORD

Stale = Callable[..., FlaskClient]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CONFIRM = "/login/confirm"


def asks_for_proof(answer: TestResponse) -> bool:
    """Whether an answer leads to the page that asks for a proof."""
    return answer.status_code in (302, 303) and str(answer.location).startswith(f"{CONFIRM}?next=")


def way_back(answer: TestResponse) -> str:
    """The address that the page that asks for a proof leads to."""
    assert asks_for_proof(answer), answer.location
    return parse_qs(urlsplit(str(answer.location)).query)["next"][0]


def prove(submit: Callable[..., TestResponse], client: FlaskClient, asked: TestResponse) -> TestResponse:
    """Enter the password where `asked` leads, and open the page that follows."""
    return client.get(str(submit(client, str(asked.location), password=PASSWORD).location))
