"""Sets single sign-on up where the settings name a provider."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, url_for

from dashboard.accounts.models import User
from dashboard.accounts.reauthentication.ways import WayElsewhere, add_way
from dashboard.accounts.second_factor.required import open_without_factor
from dashboard.accounts.single_sign_on.flows import identity_of
from dashboard.accounts.single_sign_on.provider import Provider
from dashboard.accounts.single_sign_on.views import PROVIDER, bp
from dashboard.config import Settings


def init_single_sign_on(app: Flask) -> None:
    """Register the pages and the proof by logging in again, where the settings name a provider."""
    settings: Settings = app.extensions["settings"]
    app.context_processor(_shown)
    named = settings.identity_provider
    if named is None:
        return
    app.extensions[PROVIDER] = Provider(named, is_production=settings.is_production)
    app.register_blueprint(bp)
    open_without_factor(app, *(f"{bp.name}.{page}" for page in ("prove", "come_back", "leave_to_log_out")))
    way = WayElsewhere(
        name="single-sign-on",
        label=f"Use {named.name}",
        is_possible=lambda user: identity_of(user, named) is not None,
        page=lambda back: url_for("single_sign_on.prove", next=back),
    )
    add_way(app, way)


def _shown() -> dict[str, Any]:
    """Return the name of the provider, empty without one, and whether a user is connected, for templates."""
    provider: Provider | None = current_app.extensions.get(PROVIDER)

    def is_connected(user: User) -> bool:
        return provider is not None and identity_of(user, provider.settings) is not None

    return {"provider_name": provider.settings.name if provider else "", "is_connected": is_connected}
