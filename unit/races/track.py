"""People who send their forms at the same moment, and the answer to each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import starmap
from threading import Condition, get_ident
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from dashboard.extensions import db
from dashboard.testing.accounts import an_account
from dashboard.web.flashes import WAITING, Message
from unit.admin.reading import flashes, record_form
from unit.conftest import ClientAs, Csrf
from unit.racing import before_each_statement

PATIENCE_SECONDS = 20
BUSY = 503
# Statements that make others wait. SQLite takes its one lock where the transaction begins.
CONTESTED = re.compile(r"BEGIN IMMEDIATE|INSERT|UPDATE|DELETE|.*\bFOR (NO KEY )?UPDATE|.*advisory", re.DOTALL)
Form = Mapping[str, Any]


class Meeting:
    """A place where `number` threads wait for each other, except those that have ended."""

    def __init__(self, number: int) -> None:
        self._missing = number
        self._met = Condition()
        self._here = set[int]()

    def arrive(self, wait: bool = True) -> None:
        """Count this thread as arrived, once, and wait for the others."""
        with self._met:
            if get_ident() not in self._here:
                self._here.add(get_ident())
                self._missing -= 1
                self._met.notify_all()
            if wait:
                assert self._met.wait_for(lambda: self._missing <= 0, PATIENCE_SECONDS)


@dataclass(frozen=True)
class Answer:
    """An answer: its status, location, messages and page."""

    status: int
    location: str
    messages: Sequence[tuple[str, str]]
    text: str

    @property
    def is_done(self) -> bool:
        """Whether the answer says that the request was carried out; otherwise it says why not."""
        if self.status >= 400 or self.location.startswith("/login?"):
            return False
        return "<title>Error: " not in self.text and all(kind == "success" for kind, _ in self.messages)

    @property
    def words(self) -> str:
        """The answer in words, for a failure report."""
        return f"{self.status} {self.location} {[text for _, text in self.messages]}"


@dataclass(frozen=True)
class Entrant:
    """A browser and the form that it is about to send."""

    client: FlaskClient
    path: str
    form: Form

    def send(self) -> Answer:
        """Send the form."""
        answer = self.client.post(self.path, data=self.form)
        with self.client.session_transaction() as session:
            waiting = [(each.category, each.text) for each in starmap(Message, session.get(WAITING, []))]
        text = answer.text if answer.status_code != 303 else ""
        return Answer(answer.status_code, answer.location or "", [*waiting, *flashes(text)], text)


@dataclass(frozen=True)
class Race:
    """Entrants, how many of them may succeed, and a check of the rows afterwards.

    ``holds`` gets the entrants that succeeded.
    """

    entrants: Sequence[Entrant]
    winners: Collection[int] = (1,)
    holds: Callable[[Sequence[Entrant]], None] = field(default=lambda winners: None)

    def judge(self, answers: Sequence[Answer]) -> None:
        """Compare every answer with the stored rows, in an application context."""
        done = [each for each, answer in zip(self.entrants, answers, strict=True) if answer.is_done]
        assert len(done) in self.winners, [answer.words for answer in answers]
        self.holds(done)


@dataclass(frozen=True)
class Track:
    """Where a race is prepared: `number` people, each with their own browser."""

    app: Flask
    client_as: ClientAs
    csrf: Csrf
    number: int

    def people(self, role: str) -> list[FlaskClient]:
        """Browsers of different people with the same role."""
        emails = [f"{role}{place}@example.test" for place in range(self.number)]
        self.store(lambda: [an_account(role, email=email) for email in emails])
        return [self.client_as(email) for email in emails]

    def browsers(self, who: str) -> list[FlaskClient]:
        """Browsers of one person."""
        return [self.client_as(who) for _ in range(self.number)]

    def store(self, make: Callable[[], Any]) -> Any:
        """Do something in a transaction of its own and return what it returns."""
        with self.app.app_context():
            made = make()
            db.session.commit()
            return made

    def form(self, client: FlaskClient, path: str) -> MultiDict[str, str]:
        """The form at an address as its page shows it."""
        return record_form(client.get(path).text)

    def question(self, client: FlaskClient, path: str, **fields: Any) -> MultiDict[str, str]:
        """Send a form with these fields and return the form of the question that answers it."""
        sent = {"csrf_token": self.csrf(client), **fields}
        return record_form(client.post(path, data=sent).text)

    def entrants(self, clients: Sequence[FlaskClient], path: str, **changes: Any) -> list[Entrant]:
        """Everyone has opened the form at an address; a change that is a list has a value for each."""
        return self.sharing(clients, path, self.form(clients[0], path) if clients else {}, **changes)

    def sharing(self, clients: Sequence[FlaskClient], path: str, form: Form, **changes: Any) -> list[Entrant]:
        """Everyone has the same form; a change that is a list has a value for each."""
        return [
            Entrant(client, path, {**_lists(form), "csrf_token": self.csrf(client), **_own(changes, place)})
            for place, client in enumerate(clients)
        ]

    def bare(self, clients: Sequence[FlaskClient], path: str, **fields: Any) -> list[Entrant]:
        """Everyone sends a form with only these fields, without opening a page."""
        return self.sharing(clients, path, {}, **fields)

    @property
    def everyone(self) -> Collection[int]:
        """The number of winners where no one conflicts with anyone: all of them."""
        return (self.number,)

    def run(self, race: Race) -> list[Answer]:
        """Let everyone send at the same moment: no one takes a lock before all are about to."""
        meeting = Meeting(len(race.entrants))

        def send(entrant: Entrant) -> Answer:
            try:
                return entrant.send()
            finally:
                meeting.arrive(wait=False)

        def meet(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if CONTESTED.match(statement):
                meeting.arrive()

        with before_each_statement(self.app, meet), ThreadPoolExecutor(len(race.entrants)) as pool:
            return list(pool.map(send, race.entrants, timeout=PATIENCE_SECONDS))


def _own(fields: Form, place: int) -> dict[str, Any]:
    return {name: value[place] if isinstance(value, list) else value for name, value in fields.items()}


def _lists(form: Form) -> dict[str, Any]:
    return form.to_dict(flat=False) if isinstance(form, MultiDict) else dict(form)
