"""Cards that a plug-in adds to the home."""

import logging
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask

from dashboard.catalogue.models import Product
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.records import CardText
from dashboard.testing.kinds import client_as
from dashboard.testing.markup import read
from unit.consoles import SECRET_KEY
from unit.plugins.parts import Register, fault, with_plugins


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a console with a database of its own."""
    url = f"sqlite:///{tmp_path}/console.sqlite3"
    return Settings(secret_key=SECRET_KEY, database_url=url, instance=tmp_path)


def cards(app: Flask, role: str = "viewer") -> dict[str, tuple[str, str]]:
    """The text and the address of each card of the home by its title; the page has to open."""
    answer = client_as(app, role).get("/admin/")
    assert answer.status_code == 200
    found = read(answer.text).all("ul", class_="figures")[0].all(class_="card")
    texts = [(card.all("span", class_="figure-label")[0].text, card) for card in found]
    return {
        title: (card.text.removeprefix(title).strip(), card.attributes.get("href", ""))
        for title, card in texts
    }


def test_card_shows_its_figure_note_and_address(settings: Settings) -> None:
    text = CardText(1234, "/admin/products/", "since <b>Monday</b>")
    app = with_plugins(settings, lambda console: console.home_card("Orders", lambda: text))
    assert cards(app)["Orders"] == ("1,234 since <b>Monday</b>", "/admin/products/")


def test_card_is_shown_to_those_with_its_permission(settings: Settings) -> None:
    app = with_plugins(
        settings, lambda console: console.home_card("People", lambda: CardText("7"), "users:read")
    )
    assert "People" not in cards(app, "editor")
    assert cards(app, "admin")["People"] == ("7", "")


def raises() -> CardText:
    raise RuntimeError("no stock")


def adds() -> CardText:
    db.session.add(Product(name="Never"))
    return CardText("1")


def adds_and_reads() -> CardText:
    adds()
    return CardText(db.session.query(Product).count())


def asks_in_vain() -> CardText:
    db.session.execute(db.text("SELECT nothing FROM nowhere"))
    return CardText("1")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (raises, "no stock"),
        (adds, "changes nothing"),
        (adds_and_reads, "begin_write"),
        (asks_in_vain, "nowhere"),
        (lambda: 7, "returns a CardText, not int"),
        (lambda: CardText("1", "//evil.test"), "an address of the console"),
        (lambda: click.Abort, "returns a CardText"),
    ],
)
def test_card_that_fails_says_so_and_is_logged(
    settings: Settings, text: Any, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    def register(console: Any) -> None:
        console.home_card("Broken", text)
        console.home_card("Whole", lambda: CardText("ok"))

    app = with_plugins(settings, register)
    with caplog.at_level(logging.ERROR):
        found = cards(app)
    assert found["Broken"] == ("This can't be shown right now.", "")
    assert found["Whole"] == ("ok", "")
    [record] = [each for each in caplog.records if "Broken" in each.getMessage()]
    assert record.exc_info
    assert error in str(record.exc_info[1])
    with app.app_context():
        assert db.session.query(Product).count() == 0


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("", raises), "The title of a card has 1 to 40 characters, unlike ''."),
        (("x" * 41, raises), "The title of a card has 1 to 40 characters"),
        (("Orders", raises, "shop:read"), "No role has the permission shop:read of the card Orders."),
    ],
)
def test_card_that_is_declared_wrongly_stops_the_start(
    settings: Settings, arguments: tuple[Any, ...], line: str
) -> None:
    assert line in fault(settings, lambda console: console.home_card(*arguments))


def test_two_cards_of_one_title_and_too_many_are_refused(settings: Settings) -> None:
    twice: Register = lambda console: [console.home_card("Orders", raises) for _ in "ab"]  # noqa: E731
    assert "There is a card Orders already." in fault(settings, twice)
    many: Register = lambda console: [console.home_card(str(n), raises) for n in range(25)]  # noqa: E731
    assert "The home has 24 cards already." in fault(settings, many)


def test_long_text_of_a_card_is_cut(settings: Settings) -> None:
    app = with_plugins(settings, lambda c: c.home_card("Long", lambda: CardText("x" * 500, note="y" * 500)))
    assert len(cards(app)["Long"][0]) == 80 + 1 + 200
