"""Erasing a person from the history."""

from dashboard.extensions import db
from dashboard.history.erase import erase_person
from dashboard.history.recording import describe
from dashboard.testing.accounts import an_account, the_account

EMAIL = "ada@example.test"


def erase(key: int) -> int:
    """Erase as an owner does."""
    owner = the_account("owner")
    db.session.commit()
    describe(db.session, author_id=owner.id)
    return erase_person(db.session, "users", key)


def a_person_who_left() -> int:
    """Create, rename and delete a user; returns their id."""
    user = an_account(email=EMAIL, name="Ada")
    db.session.commit()
    user.name = "Ada Lovelace"
    db.session.commit()
    key = user.id
    db.session.delete(user)
    db.session.commit()
    return key
