"""People as pages show them: by their names, each beside a circle with the initials."""

from __future__ import annotations

from html import escape
from typing import Self

from markupsafe import Markup

HUES = ("blue", "teal", "green", "olive", "brown", "pink", "purple", "slate")
"""The classes with the colours of initials, which follow from the numbers of accounts."""


class Person(str):
    """The words for an account: its name, and with it what tells users of one name apart.

    ``email`` is empty where the current user may not see it.
    """

    __slots__ = ("email", "initials", "key")
    key: int
    email: str
    initials: str

    def __new__(cls, words: str, key: int, email: str, name: str) -> Self:
        """The words for the account with the number `key`."""
        made = super().__new__(cls, words)
        made.key, made.email = key, email
        made.initials = initials_of(name or email.partition("@")[0])
        return made

    @property
    def hue(self) -> str:
        """The colour of the initials, the same on all pages."""
        return HUES[self.key % len(HUES)]

    @property
    def searched(self) -> str:
        """The text in which a search finds the person."""
        return f"{self} {self.email}"


def initials_of(name: str) -> str:
    """The first letters of the first and the last word of a name; a dot where no word has any."""
    words = [first for word in name.split() if (first := next(filter(str.isalnum, word), ""))]
    return "".join([*words[:1], *words[1:][-1:]]).upper()[:2] or "•"


def person_html(person: Person) -> str:
    """A person as HTML; the email is a tooltip, where it is not said already."""
    email = person.email if person.email not in person else ""
    title = f' title="{escape(email)}"' if email else ""
    circle = f'<span class="initials {person.hue}" data-of="{escape(person.initials)}" aria-hidden="true">'
    return f'<span class="person"{title}>{circle}</span>{escape(person)}</span>'


def person_in_page(who: str | None) -> Markup:
    """Someone in a template: a person with the initials, and others, such as commands, in their own words."""
    words = person_html(who) if isinstance(who, Person) else escape(who or "")
    return Markup(words)  # noqa: S704 - escaped above
