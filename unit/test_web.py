"""Parts that all pages share: the root address, the navigation, the colour mode, flashes."""

from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup

from dashboard.testing.accounts import PASSWORD
from dashboard.testing.answers import is_redirect
from dashboard.web.returning import redirect_to
from unit.admin.reading import flashes, read
from unit.conftest import ClientAs, Csrf, Submit

SCREENS = {
    "viewer": ["Home", "History", "Jobs", "Products", "Categories"],
    "editor": ["Home", "History", "Jobs", "Products", "Categories", "Trash"],
    "admin": ["Home", "History", "Jobs", "Products", "Categories", "Trash", "Users", "Security log"],
    "owner": ["Home", "History", "Jobs", "Products", "Categories", "Trash", "Users", "Security log"],
}
PATHS = {"Home": "/admin/", "Products": "/admin/products/", "Categories": "/admin/categories/"}


def mode_shown(text: str) -> str:
    """Return the colour mode of a page."""
    return text.partition('data-mode="')[2].partition('"')[0]


def is_ticked(text: str) -> bool:
    """Whether the profile says that single-key shortcuts are on."""
    [box] = read(text).all("input", id="single_keys")
    return "checked" in box.attributes


def current(text: str) -> list[str]:
    """Return the addresses that the navigation marks as current."""
    parts = text.split('" aria-current="page"')[:-1]
    return [part.rpartition('href="')[2] for part in parts]


@pytest.mark.parametrize(("who", "target"), [(None, "/login"), ("viewer", "/admin/products/")])
def test_root_redirects_to_products_or_login(
    client: FlaskClient, client_as: ClientAs, who: str | None, target: str
) -> None:
    answer = (client_as(who) if who else client).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, target)


@pytest.mark.parametrize(("method", "code"), [("GET", 302), ("HEAD", 302), ("POST", 303)])
def test_redirect_is_303_after_a_post_and_302_after_a_get(app: Flask, method: str, code: int) -> None:
    with app.test_request_context("/", method=method):
        assert redirect_to("/admin/").status_code == code


def test_navigation_when_logged_out_has_log_in_and_register(client: FlaskClient) -> None:
    text = client.get("/login").text
    assert '<a href="/login" aria-current="page">Log in</a>' in text
    assert '<a href="/register">Register</a>' in text
    assert "Log out" not in text
    assert "/admin/users/" not in text


@pytest.mark.parametrize("role", SCREENS)
def test_navigation_shows_the_screens_of_a_role(client_as: ClientAs, role: str) -> None:
    text = client_as(role).get("/profile").text
    navigation = text.partition('<nav aria-label="Main">')[2].partition("</nav>")[0]
    labels = [part.rpartition(">")[2] for part in navigation.split("</a>")[:-1]]
    assert labels == SCREENS[role]


def test_navigation_shows_the_email_and_log_out(client_as: ClientAs) -> None:
    text = client_as("editor").get("/profile").text
    assert "editor@<wbr>example.test" in text
    assert '<form method="post" action="/logout">' in text
    assert ">Register<" not in text


@pytest.mark.parametrize("path", PATHS.values())
def test_navigation_marks_the_current_screen(client_as: ClientAs, path: str) -> None:
    assert current(client_as("viewer").get(path).text) == [path]


def test_navigation_marks_nothing_on_other_pages(client_as: ClientAs) -> None:
    assert current(client_as("viewer").get("/profile").text) == []


def test_cached_part_is_drawn_again_for_equal_but_unsafe_text(app: Flask) -> None:
    cached = app.jinja_env.globals["cached"]
    part = app.jinja_env.from_string("{% macro it(text) %}{{ text }}{% endmacro %}").module.it
    assert [cached(part, text) for text in (Markup("<b>"), "<b>", Markup("<b>"))] == [
        "<b>",
        "&lt;b&gt;",
        "<b>",
    ]


class TestTheColourMode:
    def test_follows_the_system_by_default(self, client: FlaskClient) -> None:
        assert mode_shown(client.get("/login").text) == "system"

    @pytest.mark.parametrize("mode", ["light", "dark", "system"])
    def test_is_stored_for_a_year_and_applied_at_once(
        self, client: FlaskClient, submit: Submit, mode: str
    ) -> None:
        answer = submit(client, "/mode", mode=mode, next="/register")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/register")
        cookie = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("mode="))
        assert {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={365 * 24 * 3600}"} < set(cookie.split("; "))
        assert mode_shown(client.get("/login").text) == mode

    @pytest.mark.parametrize("mode", ["", "blue", "DARK", '"><script>', "dark;x"])
    def test_that_is_unknown_is_not_stored(self, client: FlaskClient, submit: Submit, mode: str) -> None:
        submit(client, "/mode", mode="light")
        answer = submit(client, "/mode", mode=mode)
        assert is_redirect(answer)
        assert not [h for h in answer.headers.getlist("Set-Cookie") if h.startswith("mode=")]
        assert mode_shown(client.get("/login").text) == "light"

    @pytest.mark.parametrize("cookie", ["blue", '"><script>alert(1)</script>', ""])
    def test_that_is_unknown_in_the_cookie_is_ignored(self, client: FlaskClient, cookie: str) -> None:
        client.set_cookie("mode", cookie)
        assert mode_shown(client.get("/login").text) == "system"

    def test_can_be_set_in_the_profile(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        submit(client, "/profile", name="Kim", mode="dark")
        assert mode_shown(client.get("/profile").text) == "dark"
        assert mode_shown(client_as("viewer").get("/profile").text) == "system"

    def test_redirects_to_the_root_without_next(self, client: FlaskClient, submit: Submit) -> None:
        assert submit(client, "/mode", mode="dark").headers["Location"] == "/"


class TestTheDensityOfLists:
    @pytest.fixture
    def viewer(self, client_as: ClientAs) -> FlaskClient:
        return client_as("viewer")

    def test_is_comfortable_by_default(self, viewer: FlaskClient) -> None:
        assert "data-density" not in viewer.get("/admin/products/").text

    def test_is_stored_for_a_year_and_leaves_the_mode_alone(
        self, viewer: FlaskClient, submit: Submit
    ) -> None:
        answer = submit(viewer, "/mode", density="compact", next="/admin/products/")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/products/")
        [cookie] = [h for h in answer.headers.getlist("Set-Cookie") if h.startswith(("mode=", "density="))]
        assert {"density=compact", "HttpOnly", f"Max-Age={365 * 24 * 3600}"} < set(cookie.split("; "))
        assert 'data-density="compact"' in viewer.get("/admin/products/").text

    @pytest.mark.parametrize("density", ["", "tiny", "COMPACT", '"><script>'])
    def test_that_is_unknown_is_not_stored(self, viewer: FlaskClient, submit: Submit, density: str) -> None:
        answer = submit(viewer, "/mode", density=density)
        assert not [h for h in answer.headers.getlist("Set-Cookie") if h.startswith("density=")]
        viewer.set_cookie("density", density)
        assert "data-density" not in viewer.get("/admin/products/").text

    def test_can_be_set_in_the_profile_and_is_kept_by_older_forms(
        self, viewer: FlaskClient, submit: Submit
    ) -> None:
        submit(viewer, "/profile", name="Kim", mode="dark", density="compact")
        assert 'data-density="compact"' in viewer.get("/profile").text
        submit(viewer, "/profile", name="Kim", mode="dark")
        assert 'data-density="compact"' in viewer.get("/profile").text


class TestSingleKeyShortcuts:
    def test_are_on_by_default(self, client_as: ClientAs) -> None:
        text = client_as("viewer").get("/profile").text
        assert "data-single-keys" not in text
        assert is_ticked(text)

    def test_are_switched_off_in_the_profile_for_a_year(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        answer = submit(client, "/profile", name="Kim", mode="dark")
        cookie = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("keys=off"))
        assert {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={365 * 24 * 3600}"} < set(cookie.split("; "))
        text = client.get("/profile").text
        assert '<html lang="en" data-mode="dark" data-single-keys="off">' in text
        assert not is_ticked(text)

    def test_are_switched_on_again(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        submit(client, "/profile", name="Kim", mode="dark")
        submit(client, "/profile", name="Kim", mode="dark", single_keys="y")
        assert "data-single-keys" not in client.get("/profile").text

    @pytest.mark.parametrize("cookie", ["", "on", '"><script>alert(1)</script>'])
    def test_are_on_if_the_cookie_is_invalid(self, client_as: ClientAs, cookie: str) -> None:
        client = client_as("viewer")
        client.set_cookie("keys", cookie)
        assert "data-single-keys" not in client.get("/profile").text


class TestFlashes:
    def test_are_shown_once_with_their_category(self, client_as: ClientAs) -> None:
        client = client_as("viewer")
        client.get("/login")
        first, second = client.get("/admin/products/").text, client.get("/admin/products/").text
        assert first.count("You are already logged in.") == 1
        assert 'data-category="warning" role="status"' in first
        assert "You are already logged in." not in second

    def test_close_by_opening_the_same_address_again(
        self, client: FlaskClient, client_as: ClientAs, submit: Submit
    ) -> None:
        client_as("viewer")
        here = "/profile?x=1&x=2"
        submit(client, f"/login?next={quote(here)}", email="viewer@example.test", password=PASSWORD)
        text = client.get(here).text
        assert 'data-category="success"' in text
        assert 'aria-label="Close message"' in text
        (close,) = read(text).all("div", class_="flash")[0].all("form")
        assert close.attributes["action"] == "/profile"
        assert close.fields.getlist("x") == ["1", "2"]

    def test_are_not_shown_to_other_users(self, app: Flask, client_as: ClientAs) -> None:
        told = client_as("viewer")
        told.get("/login")
        for who in ("viewer", "editor"):  # also not in another browser of the same user
            assert "already logged in" not in client_as(who).get("/admin/products/").text
        assert "already logged in" in told.get("/admin/products/").text

    @pytest.mark.parametrize("path", ["/login", "/register"])
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_say_that_a_user_is_already_logged_in(
        self, client_as: ClientAs, csrf: Csrf, path: str, method: str
    ) -> None:
        client = client_as("viewer")
        data = {"csrf_token": csrf(client)} if method == "POST" else None
        answer = client.open(path, method=method, data=data)
        assert is_redirect(answer)
        assert answer.location == "/admin/products/"
        assert "You are already logged in." in client.get("/admin/products/").text

    @pytest.mark.parametrize(
        ("category", "shown", "role"),
        [
            ("success", "success", "status"),
            ("warning", "warning", "status"),
            ("error", "error", "alert"),
            ("message", "info", "status"),
        ],
    )
    def test_have_the_class_and_role_of_their_category(
        self, client: FlaskClient, category: str, shown: str, role: str
    ) -> None:
        with client.session_transaction() as session:
            session["_flashes"] = [(category, "Something was done.")]
        page = client.get("/login").text
        assert flashes(page) == [(shown, "Something was done.")]
        (box,) = read(page).all("div", class_="flash")
        assert (box.attributes["role"], box.attributes["class"]) == (role, f"flash {shown}")
