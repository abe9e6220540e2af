"""A console with a provider of identities."""

from collections.abc import Iterator

import pytest
from flask import Flask

from dashboard.identity_provider import IdentityProvider
from unit.accounts.single_sign_on.providers import (
    CLIENT_ID,
    CLIENT_SECRET,
    FakeProvider,
    Open,
    a_provider,
    with_owner,
)
from unit.conftest import MakeApp


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    """A provider that answers over HTTP."""
    with a_provider() as provider:
        yield provider


@pytest.fixture
def opened(provider: FakeProvider, make_app: MakeApp) -> Open:
    """`opened(links_by_email=True)` is a console with the provider; `console` are other settings."""

    def opened(console: dict[str, object] | None = None, **settings: object) -> Flask:
        usual = {"issuer": provider.url, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        named = IdentityProvider(**{**usual, "name": "Acme", **settings})  # type: ignore[arg-type]
        return make_app(identity_provider=named, **(console or {}))

    return opened


@pytest.fixture
def app(opened: Open) -> Flask:
    """A console with the provider and an owner."""
    return with_owner(opened())
