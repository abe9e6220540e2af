"""Fixtures for the security log."""

import pytest
from flask import Flask

from unit.conftest import ClientAs, MakeApp, Submit
from unit.security_log.scene import Scene


@pytest.fixture
def scene(app: Flask, client_as: ClientAs, submit: Submit, make_app: MakeApp) -> Scene:
    """Return what a deed needs."""
    return Scene(app, client_as, submit, make_app)
