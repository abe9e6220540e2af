"""Browsers at addresses, and attempts to log in that fail."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.accounts.throttling.limits import PER_PAIR

HERE, ELSEWHERE = "203.0.113.5", "198.51.100.7"
KIM, ANN = "kim@example.test", "ann@example.test"
Enter = Callable[..., TestResponse]


def browser(app: Flask, address: str) -> FlaskClient:
    """A new browser at an address."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def fail(enter: Enter, number: int = PER_PAIR, email: str = KIM, address: str = HERE) -> None:
    """Fail to log in so many times, each from a new browser."""
    for _ in range(number):
        assert enter(email, address=address).status_code == 200
