"""What every page shares: the start, the navigation, the colour mode, the request's number."""

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
    "viewer": ["Home", "History", "Products", "Categories"],
    "editor": ["Home", "History", "Products", "Categories", "Trash"],
    "admin": ["Home", "History", "Products", "Categories", "Trash", "Users"],
    "owner": ["Home", "History", "Products", "Categories", "Trash", "Users"],
}
PATHS = {"Home": "/admin/", "Products": "/admin/products/", "Categories": "/admin/categories/"}


def mode_shown(text: str) -> str:
    """The colour mode in which a page is painted first."""
    return text.partition('data-mode="')[2].partition('"')[0]


def is_ticked(text: str) -> bool:
    """Whether the profile says that shortcuts of a single key are on."""
    [box] = read(text).all("input", id="single_keys")
    return "checked" in box.attributes


def current(text: str) -> list[str]:
    """The addresses that the navigation marks as where one is."""
    parts = text.split('" aria-current="page"')[:-1]
    return [part.rpartition('href="')[2] for part in parts]


@pytest.mark.parametrize(("who", "target"), [(None, "/login"), ("viewer", "/admin/products/")])
def test_the_start_leads_to_where_the_work_is(
    client: FlaskClient, client_as: ClientAs, who: str | None, target: str
) -> None:
    answer = (client_as(who) if who else client).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, target)


@pytest.mark.parametrize(("method", "code"), [("GET", 302), ("HEAD", 302), ("POST", 303)])
def test_redirect_after_a_post_is_asked_for_by_get(app: Flask, method: str, code: int) -> None:
    with app.test_request_context("/", method=method):
        assert redirect_to("/admin/").status_code == code


def test_the_navigation_of_somebody_anonymous_leads_in(client: FlaskClient) -> None:
    text = client.get("/login").text
    assert '<a href="/login" aria-current="page">Log in</a>' in text
    assert '<a href="/register">Register</a>' in text
    assert "Log out" not in text
    assert "/admin/users/" not in text


@pytest.mark.parametrize("role", SCREENS)
def test_the_navigation_shows_the_screens_of_a_role(client_as: ClientAs, role: str) -> None:
    text = client_as(role).get("/profile").text
    navigation = text.partition('<nav aria-label="Main">')[2].partition("</nav>")[0]
    labels = [part.rpartition(">")[2] for part in navigation.split("</a>")[:-1]]
    assert labels == SCREENS[role]


def test_the_navigation_names_who_is_signed_in_and_lets_them_out(client_as: ClientAs) -> None:
    text = client_as("editor").get("/profile").text
    assert "editor@<wbr>example.test" in text
    assert '<form method="post" action="/logout">' in text
    assert ">Register<" not in text


@pytest.mark.parametrize("path", PATHS.values())
def test_the_navigation_marks_where_one_is(client_as: ClientAs, path: str) -> None:
    assert current(client_as("viewer").get(path).text) == [path]


def test_elsewhere_the_navigation_marks_nothing(client_as: ClientAs) -> None:
    assert current(client_as("viewer").get("/profile").text) in ([], ["/profile"])


def test_cached_part_is_drawn_again_for_equal_text_that_is_not_safe(app: Flask) -> None:
    cached = app.jinja_env.globals["cached"]
    part = app.jinja_env.from_string("{% macro it(text) %}{{ text }}{% endmacro %}").module.it
    assert [cached(part, text) for text in (Markup("<b>"), "<b>", Markup("<b>"))] == [
        "<b>",
        "&lt;b&gt;",
        "<b>",
    ]


class TestTheColourMode:
    def test_follows_the_system_until_somebody_says_otherwise(self, client: FlaskClient) -> None:
        assert mode_shown(client.get("/login").text) == "system"

    @pytest.mark.parametrize("mode", ["light", "dark", "system"])
    def test_is_kept_for_a_year_and_painted_at_once(
        self, client: FlaskClient, submit: Submit, mode: str
    ) -> None:
        answer = submit(client, "/mode", mode=mode, next="/register")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/register")
        kept = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("mode="))
        assert {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={365 * 24 * 3600}"} < set(kept.split("; "))
        assert mode_shown(client.get("/login").text) == mode

    @pytest.mark.parametrize("mode", ["", "blue", "DARK", '"><script>', "dark;x"])
    def test_that_does_not_exist_is_not_kept(self, client: FlaskClient, submit: Submit, mode: str) -> None:
        answer = submit(client, "/mode", mode=mode)
        assert is_redirect(answer)
        assert not [h for h in answer.headers.getlist("Set-Cookie") if h.startswith("mode=")]

    @pytest.mark.parametrize("cookie", ["blue", '"><script>alert(1)</script>', ""])
    def test_that_does_not_exist_is_not_painted(self, client: FlaskClient, cookie: str) -> None:
        client.set_cookie("mode", cookie)
        assert mode_shown(client.get("/login").text) == "system"

    def test_is_set_in_the_profile_too(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        submit(client, "/profile", name="Kim", mode="dark")
        assert mode_shown(client.get("/profile").text) == "dark"

    def test_leads_back_to_the_start_without_a_way_back(self, client: FlaskClient, submit: Submit) -> None:
        assert submit(client, "/mode", mode="dark").headers["Location"] == "/"


class TestShortcutsOfASingleKey:
    def test_are_on_until_somebody_says_otherwise(self, client_as: ClientAs) -> None:
        text = client_as("viewer").get("/profile").text
        assert "data-single-keys" not in text
        assert is_ticked(text)

    def test_are_switched_off_in_the_profile_for_a_year(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        answer = submit(client, "/profile", name="Kim", mode="dark")
        kept = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("keys=off"))
        assert {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={365 * 24 * 3600}"} < set(kept.split("; "))
        text = client.get("/profile").text
        assert '<html lang="en" data-mode="dark" data-single-keys="off">' in text
        assert not is_ticked(text)

    def test_are_switched_on_again(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        submit(client, "/profile", name="Kim", mode="dark")
        submit(client, "/profile", name="Kim", mode="dark", single_keys="y")
        assert "data-single-keys" not in client.get("/profile").text

    @pytest.mark.parametrize("cookie", ["", "on", '"><script>alert(1)</script>'])
    def test_take_a_faulty_cookie_for_none(self, client_as: ClientAs, cookie: str) -> None:
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

    def test_have_one_macro_and_a_button_that_closes_them(
        self, client: FlaskClient, client_as: ClientAs, submit: Submit
    ) -> None:
        client_as("viewer")
        here = "/profile?x=1&x=2"
        submit(client, f"/login?next={quote(here)}", email="viewer@example.test", password=PASSWORD)
        text = client.get(here).text
        assert 'data-category="success"' in text
        assert 'aria-label="Close message"' in text
        assert text.count('name="x" value=') == 2  # closing asks for the very same page

    def test_are_seen_by_nobody_else(self, app: Flask, client_as: ClientAs) -> None:
        client_as("viewer").get("/login")
        assert "already logged in" not in client_as("viewer").get("/admin/products/").text

    @pytest.mark.parametrize("path", ["/login", "/register"])
    @pytest.mark.parametrize("method", ["GET", "POST"])
    def test_tell_somebody_signed_in_that_they_are(
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
    def test_shows_what_kind_of_message_it_is(
        self, client: FlaskClient, category: str, shown: str, role: str
    ) -> None:
        with client.session_transaction() as session:
            session["_flashes"] = [(category, "Something was done.")]
        page = client.get("/login").text
        assert flashes(page) == [(shown, "Something was done.")]
        (box,) = read(page).all("div", class_="flash")
        assert (box.attributes["role"], box.attributes["class"]) == (role, f"flash {shown}")
