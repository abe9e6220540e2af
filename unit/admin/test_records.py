"""Create, edit, delete and details of every kind of record."""

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
def test_a_record_is_created_and_named_in_the_message(
    screen: Screen, owner: FlaskClient, submit: Submit
) -> None:
    answer = submit(owner, screen.path + "new/", **screen.new)
    assert (answer.status_code, answer.location) == (303, screen.path)
    assert flashes(owner.get(screen.path).text) == [("success", f"{screen.named} created.")]


@each_screen
def test_the_form_of_a_new_record_can_be_sent_as_it_is_shown(
    screen: Screen, owner: FlaskClient, count: Count
) -> None:
    before = count(screen.name)
    shown = record_form(owner.get(screen.path + "new/").text)
    assert is_redirect(owner.post(screen.path + "new/", data={**shown, **screen.new}))
    assert count(screen.name) == before + 1


@each_screen
def test_a_new_record_goes_back_to_the_list_it_was_begun_from(
    screen: Screen, owner: FlaskClient, submit: Submit
) -> None:
    back = f"{screen.path}?q=a&sort=created"
    page = read(owner.get(screen.path + "new/", query_string={"next": back}).text)
    assert [link.attributes["href"] for link in page.all("a") if link.text == "Cancel"] == [back]
    answer = submit(owner, f"{screen.path}new/?next={screen.path}%3Fq%3Da%26sort%3Dcreated", **screen.new)
    assert answer.location == back


@each_screen
def test_wrong_values_are_told_at_their_fields_and_kept(
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


def test_a_password_is_not_shown_again(owner: FlaskClient, submit: Submit) -> None:
    answer = submit(owner, "/admin/users/new/", email="x", password="plum orbit lantern", confirm="other")
    assert "plum orbit lantern" not in answer.text


@each_screen
def test_a_form_sent_empty_is_answered_and_not_a_fault(
    screen: Screen, owner: FlaskClient, submit: Submit
) -> None:
    assert submit(owner, screen.path + "new/").status_code == 200


@each_screen
def test_a_form_shows_the_record_and_says_when_it_was_changed(
    screen: Screen, owner: FlaskClient, make: Make, stored: Stored
) -> None:
    key = make(screen.name)
    page = owner.get(f"{screen.path}edit/?id={key}").text
    assert record_form(page)["name"] == stored(screen.name, key)["name"]
    assert "Last changed " in read(page).text


@each_screen
def test_a_record_is_changed_by_the_fields_that_differ(
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
def test_deleting_asks_first_naming_the_record(
    screen: Screen, owner: FlaskClient, make: Make, stored: Stored
) -> None:
    key = make(screen.name)
    page = read(owner.get(f"{screen.path}delete/?id={key}").text)
    assert page.all("h1")[0].text == f"Delete {name_of(stored(screen.name, key))}?"


@each_screen
def test_a_record_is_deleted_when_the_question_is_answered(
    screen: Screen, owner: FlaskClient, make: Make, stored: Stored
) -> None:
    key = make(screen.name)
    address = f"{screen.path}delete/?id={key}"
    answer = owner.post(address, data=record_form(owner.get(address).text))
    assert (answer.status_code, answer.location) == (303, screen.path)
    assert stored(screen.name, key) == {}
    [(category, message)] = flashes(owner.get(screen.path).text)
    assert (category, message.endswith(" deleted.")) == ("success", True)


@each_screen
def test_details_show_the_record_and_lead_to_its_changes(
    screen: Screen, owner: FlaskClient, make: Make, stored: Stored
) -> None:
    key = make(screen.name)
    page = read(owner.get(f"{screen.path}details/?id={key}").text)
    assert page.all("h1")[0].text == name_of(stored(screen.name, key))
    links = {link.text: link.attributes["href"] for link in page.all("main")[0].all("a")}
    assert links["Edit"] == f"{screen.path}edit/?id={key}"
    assert links["Delete"] == f"{screen.path}delete/?id={key}"


@each_screen
@pytest.mark.parametrize("sort", ["name", "-created"])
def test_details_lead_to_the_neighbours_in_the_list_they_were_opened_from(
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


@pytest.mark.parametrize("key", HOSTILE_IDS)
def test_a_record_that_does_not_exist_is_not_found(key: str, owner: FlaskClient, make: Make) -> None:
    for screen in SCREENS:
        make(screen.name)
        for what in ("details", "edit", "delete", "history"):
            assert owner.get(f"{screen.path}{what}/", query_string={"id": key}).status_code == 404


@pytest.mark.parametrize("key", HOSTILE_IDS)
def test_a_change_of_a_record_that_does_not_exist_is_not_found(
    key: str, owner: FlaskClient, make: Make, count: Count, submit: Submit
) -> None:
    for screen in SCREENS:
        make(screen.name)
        before = count(screen.name)
        for what in ("delete", "edit"):
            assert submit(owner, f"{screen.path}{what}/", id=key).status_code == 404
        assert count(screen.name) == before


@each_screen
def test_a_record_without_an_id_is_not_found(screen: Screen, owner: FlaskClient) -> None:
    assert owner.get(f"{screen.path}details/").status_code == 404


@pytest.mark.parametrize(
    "back", ["https://evil.test/", "//evil.test/admin/products/", "/\\evil.test", "/login", "/admin/", "x"]
)
def test_the_way_back_is_the_list_and_never_another_place(
    back: str, owner: FlaskClient, make: Make, submit: Submit
) -> None:
    for screen in SCREENS:
        answer = submit(owner, f"{screen.path}delete/", id=str(make(screen.name)), next=back)
        assert answer.location == screen.path
