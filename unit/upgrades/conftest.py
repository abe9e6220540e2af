"""Each console of an older revision, upgraded."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.database.migrating import upgrade
from dashboard.extensions import db
from unit.conftest import SetClock
from unit.consoles import prepared
from unit.upgrades.old_consoles import HERE, LOADS, REVISIONS, Upgraded


@pytest.fixture(params=LOADS)
def database(request: pytest.FixtureRequest) -> str:
    """Each of the databases."""
    return str(request.param)


@pytest.fixture(params=REVISIONS)
def revision(request: pytest.FixtureRequest) -> str:
    """Each revision of which there is a dump."""
    return str(request.param)


@pytest.fixture
def upgraded(
    revision: str, database: str, request: pytest.FixtureRequest, tmp_path: Path, set_clock: SetClock
) -> Iterator[Upgraded]:
    """A console over a dump, an hour after it was left."""
    known = json.loads(HERE.joinpath(f"{revision}.json").read_text(encoding="utf-8"))[database]
    url = LOADS[database](revision, tmp_path, request)
    upgrade(url)
    set_clock(datetime.fromisoformat(known["moment"]) + timedelta(hours=1))
    app = prepared(create_app(Settings(secret_key=known["secret_key"], database_url=url, instance=tmp_path)))
    yield Upgraded(app, known)
    with app.app_context():
        db.engine.dispose()
