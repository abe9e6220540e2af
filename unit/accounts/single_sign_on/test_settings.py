"""The settings of single sign-on, read strictly."""

from pathlib import Path

import pytest

from dashboard.config import Settings
from dashboard.identity_provider import IdentityProvider
from dashboard.variables import SettingsError

ISSUER = "https://login.example.org/realms/staff"
PRODUCTION = {
    "DASHBOARD_ENV": "production",
    "DASHBOARD_SECRET_KEY": "8f1c0e7a5b3d92647fe1a0c4b8d2963e",
    "DASHBOARD_BASE_URL": "https://console.example.org",
}


def read(folder: Path, env: dict[str, str] | None = None, **given: str) -> IdentityProvider | None:
    """The provider that these settings describe."""
    named = {f"DASHBOARD_OIDC_{name}": value for name, value in given.items()}
    return Settings.from_environment(
        {"DASHBOARD_INSTANCE": str(folder), **(env or {}), **named}
    ).identity_provider


def complaints(folder: Path, env: dict[str, str] | None = None, **given: str) -> list[str]:
    """The lines about these settings."""
    with pytest.raises(SettingsError) as caught:
        read(folder, env, **given)
    return caught.value.lines


def test_there_is_no_provider_unless_one_is_named(tmp_path: Path) -> None:
    assert read(tmp_path) is None


def test_provider_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        ISSUER=ISSUER,
        CLIENT_ID="console",
        CLIENT_SECRET="a b%",
        NAME="Acme",
        GROUPS_CLAIM="roles",
        ROLES="Staff of the shop=viewer, cn=boss=admin",
        LINK_BY_EMAIL="yes",
    )
    assert found == IdentityProvider(
        issuer=ISSUER,
        client_id="console",
        client_secret="a b%",
        name="Acme",
        groups_claim="roles",
        roles={"Staff of the shop": "viewer", "cn=boss": "admin"},
        links_by_email=True,
    )


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    found = read(tmp_path, ISSUER=ISSUER, CLIENT_ID="console")
    assert found == IdentityProvider(issuer=ISSUER, client_id="console")
    assert (found.name, found.groups_claim, found.links_by_email) == ("single sign-on", "groups", False)


@pytest.mark.security(81)
def test_secret_is_not_shown_with_the_settings(tmp_path: Path) -> None:
    assert "hush" not in repr(read(tmp_path, ISSUER=ISSUER, CLIENT_ID="console", CLIENT_SECRET="hush"))


@pytest.mark.parametrize(
    "name", ["CLIENT_ID", "CLIENT_SECRET", "NAME", "GROUPS_CLAIM", "ROLES", "LINK_BY_EMAIL"]
)
def test_other_settings_without_an_issuer_are_refused(tmp_path: Path, name: str) -> None:
    (line,) = complaints(tmp_path, **{name: "x"})
    assert line == f"DASHBOARD_OIDC_{name} has no effect without DASHBOARD_OIDC_ISSUER."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISSUER", "login.example.org"),
        ("ISSUER", "http://login.example.org"),
        ("ISSUER", "https://user:pw@login.example.org"),
        ("ISSUER", "https://login.example.org?x=1"),
        ("ISSUER", "https://[::1"),
        ("ISSUER", "https://login.example.org:99999"),
        ("CLIENT_ID", "ü"),
        ("CLIENT_SECRET", "a\x00"),
        ("NAME", "x" * 41),
        ("NAME", "a\u202eb"),
        ("GROUPS_CLAIM", "a b"),
        ("ROLES", "staff"),
        ("ROLES", "staff=owner"),
        ("ROLES", "=admin"),
        ("LINK_BY_EMAIL", "maybe"),
    ],
)
def test_setting_that_is_wrong_is_named(tmp_path: Path, name: str, value: str) -> None:
    lines = complaints(tmp_path, **{"ISSUER": ISSUER, "CLIENT_ID": "console", name: value})
    assert len(lines) == 1
    assert lines[0].startswith(f"DASHBOARD_OIDC_{name} ")


def test_client_is_required(tmp_path: Path) -> None:
    assert complaints(tmp_path, ISSUER=ISSUER) == ["DASHBOARD_OIDC_CLIENT_ID is required with an issuer."]


@pytest.mark.parametrize("host", ["127.0.0.1:9400", "localhost", "[::1]:9400"])
def test_provider_on_this_machine_needs_no_https_in_development_only(tmp_path: Path, host: str) -> None:
    issuer = f"http://{host}"
    assert read(tmp_path, ISSUER=issuer, CLIENT_ID="console") is not None
    (line,) = complaints(tmp_path, PRODUCTION, ISSUER=issuer, CLIENT_ID="console")
    assert line.startswith("DASHBOARD_OIDC_ISSUER must begin with https://")
