"""Saved views in the palette: those that the user sees, of lists that they may open; and how records rank."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.admin.screens.palette import rank
from unit.admin.saved_views import save
from unit.conftest import ClientAs, CountQueries, Submit

HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }}"


def views(client: FlaskClient) -> list[dict[str, str]]:
    """The views that the palette offers."""
    answer: Any = client.get("/admin/palette/").json
    return [item for group in answer["groups"] if group["name"] == "Views" for item in group["items"]]


def names(client: FlaskClient) -> list[str]:
    """Their names."""
    return [item["label"] for item in views(client)]


def test_view_is_offered_with_its_list_and_opens_it(client_as: ClientAs, submit: Submit) -> None:
    editor = client_as("editor")
    save(editor, submit, "/admin/products/?status=draft&sort=-price", name="Drafts")
    [view] = views(editor)
    assert (view["label"], view["hint"]) == ("Drafts", "Products")
    assert "status=draft&sort=-price" in view["url"]
    assert editor.get(view["url"]).status_code == 200


def test_views_of_every_list_are_offered(client_as: ClientAs, submit: Submit) -> None:
    owner = client_as("owner")
    for screen in ("products", "categories", "users"):
        submit(owner, f"/admin/{screen}/views/new/", next=f"/admin/{screen}/", name=f"My {screen}")
    assert names(owner) == ["My products", "My categories", "My users"]


def test_view_of_another_user_is_offered_only_where_shared(client_as: ClientAs, submit: Submit) -> None:
    owner, editor = client_as("owner"), client_as("editor")
    save(owner, submit, name="Private")
    save(owner, submit, name="Shared", audience="editor")
    save(editor, submit, name="Zinc")
    assert names(editor) == ["Zinc", "Shared"]  # their own first
    assert names(client_as("viewer")) == []


def test_view_of_a_list_that_the_user_may_not_open_is_not_offered(
    client_as: ClientAs, submit: Submit
) -> None:
    owner = client_as("owner")
    submit(owner, "/admin/users/views/new/", next="/admin/users/", name="People", audience="admin")
    assert names(client_as("admin")) == ["People"]
    assert names(client_as("editor")) == []


def test_hostile_name_of_a_view_is_sent_unchanged(client_as: ClientAs, submit: Submit) -> None:
    editor = client_as("editor")
    save(editor, submit, name=HOSTILE)
    assert names(editor) == [HOSTILE]


def test_many_views_take_as_many_queries_as_one(
    client_as: ClientAs, submit: Submit, count_queries: CountQueries
) -> None:
    editor, costs = client_as("editor"), []
    for number in range(4):
        save(editor, submit, name=f"View {number}")
        with count_queries() as statements:
            views(editor)
        costs.append(len(statements))
    assert costs == [costs[0]] * 4


@pytest.mark.parametrize(
    ("query", "texts", "expected"),
    [
        ("oak", ("Oak Lamp", ""), 0),
        ("lmp", ("Oak Lamp", "LMP-1"), 0),
        ("LAMP", ("Oak lamp", ""), 1),
        ("shirt", ("T-shirt", ""), 1),
        ("amp", ("Oak Lamp", ""), 2),
        ("(", ("Oak (old)", ""), 1),
        ("lamp oak", ("Oak Lamp", ""), 2),
    ],
)
def test_rank_is_by_beginning_then_by_words_then_the_rest(
    query: str, texts: tuple[str, str], expected: int
) -> None:
    assert rank(query, *texts) == expected
