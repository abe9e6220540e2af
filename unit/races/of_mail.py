"""Mails that are asked for, tried again and given up, and the links in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import OneTimeLink, Purpose, issue
from dashboard.accounts.passwords import verify_password
from dashboard.accounts.register.by_mail import issue_registration
from dashboard.accounts.register.models import Registration
from dashboard.extensions import db
from dashboard.mail.outbox import QueuedMail
from dashboard.testing.accounts import NEW_PASSWORD, an_account, an_invitation, the_account
from unit.races.of_people import one_of
from unit.races.scenarios import number_of, one, race, stored
from unit.races.track import Entrant, Race, Track

ADA = "ada@example.test"


def count_of(model: type, expected: int) -> Callable[[Sequence[Entrant]], None]:
    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(model) == expected

    return holds


@race("/registration")
def register_by_one_link(track: Track) -> Race:
    token = track.store(lambda: issue_registration(ADA))
    clients = [track.app.test_client() for _ in range(track.number)]
    new = [f"{NEW_PASSWORD} {place}" for place in range(track.number)]
    sent = track.bare(clients, f"/registration?token={token}", password=new, confirm=new)

    def holds(winners: Sequence[Entrant]) -> None:
        assert verify_password(stored(User, one_of(ADA)).password_hash, winners[0].form["password"])
        assert number_of(Registration) == 0

    return Race(sent, holds=holds)


@race("/password/forgot", mails=True)
def ask_for_reset_links(track: Track) -> Race:
    clients = [track.app.test_client() for _ in range(track.number)]
    sent = track.bare(clients, "/password/forgot", email=ADA)
    return Race(sent, winners=track.everyone, holds=count_of(QueuedMail, track.number))


@race("/profile/email", mails=True)
def ask_for_another_email(track: Track) -> Race:
    """The last one counts, and each is told to the present address."""
    sent = track.bare(track.browsers("viewer"), "/profile/email", email=ADA)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(QueuedMail, QueuedMail.purpose == "email") == 1
        assert number_of(QueuedMail, QueuedMail.purpose == "email asked") == track.number

    return Race(sent, winners=track.everyone, holds=holds)


@race("/profile/email/confirm", mails=True)
def change_email_by_one_link(track: Track) -> Race:
    token = track.store(lambda: issue(the_account("viewer"), Purpose.EMAIL, None, address=ADA))
    sent = track.bare(track.browsers("viewer"), f"/profile/email/confirm?token={token}")

    def holds(_winners: Sequence[Entrant]) -> None:
        assert stored(User, one_of(ADA)).email == ADA
        assert number_of(OneTimeLink) == 0
        assert number_of(QueuedMail) == 1

    return Race(sent, holds=holds)


@race("/profile/email/confirm")
def take_one_email(track: Track) -> Race:
    clients = track.people("viewer")
    emails = [f"viewer{place}@example.test" for place in range(track.number)]
    paths = [f"/profile/email/confirm?token={track.store(link_of(email))}" for email in emails]
    sent = [track.bare([client], path)[0] for client, path in zip(clients, paths, strict=True)]

    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(User, User.email == ADA) == 1

    return Race(sent, holds=holds)


def link_of(email: str) -> Callable[[], str]:
    return lambda: issue(the_account(email), Purpose.EMAIL, None, address=ADA)


@race("/admin/users/send-link/", mails=True)
def send_links_to_one_user(track: Track) -> Race:
    """Each is told that it is sent, and one mail is."""
    key = one(track, lambda: an_invitation(ADA)[0])
    sent = track.entrants(track.people("owner"), f"/admin/users/send-link/?id={key}")
    return Race(sent, winners=track.everyone, holds=count_of(QueuedMail, 1))


@race("/admin/mail/retry/")
def try_one_mail_again(track: Track) -> Race:
    return Race(of_unsent(track, "retry"), winners=range(1, track.number + 1))


@race("/admin/mail/give-up/")
def give_one_mail_up(track: Track) -> Race:
    return Race(of_unsent(track, "give-up"), holds=count_of(QueuedMail, 0))


def of_unsent(track: Track, view: str) -> list[Entrant]:
    def unsent() -> int:
        mail = QueuedMail(purpose="reset", user_id=an_account(email=ADA).id, reason="no", due_at=None)
        db.session.add(mail)
        db.session.flush()
        return mail.id

    return track.bare(track.people("owner"), f"/admin/mail/{view}/", id=str(track.store(unsent)))
