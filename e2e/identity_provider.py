"""A provider of identities in a process of its own, on which browsers log in by a click."""

import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route

from dashboard.identity_provider import IdentityProvider
from dashboard.testing.harness.web_server import WebServer, free_port

START_MS = 20_000
PEOPLE = (
    {"sub": "kim", "email": "kim@example.test", "email_verified": True, "name": "Kim", "groups": ["buyers"]},
    {"sub": "unconfirmed", "email": "viewer@example.test", "email_verified": False},
    {"sub": "viewer", "email": "viewer@example.test", "email_verified": True},
    {"sub": "admin", "email": "admin@example.test", "email_verified": True},
)


@dataclass(frozen=True)
class MockProvider:
    """A running provider."""

    url: str

    def settings(self, **more: object) -> IdentityProvider:
        """The settings of a console with it."""
        named = {"issuer": self.url, "client_id": "console", "client_secret": "secret", "name": "Acme"}
        return IdentityProvider(**{**named, **more})  # type: ignore[arg-type]


@contextmanager
def mock_provider(log: Path) -> Iterator[MockProvider]:
    """A provider that runs while the block does, and writes what it says into the file `log`."""
    port = free_port()
    people = [part for person in PEOPLE for part in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *people]
    url = f"http://127.0.0.1:{port}"
    settings = {"command": shlex.join(command), "url": f"{url}/jwks", "timeout": START_MS}
    with log.open("wb") as output, WebServer(settings, log.parent, output):
        yield MockProvider(url)


def choose(page: Page, person: str) -> None:
    """Log in at the provider as a person."""
    page.get_by_role("button", name=person, exact=True).click()


def keep_inside(context: BrowserContext) -> None:
    """Let pages of the provider, which want a style from the network, ask this machine only."""

    def answer(route: Route) -> None:
        if route.request.url.startswith("http://127.0.0.1:"):
            route.continue_()
        else:
            route.fulfill(status=200, content_type="text/css", body="")

    context.route("**/*", answer)
