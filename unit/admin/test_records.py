"""Creating, editing, deleting and viewing each kind of record."""

import pytest
from flask.testing import FlaskClient

from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Count, Make, Stored
from unit.admin.reading import field_errors, flashes, read, record_form, row_titles
from unit.admin.screens import SCREENS, Screen
from unit.conftest import Submit

each_screen = pytest.mark.parametrize("screen", SCREENS, ids=str)
NO_IDS = ["", "0", "-1", "1,2", "1.0", "1e0", " 1", "+1", "²", "\0", "1\0", "abc", "None", "\u0661"]
HOSTILE_IDS = [*NO_IDS, "' OR 1=1 --", "2147483648", "9999999999", "9" * 5000]


def name_of(record: dict[str, object]) -> str:
    return str(record.get("email") or record["name"])


@each_screen
def test_created_record_is_named_in_the_message(screen: Screen, owner: FlaskClient, submit: Submit) -> None:
    answer = submit(owner, screen.path + "new/", **screen.new)
    assert is_redirect(answer)
    message = f"{screen.named} {screen.created}."
    assert flashes(owner.get(answer.location).text) == [("success", message)]


@each_screen
def test_new_form_can_be_sent_with_its_defaults(screen: Screen, owner: FlaskClient, count: Count) -> None:
    before = count(screen.name)
    shown = record_form(owner.get(screen.path + "new/").text)
    assert is_redirect(owner.post(screen.path + "new/", data={**shown, **screen.new}))
    assert count(screen.name) == before + 1


@each_screen
def test_creating_returns_to_the_filtered_list(screen: Screen, owner: FlaskClient, submit: Submit) -> None:
    back = f"{screen.path}?q=a&sort=created"
    page = read(owner.get(screen.path + "new/", query_string={"next": back}).text)
    assert [link.attributes["href"] for link in page.all("a") if link.text == "Cancel"] == [back]
    answer = submit(owner, f"{screen.path}new/?next={screen.path}%3Fq%3Da%26sort%3Dcreated", **screen.new)
    if screen.name == "users":  # the page with the invitation comes first, and leads back
        links = read(owner.get(answer.location).text).all("a")
        assert [link.attributes["href"] for link in links if link.text == "Back to users"] == [back]
    else:
        assert answer.location == back


@each_screen
def test_invalid_values_are_kept_with_an_error_at_each_field(
    screen: Screen, owner: FlaskClient, submit: Submit, count: Count
) -> None:
    before = count(screen.name)
    answer = submit(owner, screen.path + "new/", **{**screen.new, **screen.wrong})
    assert answer.status_code == 200
    assert set(field_errors(answer.text)) == set(screen.wrong)
    assert read(answer.text).all("title")[0].text.startswith("Error: ")
    kept = record_form(answer.text)
    typed = {**screen.new, **screen.wrong}
    assert {name: kept[name] for name in ("name", "sku", "email", "stock") if name in kept} == {
        name: typed[name] for name in ("name", "sku", "email", "stock") if name in typed
    }
    assert count(screen.name) == before


@each_screen
def test_empty_form_is_shown_again_with_errors(screen: Screen, owner: FlaskClient, submit: Submit) -> None:
    assert submit(owner, screen.path + "new/").status_code == 200


@each_screen
def test_edit_form_shows_the_record_and_its_last_change(
    screen: Screen, owner: FlaskClient, make: Make, stored: Stored
) -> None:
    key = make(screen.name)
    page = owner.get(f"{screen.path}edit/?id={key}").text
    assert record_form(page)["name"] == stored(screen.name, key)["name"]
    assert "Last changed " in read(page).text


@each_screen
def test_saving_changes_only_the_fields_that_differ(
    screen: Screen, owner: FlaskClient, make: Make, stored: Stored
) -> None:
    key = make(screen.name)
    before = stored(screen.name, key)
    address = f"{screen.path}edit/?id={key}"
    answer = owner.post(address, data={**record_form(owner.get(address).text), **screen.change})
    assert (answer.status_code, answer.location) == (303, screen.path)
    after = stored(screen.name, key)
    changed = {k for k in before if before[k] != after[k]} - {
        "name_key",
        "search_text",
    }  # they follow the name
    assert changed == {*screen.change, "updated_at", "version"}
    message = screen.changed.format(name_of(before)) + " saved."
    assert flashes(owner.get(screen.path).text) == [("success", message)]


@each_screen
def test_saving_without_a_change_changes_nothing(
    screen: Screen, owner: FlaskClient, make: Make, stored: Stored
) -> None:
    key = make(screen.name)
    before = stored(screen.name, key)
    address = f"{screen.path}edit/?id={key}"
    assert is_redirect(owner.post(address, data=record_form(owner.get(address).text)))
    assert stored(screen.name, key) == before


@each_screen
def test_delete_asks_first_and_names_the_record(
    screen: Screen, owner: FlaskClient, make: Make, stored: Stored
) -> None:
    key = make(screen.name)
    page = read(owner.get(f"{screen.path}delete/?id={key}").text)
    assert page.all("h1")[0].text == f"Delete {name_of(stored(screen.name, key))}?"


@each_screen
def test_confirming_deletes_the_record(
    screen: Screen, owner: FlaskClient, make: Make, stored: Stored
) -> None:
    key = make(screen.name)
    name = name_of(stored(screen.name, key))
    address = f"{screen.path}delete/?id={key}"
    answer = owner.post(address, data=record_form(owner.get(address).text))
    assert (answer.status_code, answer.location) == (303, screen.path)
    assert stored(screen.name, key) == {}
    kind = screen.named.split()[0]
    message = f"{kind} {name} deleted." if kind == "Account" else f"{kind} “{name}” deleted."
    assert flashes(owner.get(screen.path).text) == [("success", message)]


@each_screen
def test_details_show_the_record_with_links_to_edit_and_delete(
    screen: Screen, owner: FlaskClient, make: Make, stored: Stored
) -> None:
    key = make(screen.name)
    page = read(owner.get(f"{screen.path}details/?id={key}").text)
    assert page.all("h1")[0].text == name_of(stored(screen.name, key))
    links = {link.text: link.attributes["href"] for link in page.all("main")[0].all("a")}
    assert links["Edit"] == f"{screen.path}edit/?id={key}&then=details"
    assert links["Delete"] == f"{screen.path}delete/?id={key}"


@each_screen
@pytest.mark.parametrize("sort", ["name", "-created"])
def test_details_link_to_the_previous_and_next_record_of_the_list(
    screen: Screen, owner: FlaskClient, make: Make, sort: str
) -> None:
    for _ in range(3):
        make(screen.name)
    back = f"{screen.path}?sort={sort}"
    order = row_titles(owner.get(back).text)
    here = read(owner.get(back).text).all("tbody")[0].all("th")[1].all("a")[0].attributes["href"]
    details = read(owner.get(here).text)
    found = {rel: details.all("a", rel=rel)[0].attributes["href"] for rel in ("prev", "next")}
    assert [read(owner.get(url).text).all("h1")[0].text for url in found.values()] == [order[0], order[2]]


@each_screen
@pytest.mark.parametrize("what", ["details", "edit", "delete", "history"])
def test_page_of_an_unknown_record_is_404(screen: Screen, what: str, owner: FlaskClient, make: Make) -> None:
    make(screen.name)
    statuses = {
        key[:20]: owner.get(f"{screen.path}{what}/", query_string={"id": key}).status_code
        for key in HOSTILE_IDS
    }
    assert statuses == dict.fromkeys(statuses, 404)


@each_screen
@pytest.mark.parametrize("what", ["delete", "edit"])
def test_change_of_an_unknown_record_is_404(
    screen: Screen, what: str, owner: FlaskClient, make: Make, count: Count, submit: Submit
) -> None:
    make(screen.name)
    before = count(screen.name)
    statuses = {key[:20]: submit(owner, f"{screen.path}{what}/", id=key).status_code for key in HOSTILE_IDS}
    assert statuses == dict.fromkeys(statuses, 404)
    assert count(screen.name) == before


@each_screen
def test_details_without_an_id_are_404(screen: Screen, owner: FlaskClient) -> None:
    assert owner.get(f"{screen.path}details/").status_code == 404


@pytest.mark.parametrize(
    "back", ["https://evil.test/", "//evil.test/admin/products/", "/\\evil.test", "/login", "/admin/", "x"]
)
@each_screen
def test_next_never_leads_away_from_the_list(
    screen: Screen, back: str, owner: FlaskClient, make: Make, submit: Submit
) -> None:
    answer = submit(owner, f"{screen.path}delete/", id=str(make(screen.name)), next=back)
    assert answer.location == screen.path
