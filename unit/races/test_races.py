"""Nothing is overwritten when several people write at the same moment, by any route that writes.

Everyone sends a form that shows the same state, and no one takes a lock before all are about to. One of them
is told that it is done, and it is; every other is told that it is not, and why. The history matches the
stored rows.
"""

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.history.chain import verify
from unit.conftest import ClientAs, Csrf, MakeApp
from unit.history.replaying import replayed, stored
from unit.mailing import NOWHERE
from unit.races import (
    of_bulk,
    of_factors,
    of_files,
    of_imports,
    of_jobs,
    of_links,
    of_mail,
    of_passkeys,
    of_people,
    of_records,
    of_reverting,
    of_views,
)
from unit.races.scenarios import MAILING, SCENARIOS, Prepare
from unit.races.track import BUSY, Track
from unit.surface import SAFE

# Each adds its races to the scenarios.
MODULES = (
    *(of_bulk, of_factors, of_jobs, of_links, of_mail, of_passkeys, of_people),
    *(of_files, of_imports, of_records, of_reverting, of_views),
)
ALL = [
    pytest.param(prepare, id=f"{of} {prepare.__name__}".strip("/").replace("/", "."))
    for of, prepares in sorted(SCENARIOS.items())
    for prepare in prepares
]


@pytest.fixture
def prepare() -> None:
    """No race, for a test that is about all of them."""


@pytest.fixture
def app(app: Flask, make_app: MakeApp, prepare: Prepare | None) -> Flask:
    """The console of a race, which sends mail where the race needs that."""
    return make_app(mail=NOWHERE) if prepare and prepare.__name__ in MAILING else app


@pytest.fixture
def track(app: Flask, client_as: ClientAs, csrf: Csrf, people: int) -> Track:
    """A track for as many people as `unit.conftest` says, without requests so far."""
    return Track(app, client_as, csrf, people)


def writing(app: Flask) -> set[str]:
    """Return the routes that write, each with its actions where it has any."""
    rules = [rule for rule in app.url_map.iter_rules() if set(rule.methods or ()) - SAFE]
    actions = {
        view.endpoint: view._actions_data
        for view in app.extensions["admin"][0]._views
        if hasattr(view, "_actions_data")
    }
    found = set()
    for rule in rules:
        named = (
            actions.get(rule.endpoint.split(".")[0], {})
            if rule.endpoint.endswith(".action_view")
            else {"": None}
        )
        found |= {f"{rule.rule} {name}".strip() for name in named}
    return found


def test_every_route_that_writes_has_a_race(app: Flask) -> None:
    assert set(SCENARIOS) == writing(app)


@pytest.mark.both_databases
@pytest.mark.parametrize("prepare", ALL)
def test_nothing_is_overwritten_at_the_same_moment(prepare: Prepare, track: Track) -> None:
    race = prepare(track)
    answers = track.run(race)
    assert [each.words for each in answers if each.status >= 500 and each.status != BUSY] == []
    with track.app.app_context():
        assert replayed() == stored()
        assert verify(db.session).faults == []
        race.judge(answers)
