"""Two users edit one record: nothing is overwritten unseen, and no version can be forged."""

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
    """The address of a record's form, its id, and its fields as they were opened."""

    def opened(screen: Screen) -> tuple[str, int, Fields]:
        key = make(screen.name)
        address = f"{screen.path}edit/?id={key}"
        return address, key, record_form(owner.get(address).text)

    return opened


@each_screen
def test_second_to_save_gets_409_and_overwrites_nothing(
    screen: Screen, owner: FlaskClient, opened: Opened, stored: Stored
) -> None:
    address, key, form = opened(screen)
    assert is_redirect(owner.post(address, data={**form, "name": "The first"}))
    answer = owner.post(address, data={**form, "name": "The second"})
    assert answer.status_code == 409
    assert stored(screen.name, key)["name"] == "The first"


@each_screen
def test_conflict_shows_the_typed_and_the_stored_value(
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
def test_chosen_version_is_saved(
    screen: Screen, name: str, owner: FlaskClient, opened: Opened, stored: Stored
) -> None:
    address, key, form = opened(screen)
    owner.post(address, data={**form, "name": "The first"})
    merged = record_form(owner.post(address, data={**form, "name": "The second"}).text)
    assert is_redirect(owner.post(address, data={**merged, "name": name}))
    assert stored(screen.name, key)["name"] == name


@each_screen
def test_forms_with_a_version_have_autocomplete_off(
    screen: Screen, owner: FlaskClient, opened: Opened
) -> None:
    address, _, form = opened(screen)
    edit = owner.get(address).text
    owner.post(address, data={**form, "name": "The first"})
    merging = owner.post(address, data={**form, "name": "The second"}).text
    for page in map(read, (edit, merging)):
        [with_version] = [each for each in page.all("form") if each.all("input", name="dashboard-version")]
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
def test_forged_version_is_400(
    screen: Screen,
    forge: Callable[[FlaskClient, str], str],
    owner: FlaskClient,
    opened: Opened,
    stored: Stored,
) -> None:
    address, key, form = opened(screen)
    before = stored(screen.name, key)
    version = forge(owner, form["dashboard-version"])
    answer = owner.post(address, data={**form, **screen.change, "dashboard-version": version})
    assert answer.status_code == 400
    assert stored(screen.name, key) == before


@each_screen
def test_version_of_another_record_is_400(
    screen: Screen, owner: FlaskClient, opened: Opened, stored: Stored
) -> None:
    _, _, other = opened(screen)
    address, key, form = opened(screen)
    before = stored(screen.name, key)
    answer = owner.post(
        address, data={**form, **screen.change, "dashboard-version": other["dashboard-version"]}
    )
    assert answer.status_code == 400
    assert stored(screen.name, key) == before


def test_version_of_another_kind_of_record_is_400(owner: FlaskClient, opened: Opened) -> None:
    products, categories, _ = SCREENS
    address, key, form = opened(products)
    _, other, its_form = opened(categories)
    assert key == other  # so that nothing but the kind tells them apart
    assert (
        owner.post(address, data={**form, "dashboard-version": its_form["dashboard-version"]}).status_code
        == 400
    )


@each_screen
@pytest.mark.parametrize(
    "forge", [str, lambda _good: "x", lambda good: good[:-1]], ids=["a version", "no text", "cut"]
)
def test_version_is_not_accepted_as_the_versions_of_a_merge(
    screen: Screen, forge: Callable[[str], str], owner: FlaskClient, opened: Opened, stored: Stored
) -> None:
    address, key, form = opened(screen)
    before = stored(screen.name, key)
    answer = owner.post(
        address, data={**form, **screen.change, "dashboard-opened": forge(form["dashboard-version"])}
    )
    assert answer.status_code == 400
    assert stored(screen.name, key) == before


@each_screen
def test_typed_text_of_a_deleted_record_can_be_copied(
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
    assert len(shown) == len(set(form) - {"dashboard-numbers"}) - 3  # the token, the version and the reason
    kind = {"products": "product", "categories": "category", "users": "account"}[screen.name]
    assert f"This {kind} was deleted while you were editing, or you no longer have access." in page.text
    assert "Your changes weren't saved." in page.text


def test_record_that_became_invisible_is_404_with_the_typed_text(
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


def test_unknown_record_without_typed_text_is_404(owner: FlaskClient, submit: Submit) -> None:
    answer = submit(owner, "/admin/products/edit/?id=999")
    assert answer.status_code == 404
    assert "Not found" in answer.text


@each_screen
def test_page_that_was_opened_before_an_upgrade_is_saved(
    screen: Screen, owner: FlaskClient, opened: Opened, stored: Stored
) -> None:
    address, key, form = opened(screen)
    form["version"] = form.pop("dashboard-version")
    assert is_redirect(owner.post(address, data={**form, **screen.change}))
    assert stored(screen.name, key)["name"] == screen.change["name"]
