"""A form that two users save, and the parts of its merge page."""

from collections.abc import Callable
from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.testing.answers import is_redirect
from unit.admin.reading import Element, read, record_form


@dataclass
class Opened:
    """A form that a user opened, and another user who saves the same record."""

    mine: FlaskClient
    theirs: FlaskClient
    address: str

    def __post_init__(self) -> None:
        self.form = record_form(self.mine.get(self.address).text)

    def they_save(self, **fields: str) -> None:
        """The other user opens the record and saves it."""
        form = record_form(self.theirs.get(self.address).text)
        assert is_redirect(self.theirs.post(self.address, data={**form, **fields}))

    def i_save(self, **fields: str) -> TestResponse:
        """The user saves the form that they opened."""
        return self.mine.post(self.address, data={**self.form, **fields})

    def again(self, answer: TestResponse, **choices: str) -> TestResponse:
        """The user sends the merge page."""
        return self.mine.post(self.address, data={**record_form(answer.text), **choices})


Open = Callable[..., Opened]


def settled(answer: TestResponse) -> dict[str, str]:
    """The words about each automatically merged field, by its label."""
    shown = read(answer.text).all("section", class_="settled")
    return {each.all("h3")[0].text: each.all("p", class_="badge")[0].text for each in shown}


def choices(answer: TestResponse) -> dict[str, list[str]]:
    """The values to choose from, by the name of the field."""
    groups = [group.all("input", type="radio") for group in read(answer.text).all("fieldset")]
    return {g[0].attributes["name"]: [radio.attributes["value"] for radio in g] for g in groups}


def labels(page: Element) -> list[str]:
    return [label.text for label in page.all("fieldset")[0].all("label")]
