"""The security log in the console, and the recent logins in the profile."""

from datetime import timedelta

import pytest
from flask import Flask

from dashboard.testing.accounts import PASSWORD
from dashboard.testing.answers import is_redirect
from unit.accounts.drafting import NOON
from unit.admin.reading import read, row_titles
from unit.conftest import ClientAs, SetClock
from unit.security_log.reading import events
from unit.security_log.scene import Scene

LOG = "/admin/security/"

pytestmark = pytest.mark.both_databases


@pytest.fixture
def seen(scene: Scene, set_clock: SetClock) -> None:
    """Let a viewer and an owner log in, and a stranger guess the password of the viewer."""
    set_clock(NOON)
    for role in ("viewer", "owner"):
        scene.key(role)
        scene.send("/login", email=f"{role}@example.test", password=PASSWORD)()
    set_clock(timedelta(hours=1))
    for _ in range(2):
        scene.send("/login", email="viewer@example.test", password="wrong")()


def cells(page: str, label: str) -> list[str]:
    return [cell.text for cell in read(page).all("td", data_label=label)]


def test_owner_sees_every_event_the_newest_first(client_as: ClientAs, seen: None) -> None:
    page = client_as("owner").get(LOG).text
    assert row_titles(page) == ["Login failed", "Logged in", "Logged in"]
    assert cells(page, "User") == ["viewer@example.test", "owner@example.test", "viewer@example.test"]
    assert cells(page, "Times") == ["2", "1", "1"]
    assert cells(page, "Address")[0] == "127.0.0.1"


def test_admin_sees_no_event_of_an_owner(client_as: ClientAs, app: Flask, seen: None) -> None:
    admin = client_as("admin")
    page = admin.get(LOG).text
    assert "owner@example.test" not in page
    assert row_titles(page) == ["Login failed", "Logged in"]
    owners = next(row for row in events(app) if row.subject == "owner@example.test")
    assert admin.get(f"{LOG}details/?id={owners.id}").status_code == 404
    assert client_as("owner").get(f"{LOG}details/?id={owners.id}").status_code == 200


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_others_neither_see_the_log_nor_a_way_to_it(client_as: ClientAs, role: str) -> None:
    client = client_as(role)
    assert client.get(LOG).status_code == 403
    assert LOG not in client.get("/admin/").text


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("event=login-failed", ["Login failed"]),
        ("user=OWNER", ["Logged in"]),
        ("q=viewer", ["Login failed", "Logged in"]),
        ("address=127.0", ["Login failed", "Logged in", "Logged in"]),
        ("address=10.0", []),
        ("when_from=2100-01-01", []),
    ],
)
def test_log_is_filtered(client_as: ClientAs, seen: None, query: str, titles: list[str]) -> None:
    assert row_titles(client_as("owner").get(f"{LOG}?{query}").text) == titles


def test_page_of_an_event_says_everything(client_as: ClientAs, app: Flask, seen: None) -> None:
    row = events(app)[-1]
    page = read(client_as("owner").get(f"{LOG}details/?id={row.id}").text)
    facts = dict(
        zip([each.text for each in page.all("dt")], [each.text for each in page.all("dd")], strict=True)
    )
    assert facts["User"] == "viewer@example.test"
    assert facts["By"] == "—"
    assert facts["Times"] == "2"
    assert facts["Reason"] == "wrong password"
    assert facts["Request ID"] == row.request_id


def test_log_is_read_only(client_as: ClientAs, seen: None) -> None:
    owner = client_as("owner")
    for address in ("new", "edit", "delete", "action", "export/csv"):
        assert owner.get(f"{LOG}{address}/?id=1").status_code == 404


def test_profile_shows_own_recent_logins(client_as: ClientAs, seen: None) -> None:
    page = read(client_as("viewer").get("/profile").text)
    card = page.all("section", aria_labelledby="logins-title")[0]
    assert "Failed" in card.text
    assert "2 times" in card.text
    assert card.text.index("Failed") < card.text.index("Logged in")
    assert "127.0.0.1" in card.text


def test_profile_shows_the_last_ten_logins(client_as: ClientAs, scene: Scene) -> None:
    scene.key("viewer")
    for _ in range(11):
        assert is_redirect(scene.send("/login", email="viewer@example.test", password=PASSWORD)())
    page = read(client_as("viewer").get("/profile").text)
    assert len(page.all("section", aria_labelledby="logins-title")[0].all("li")) == 10
