"""Two people edit one record: nothing is lost without a word, and no version can be made up."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer
from werkzeug.datastructures import MultiDict

from dashboard.testing.answers import is_redirect
from unit.admin.conftest import Make, Stored
from unit.admin.reading import read, record_form
from unit.admin.screens import SCREENS, Screen
from unit.conftest import ClientAs, Submit

each_screen = pytest.mark.parametrize("screen", SCREENS, ids=str)
Fields = MultiDict[str, str]
Opened = Callable[[Screen], tuple[str, int, Fields]]


@pytest.fixture
def opened(owner: FlaskClient, make: Make) -> Opened:
    """The address of a record's form, its id, and its fields as somebody opened them."""

    def opened(screen: Screen) -> tuple[str, int, Fields]:
        key = make(screen.name)
        address = f"{screen.path}edit/?id={key}"
        return address, key, record_form(owner.get(address).text)

    return opened


@each_screen
def test_the_second_to_save_is_told_and_nothing_is_lost(
    screen: Screen, owner: FlaskClient, opened: Opened, stored: Stored
) -> None:
    address, key, form = opened(screen)
    assert is_redirect(owner.post(address, data={**form, "name": "The first"}))
    answer = owner.post(address, data={**form, "name": "The second"})
    assert answer.status_code == 409
    assert stored(screen.name, key)["name"] == "The first"


@each_screen
def test_what_was_typed_is_kept_and_shown_beside_what_is_stored(
    screen: Screen, owner: FlaskClient, opened: Opened
) -> None:
    address, _, form = opened(screen)
    owner.post(address, data={**form, "name": "The first"})
    page = read(owner.post(address, data={**form, "name": "The second"}).text)
    [choice] = page.all("fieldset")
    assert [radio.attributes["value"] for radio in choice.all("input", type="radio")] == [
        "The second",
        "The first",
        form["name"],
    ]
    assert "You (in another window) saved changes while you were editing." in page.text
    assert "Your changes aren't saved yet." in page.text


@each_screen
@pytest.mark.parametrize("name", ["The first", "The second"])
def test_saving_again_is_a_decision(
    screen: Screen, name: str, owner: FlaskClient, opened: Opened, stored: Stored
) -> None:
    address, key, form = opened(screen)
    owner.post(address, data={**form, "name": "The first"})
    merged = record_form(owner.post(address, data={**form, "name": "The second"}).text)
    assert is_redirect(owner.post(address, data={**merged, "name": name}))
    assert stored(screen.name, key)["name"] == name


@each_screen
def test_browsers_put_no_text_back_into_a_form_with_a_version(
    screen: Screen, owner: FlaskClient, opened: Opened
) -> None:
    address, _, form = opened(screen)
    edit = owner.get(address).text
    owner.post(address, data={**form, "name": "The first"})
    merging = owner.post(address, data={**form, "name": "The second"}).text
    for page in map(read, (edit, merging)):
        [with_version] = [each for each in page.all("form") if each.all("input", name="version")]
        assert with_version.attributes["autocomplete"] == "off"


def the_secret_key(client: FlaskClient) -> str:
    return str(client.application.config["SECRET_KEY"])


FORGERIES: dict[str, Callable[[FlaskClient, str], str]] = {
    "missing": lambda _client, _good: "",
    "a bare number": lambda _client, _good: "1",
    "cut": lambda _client, good: good[:-1],
    "changed": lambda _client, good: "A" + good,
    "no text": lambda _client, _good: "\0é.\ud7ff.",
    "signed with another key": lambda _client, _good: str(URLSafeSerializer("k").dumps(["Product", 1, 1])),
    "signed for something else": lambda client, _good: str(
        URLSafeSerializer(the_secret_key(client), salt="cookie-session").dumps(["Product", 1, 1])
    ),
}


@each_screen
@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_version_that_the_console_did_not_give_is_refused(
    screen: Screen,
    forge: Callable[[FlaskClient, str], str],
    owner: FlaskClient,
    opened: Opened,
    stored: Stored,
) -> None:
    address, key, form = opened(screen)
    before = stored(screen.name, key)
    version = forge(owner, form["version"])
    answer = owner.post(address, data={**form, **screen.change, "version": version})
    assert answer.status_code == 400
    assert stored(screen.name, key) == before


@each_screen
def test_the_version_of_another_record_is_refused(
    screen: Screen, owner: FlaskClient, opened: Opened, stored: Stored
) -> None:
    _, _, other = opened(screen)
    address, key, form = opened(screen)
    before = stored(screen.name, key)
    answer = owner.post(address, data={**form, **screen.change, "version": other["version"]})
    assert answer.status_code == 400
    assert stored(screen.name, key) == before


def test_the_version_of_a_record_of_another_kind_is_refused(owner: FlaskClient, opened: Opened) -> None:
    products, categories, _ = SCREENS
    address, key, form = opened(products)
    _, other, its_form = opened(categories)
    assert key == other  # so that nothing but the kind tells them apart
    assert owner.post(address, data={**form, "version": its_form["version"]}).status_code == 400


@each_screen
def test_a_version_does_not_pass_for_those_of_a_merge(
    screen: Screen, owner: FlaskClient, opened: Opened, stored: Stored
) -> None:
    address, key, form = opened(screen)
    before = stored(screen.name, key)
    for forged in (form["version"], "x", form["version"][:-1]):
        assert owner.post(address, data={**form, **screen.change, "opened": forged}).status_code == 400
    assert stored(screen.name, key) == before


@each_screen
def test_a_record_deleted_meanwhile_is_not_made_again_and_what_was_typed_is_there_to_copy(
    screen: Screen, owner: FlaskClient, opened: Opened, stored: Stored
) -> None:
    address, key, form = opened(screen)
    owner.post(f"{screen.path}delete/", data={"csrf_token": form["csrf_token"], "id": str(key)})
    answer = owner.post(address, data={**form, "name": "<b>Mine</b>"})
    assert answer.status_code == 404
    assert stored(screen.name, key) == {}
    page = read(answer.text).all("main")[0]
    shown = {each.all("dt")[0].text: each.all("dd")[0].text for each in page.all("div", class_="version")}
    assert shown["Name"] == "<b>Mine</b>"
    assert len(shown) == len(form) - 2  # all but the token and the version
    kind = {"products": "product", "categories": "category", "users": "account"}[screen.name]
    assert f"This {kind} was deleted while you were editing, or you no longer have access." in page.text
    assert "Your changes weren't saved." in page.text


def test_a_record_that_one_may_not_see_any_more_is_gone_as_well(
    client_as: ClientAs, make: Make, submit: Submit
) -> None:
    admin, owner, key = client_as("admin"), client_as("owner"), make("users", name="Ada")
    address = f"/admin/users/edit/?id={key}"
    form = record_form(admin.get(address).text)
    submit(owner, address, **{**record_form(owner.get(address).text), "role": "owner"})
    answer = admin.post(address, data={**form, "name": "Mine"})
    assert answer.status_code == 404
    assert "Mine" in answer.text
    assert "Ada" not in answer.text


def test_where_nothing_was_typed_there_is_nothing_to_copy(owner: FlaskClient, submit: Submit) -> None:
    answer = submit(owner, "/admin/products/edit/?id=999")
    assert answer.status_code == 404
    assert "Not found" in answer.text
