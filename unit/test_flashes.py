"""A message is shown on the page that it is about, and its cookie is never too large for a browser."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask, flash, redirect, render_template_string, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from dashboard.extensions import db
from dashboard.testing.catalogue import PRODUCT_FORM, a_product
from dashboard.web.flashes import LASTS, MOST_WAITING, SHORTEST, place_of
from unit.admin.reading import flashes, read
from unit.conftest import ClientAs, MakeApp, SetClock, Submit

BROWSERS_TAKE = 4096  # bytes of a cookie with its name and attributes
SHOW = '{% from "macros.html" import render_flashes %}{{ render_flashes() }}'
PRODUCTS, CATEGORIES = "/admin/products/", "/admin/categories/"
hostile = st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), min_size=1, max_size=1200)
beyond = st.text(st.characters(min_codepoint=0x10000, max_codepoint=0x10FFFF), min_size=1, max_size=1200)


@pytest.fixture
def console(make_app: MakeApp) -> Flask:
    """A console with addresses that flash the messages and redirect to the addresses sent to them."""
    app = make_app()
    app.config["WTF_CSRF_ENABLED"] = False

    @app.post("/tell")
    def tell() -> object:
        for message in request.form.getlist("message"):
            flash(message, "success")
        return redirect(request.form["to"])

    @app.get("/on")
    def on() -> object:
        return redirect(request.args["to"])

    @app.get("/show")
    def show() -> str:
        if "now" in request.args:
            flash(request.args["now"])
        return render_template_string(SHOW)

    @app.get("/quiet")
    def quiet() -> str:
        return "nothing"

    return app


@pytest.fixture
def visitor(console: Flask) -> FlaskClient:
    return console.test_client()


def tell(visitor: FlaskClient, to: str, *messages: str) -> str:
    """Flash messages before a redirect, check the size of the cookie, and return the location."""
    answer = visitor.post("/tell", data={"to": to, "message": [*messages]})
    assert all(len(cookie) <= BROWSERS_TAKE for cookie in answer.headers.getlist("Set-Cookie"))
    return str(answer.location)


def told(visitor: FlaskClient, address: str = "/show", **headers: str) -> list[str]:
    return [message for _, message in flashes(visitor.get(address, headers=headers).text)]


def test_message_is_shown_on_the_page_it_is_about(visitor: FlaskClient) -> None:
    tell(visitor, "/show?of=1", "Saved.")
    assert told(visitor, "/show?of=2") == told(visitor, "/show") == told(visitor, "/login") == []
    assert told(visitor, "/show?of=1") == ["Saved."]
    assert told(visitor, "/show?of=1") == []


def test_two_tabs_each_get_their_own_message(visitor: FlaskClient) -> None:
    tell(visitor, "/show?tab=1", "First.")
    tell(visitor, "/show?tab=2", "Second.")
    assert told(visitor, "/show?tab=2") == ["Second."]
    assert told(visitor, "/show?tab=1") == ["First."]


@pytest.mark.parametrize(
    "to",
    [
        "/show?q=a b",
        "/show?q=%C3%A4",
        "/show?q=ä",
        "/show?q='<|>",
        "/show?a=&b=1",
        "/show?x=1#below",
        "/show?",
    ],
)
def test_address_matches_however_the_browser_escapes_it(visitor: FlaskClient, to: str) -> None:
    tell(visitor, to, "Saved.")
    path, _, query = to.partition("#")[0].partition("?")
    assert told(visitor, f"{path}?{unquote(query).replace(' ', '+')}") == ["Saved."]


def test_message_survives_a_chain_of_redirects(visitor: FlaskClient) -> None:
    tell(visitor, "/on?to=/on?to=/show", "Saved.")
    assert told(visitor, "/show") == []
    assert "Saved." in visitor.get("/on?to=/on?to=/show", follow_redirects=True).text


def test_message_shown_in_its_own_request_is_not_stored(visitor: FlaskClient) -> None:
    assert told(visitor, "/show?now=Hello") == ["Hello"]
    assert told(visitor, "/show?now=Hello") == ["Hello"]
    with visitor.session_transaction() as session:
        assert not session


def test_page_that_shows_no_messages_keeps_them(visitor: FlaskClient) -> None:
    tell(visitor, "/quiet", "Saved.")
    visitor.get("/quiet")
    assert told(visitor, "/show") == ["Saved."]


@pytest.mark.parametrize("ask", ["head", "fetch"])
def test_request_that_opens_no_page_takes_no_message(visitor: FlaskClient, ask: str) -> None:
    tell(visitor, "/show", "Saved.")
    if ask == "head":
        visitor.head("/show")
    else:
        assert told(visitor, **{"Sec-Fetch-Mode": "cors"}) == []
    assert told(visitor, **{"Sec-Fetch-Mode": "navigate"}) == ["Saved."]


def test_two_requests_to_one_page_show_two_messages(visitor: FlaskClient) -> None:
    tell(visitor, "/show", "You are already logged in.")
    tell(visitor, "/show", "You are already logged in.")
    assert told(visitor) == ["You are already logged in."] * 2


def test_message_is_dropped_after_ten_minutes(visitor: FlaskClient, set_clock: SetClock) -> None:
    tell(visitor, "/show?tab=1", "Old.")
    set_clock(LASTS - timedelta(seconds=2))
    tell(visitor, "/show?tab=2", "New.")
    set_clock(timedelta(seconds=3))
    assert told(visitor, "/show?tab=1") == []
    assert told(visitor, "/show?tab=2") == ["New."]


def test_oldest_of_too_many_messages_is_dropped(visitor: FlaskClient) -> None:
    for number in range(MOST_WAITING + 1):
        tell(visitor, f"/show?tab={number}", f"Number {number}.")
    assert told(visitor, "/show?tab=0") == []
    assert told(visitor, "/show?tab=1") == ["Number 1."]
    assert told(visitor, f"/show?tab={MOST_WAITING}") == [f"Number {MOST_WAITING}."]


@pytest.mark.parametrize("where", ["/login", "/show"])
def test_message_in_a_cookie_of_an_older_version_is_shown(visitor: FlaskClient, where: str) -> None:
    with visitor.session_transaction() as session:
        session.update({"_flashes": [("success", "Saved.")], "undo": ["Saved.", 1]})
    assert told(visitor, where) == ["Saved."]


@how(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(hostile, beyond), min_size=1, max_size=12))
def test_messages_fit_into_the_cookie_and_the_newest_is_shown(console: Flask, messages: list[str]) -> None:
    visitor = console.test_client()  # a new one for each example, or messages of others would wait too
    for number, message in enumerate(messages):
        tell(visitor, f"/show?tab={number}", message)
    [shown] = told(visitor, f"/show?tab={len(messages) - 1}")
    newest = " ".join(messages[-1].split())
    assert shown == newest or (shown.endswith("…") and len(shown) > SHORTEST // 2)


def test_last_of_several_long_messages_is_shown(visitor: FlaskClient) -> None:
    texts = [
        "".join(chr(0x10000 + (number * 7919 + place * 104729) % 0xF0000) for place in range(700))
        for number in range(3)
    ]
    tell(visitor, "/show", *texts)
    [shown] = told(visitor)
    assert shown[:50] == texts[-1][:50]


def test_five_long_names_in_a_message_are_shortened(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    names = [f"{number}" + "\U0001f600" * 199 for number in range(6)]
    with app.app_context():
        keys = [a_product(name).id for name in names]
        db.session.commit()
    editor = client_as("editor")
    sent = {"action": "archived", "rowid": keys, "confirm": "1", "number": "6", "seen": "0"}
    answer = submit(editor, f"{PRODUCTS}action/", **sent)
    assert all(len(cookie) <= BROWSERS_TAKE for cookie in answer.headers.getlist("Set-Cookie"))
    [(category, message)] = flashes(editor.get(answer.location).text)
    assert category == "error"
    assert all(f"“{name[:59]}…”" in message for name in names[:5])
    assert "and 1 more have changed since" in message


def test_message_about_one_screen_is_not_shown_on_another(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    editor = client_as("editor")
    answer = submit(editor, f"{CATEGORIES}new/", name="Lamps")
    assert flashes(editor.get(PRODUCTS).text) == []
    page = editor.get(answer.location).text
    assert flashes(page) == [("success", "Category “Lamps” created.")]
    assert 'class="undo"' in page


def test_each_message_has_its_own_undo(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    editor = client_as("editor")
    submit(editor, f"{CATEGORIES}new/", name="Lamps")
    submit(editor, f"{PRODUCTS}new/", name="Oak Lamp", sku="LMP-1", **PRODUCT_FORM)
    first = undo_on(editor, CATEGORIES)
    undone = submit(editor, "/admin/revert/undo/", **first)
    assert flashes(editor.get(undone.location).text)[0][1] == "Undone. 1 category deleted."
    assert "Lamps" not in editor.get(CATEGORIES).text
    assert int(undo_on(editor, PRODUCTS)["id"]) == int(first["id"]) + 1


def undo_on(visitor: FlaskClient, address: str) -> dict[str, str]:
    """Return the fields that the Undo button of a page sends."""
    [form] = read(visitor.get(address).text).all("form", class_="undo")
    return {name: value for name, value in form.fields.items() if name != "csrf_token"}


def test_message_is_shown_to_a_user_who_has_to_log_in_again(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    editor = client_as("editor")
    answer = submit(editor, f"{CATEGORIES}new/", name="Lamps")
    with editor.session_transaction() as session:
        del session["_user_id"]
    login = editor.get(answer.location).location
    assert flashes(editor.get("/login").text) == []
    assert flashes(editor.get(login).text) == [("success", "Category “Lamps” created.")]


def test_place_depends_on_the_path_and_every_parameter() -> None:
    addresses = ["/a", "/b", "/a?x=1", "/a?x=2", "/a?x=1&x=1", "/a?x=", "/a?y=1", "/a?x=1&y=2"]
    assert len({place_of(address) for address in addresses}) == len(addresses)
