"""The rules for new passwords, with what the settings and the account add to them."""

from __future__ import annotations

from flask import current_app

from dashboard.accounts.breaches import is_breached
from dashboard.accounts.passwords import normal_form, password_fault
from dashboard.config import Settings

BREACHED = "This password is known from a data breach. Choose another one."
SHORTEST_LABEL = 4


def minimum_length(*, with_factor: bool = False) -> int:
    """Return the length of the shortest password, in code points, for a user with a second factor or without.

    OWASP ASVS 5.0, V6.2.1: 8 at the least, and 15 are advised where nothing else is asked for.
    """
    settings: Settings = current_app.extensions["settings"]
    return settings.password_min_length_with_factor if with_factor else settings.password_min_length


def new_password_fault(password: str, *, email: str, name: str = "", with_factor: bool = False) -> str | None:
    """Return the reason why `password` is not accepted, for its user, or None.

    `with_factor` says whether the user has a second factor, for which a shorter one may be enough.
    Asks the service for breaches last, if the settings name one. Raises `Busy` as `password_fault` does.
    """
    settings: Settings = current_app.extensions["settings"]
    words = words_of_hosts(settings.hosts)
    minimum = minimum_length(with_factor=with_factor)
    if fault := password_fault(password, minimum=minimum, email=email, name=name, words=words):
        return fault
    service = settings.breach_check
    return BREACHED if service and is_breached(normal_form(password), service) else None


def words_of_hosts(hosts: list[str]) -> list[str]:
    """Return the names of the console, and the parts of them that are long enough to be words."""
    named = [host.strip(".[]") for host in hosts]
    return [*named, *(part for host in named for part in host.split(".") if len(part) >= SHORTEST_LABEL)]
