"""The deeds of connecting an account with a provider of identities, and disconnecting it."""

from functools import partial

from flask.testing import FlaskClient

from dashboard.accounts.single_sign_on.models import Identity
from dashboard.extensions import db
from dashboard.identity_provider import IdentityProvider
from dashboard.testing.accounts import the_account
from unit.accounts.single_sign_on.providers import (
    CLIENT_ID,
    CLIENT_SECRET,
    a_provider,
    come_back,
    sent_to,
)
from unit.security_log.scene import Deed, Scene


def with_provider(scene: Scene, url: str) -> FlaskClient:
    """A browser of the viewer at a console with single sign-on."""
    client = scene.client_as("viewer")
    named = IdentityProvider(issuer=url, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    client.application = scene.make_app(identity_provider=named)
    return client


def connect_identity(scene: Scene) -> Deed:
    def connect() -> None:
        with a_provider() as provider:
            client = with_provider(scene, provider.url)
            asked = sent_to(client, "/login/sso/connect")
            come_back(client, asked, provider.grant(asked, sub="viewer"))

    return connect


def disconnect_identity(scene: Scene) -> Deed:
    nowhere = "http://127.0.0.1:9"
    client = with_provider(scene, nowhere)
    scene.in_database(
        lambda: db.session.add(Identity(issuer=nowhere, subject="v", user_id=the_account("viewer").id))
    )
    return partial(scene.submit, client, "/login/sso/disconnect")
