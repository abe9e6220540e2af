"""Lists with long addresses can be followed, saved, changed, exported and opened again after a login."""

from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.bounds import ADDRESS_BYTES
from dashboard.testing.accounts import PASSWORD, email_of
from unit.admin.long_lists import LIST, STATES, address, hrefs, narrowed, part, stock_up, ways, ways_back
from unit.admin.reading import flashes, read, record_form, row_titles
from unit.conftest import Csrf

MOST_BYTES = 4094  # of an address, where others stand in front: gunicorn's own limit, for one


@pytest.fixture(autouse=True)
def _stock(app: Flask) -> None:
    with app.app_context():
        stock_up()


@pytest.fixture(params=STATES.values(), ids=STATES)
def url(request: pytest.FixtureRequest) -> str:
    """The address of a long list."""
    found = address(request.param)
    assert len(found) <= ADDRESS_BYTES
    return found


def opened(client: FlaskClient, url: str) -> str:
    """The page at an address that any server in front lets through."""
    assert len(url) <= MOST_BYTES
    answer = client.get(url, follow_redirects=True)
    assert answer.status_code == 200, url
    return answer.text


def test_every_link_of_a_long_list_leads_on_and_back_to_it(editor: FlaskClient, url: str) -> None:
    page = editor.get(url).text
    links = [*hrefs(part(page, "<thead", "</thead")), *hrefs(part(page, 'id="pager"', "</main"))]
    assert len(links) > 5
    for href in links:
        assert len(href) <= MOST_BYTES
        assert narrowed(href) == narrowed(url)
    assert all(row_titles(opened(editor, href)) for href in (links[0], links[-1]))
    followed = {urlsplit(href).path: href for href in ways(page)}
    for path in (f"{LIST}{name}/" for name in ("new", "details", "edit", "delete", "views/new")):
        back = ways_back(opened(editor, followed[path]))
        assert back
        assert all(narrowed(href) == narrowed(url) for href in back)


def test_every_page_of_a_record_leads_back_to_the_long_list(editor: FlaskClient, url: str) -> None:
    details = next(href for href in ways(editor.get(url).text) if "/details/" in href)
    waiting, seen = [details], set()
    while waiting:
        path = urlsplit(here := waiting.pop()).path
        if path in seen:
            continue
        seen.add(path)
        page = opened(editor, here)
        back = ways_back(page)
        assert all(narrowed(href) == narrowed(url) for href in back)
        waiting += [href for href in ways(page) if href not in back]
    assert {f"{LIST}{name}/" for name in ("details", "edit", "delete", "history")} <= seen


def test_every_chip_of_a_long_list_takes_one_choice_away(editor: FlaskClient, url: str) -> None:
    shown = narrowed(url)
    *links, clear = hrefs(part(editor.get(url).text, '<ul class="chips"', "</ul>"))
    assert [len(narrowed(href)) for href in links] == [len(shown) - 1] * len(shown)
    assert narrowed(clear) == []
    assert row_titles(opened(editor, links[-1]))


def test_every_form_of_a_long_list_asks_for_the_same_list(editor: FlaskClient, url: str) -> None:
    page, shown = editor.get(url), narrowed(url)
    forms = [form for form in read(page.text).all("main")[0].all("form") if "method" not in form.attributes]
    asked = [f"{form.attributes['action']}?{urlencode([*form.fields.items(multi=True)])}" for form in forms]
    assert len(asked) >= 2
    for each in asked:
        assert len(each) <= ADDRESS_BYTES
        assert narrowed(each) == shown
        assert editor.get(each).status_code == 200


def test_the_colour_mode_is_switched_on_a_long_list(editor: FlaskClient, url: str) -> None:
    form = next(f for f in read(editor.get(url).text).all("form", class_="modes"))
    answer = editor.post("/mode", data={**form.fields.to_dict(), "mode": "dark"})
    assert narrowed(answer.location) == narrowed(url)


def test_a_message_on_a_long_list_is_closed_without_a_script(editor: FlaskClient, url: str) -> None:
    with editor.session_transaction() as session:
        session["_flashes"] = [("success", "Saved.")]
    [flash] = read(editor.get(url).text).all("div", class_="flash")
    form = flash.all("form")[-1]
    again = f"{form.attributes['action']}?{urlencode([*form.fields.items(multi=True)])}"
    assert narrowed(again) == narrowed(url)
    assert flashes(opened(editor, again)) == []


@pytest.mark.parametrize("everything", [False, True])
def test_records_of_a_long_list_are_changed_in_bulk(
    editor: FlaskClient, csrf: Csrf, url: str, everything: bool
) -> None:
    page = read(editor.get(url).text)
    [form] = page.all("form", data_bulk="")
    picked = form.all("input", name="matching" if everything else "rowid")[0].attributes
    sent = {"csrf_token": csrf(editor), "action": "archived", picked["name"]: picked["value"]}
    asked = editor.post(form.attributes["action"], data=sent)
    answer = editor.post(f"{LIST}action/", data=record_form(asked.text))
    assert narrowed(answer.location) == narrowed(url)
    [(category, message)] = flashes(opened(editor, answer.location))
    assert (category, "archived" in message) == ("success", True)


def test_a_long_list_is_kept_as_a_view_and_found_again(editor: FlaskClient, url: str) -> None:
    page = editor.get(url).text
    form_url = next(href for href in ways(page) if "/views/new/" in href)
    fields = {**record_form(opened(editor, form_url)).to_dict(), "name": "Mine"}
    answer = editor.post(form_url, data=fields)
    assert narrowed(answer.location) == narrowed(url)
    [tab] = [link for link in read(opened(editor, answer.location)).all("a") if link.text == "Mine"]
    assert tab.attributes["aria-current"] == "true"
    assert narrowed(tab.attributes["href"]) == narrowed(url)
    settings = next(href for href in ways(editor.get(answer.location).text) if "/views/edit/" in href)
    assert all(narrowed(href) == narrowed(url) for href in ways_back(opened(editor, settings)))


def test_a_view_is_updated_to_a_long_list(editor: FlaskClient, csrf: Csrf, url: str) -> None:
    form_url = f"{LIST}views/new/?next={LIST}"
    editor.post(form_url, data={"csrf_token": csrf(editor), "name": "Mine"})
    page = read(editor.get(f"{url}&view=1").text)
    [form] = [f for f in page.all("form") if "/views/update/" in f.attributes.get("action", "")]
    answer = editor.post(form.attributes["action"], data=form.fields)
    assert narrowed(answer.location) == narrowed(url)
    [tab] = [link for link in read(opened(editor, answer.location)).all("a") if link.text == "Mine"]
    assert narrowed(tab.attributes["href"]) == narrowed(url)


def test_the_file_of_a_long_list_has_its_rows(editor: FlaskClient, url: str) -> None:
    href = next(href for href in ways(editor.get(url).text) if "/export/csv/" in href)
    assert opened(editor, href).count("\r\n") == 61  # the header and every product


def test_a_stranger_finds_the_long_list_after_logging_in(
    client: FlaskClient, csrf: Csrf, editor: FlaskClient, url: str
) -> None:
    details = next(href for href in ways(editor.get(url).text) if "/details/" in href)
    for asked in (url, details):
        client.delete_cookie("session")
        login = client.get(asked).location
        assert len(login) <= MOST_BYTES
        fields = {"csrf_token": csrf(client), "email": email_of("editor"), "password": PASSWORD}
        found = client.post(login, data=fields).location
        assert urlsplit(found).path == urlsplit(asked).path
        page = client.get(found).text
        back = [found] if asked == url else ways_back(page)
        assert all(narrowed(href) == narrowed(url) for href in back)


def test_a_revert_begun_from_a_long_list_leads_back(editor: FlaskClient, url: str) -> None:
    details = next(href for href in ways(editor.get(url).text) if "/details/" in href)
    history = next(href for href in ways(editor.get(details).text) if "/history/" in href)
    question = next(href for href in hrefs(opened(editor, history)) if "/admin/revert/" in href)
    cancel = next(href for href in hrefs(opened(editor, question)) if "/products/history/" in href)
    assert all(narrowed(href) == narrowed(url) for href in ways_back(opened(editor, cancel)))
