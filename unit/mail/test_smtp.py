"""Handing mail to servers that take it, refuse it, hang, or are not there."""

import ssl
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from dashboard.mail.letters import Letter, message
from dashboard.mail.smtp import NotSent, deliver, try_server
from dashboard.mail_server import MailServer, Protection
from dashboard.testing.mail_servers import PASSWORD, SENDER, Mailbox, body, mailbox

TO = "someone@example.test"
INVALID = "linefeed|line break|invalid|control"
LONG = "https://console.example.org/reset?token=" + "x" * 90


def sent(server: MailServer | None, to: str = TO, subject: str = "Hello", text: str = "Text\n") -> None:
    """Send a letter."""
    assert server
    deliver(server, message(Letter(to, subject, text), server, "Staff console"))


def refusal(server: MailServer | None, to: str = TO) -> NotSent:
    """Return why a letter is not sent."""
    with pytest.raises(NotSent) as caught:
        sent(server, to)
    return caught.value


def test_letter_arrives_as_it_was_written(box: Mailbox) -> None:
    sent(box.server, text=f"Grüße\n\n{LONG}\n.\nEnd\n")
    (mail,) = box.mails
    assert body(mail).replace("\r\n", "\n") == f"Grüße\n\n{LONG}\n.\nEnd\n"
    assert (mail["To"], mail["Subject"]) == (TO, "Hello")
    assert mail["From"] == f"Staff console <{SENDER}>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@example.org>")
    assert mail["Date"]
    assert mail.get_content_type() == "text/plain"


def test_domain_is_written_in_ascii(box: Mailbox) -> None:
    sent(box.server, "someone@bücher.test")
    assert box.mails[0]["To"] == "someone@xn--bcher-kva.test"


@pytest.mark.parametrize(
    "mark", ["\r\nBcc: x@example.test", "\nBcc: x@example.test", "\rBcc: x", "\r\n\r\nText"]
)
def test_line_break_in_a_header_is_refused(box: Mailbox, mark: str) -> None:
    for to, subject in ((f"{TO}{mark}", "Hello"), (TO, f"Hello{mark}")):
        with pytest.raises(ValueError, match=INVALID):
            sent(box.server, to, subject)
    assert box.mails == []


@pytest.mark.parametrize(("answer", "is_final"), [("550 No such user", True), ("450 Later", False)])
def test_refused_recipient_is_told_with_the_words_of_the_server(
    box: Mailbox, answer: str, is_final: bool
) -> None:
    box.refused[TO] = answer
    failure = refusal(box.server)
    assert str(failure) == f"The mail server refuses this address: {answer}"
    assert failure.is_final is is_final
    sent(box.server, "other@example.test")
    assert len(box.mails) == 1


@pytest.mark.security(80)
def test_reason_is_one_short_line_whatever_the_server_says(box: Mailbox) -> None:
    box.refused[TO] = "450-\x1b[31mred\u202e\r\n450 " + "x" * 400
    reason = str(refusal(box.server))
    assert reason.isprintable()
    assert len(reason) <= 200


@pytest.mark.usefixtures("impatient")
def test_hanging_server_is_left_after_a_while(hanging_server: MailServer) -> None:
    begun = monotonic()
    assert str(refusal(hanging_server)) == "The mail server does not answer."
    assert monotonic() - begun < 5


@pytest.mark.usefixtures("impatient")
def test_server_that_sends_single_bytes_is_left_after_a_while(dripping_server: MailServer) -> None:
    begun = monotonic()
    assert not refusal(dripping_server).is_final
    assert monotonic() - begun < 5


def test_dead_server_is_told(dead_server: MailServer) -> None:
    failure = refusal(dead_server)
    assert str(failure) == "The mail server cannot be reached: Connection refused"
    assert not failure.is_final


@pytest.mark.parametrize("protection", [Protection.STARTTLS, Protection.TLS])
def test_protected_server_with_a_trusted_certificate_takes_mail(
    protection: Protection, context: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mailbox(protection, context) as box:
        sent(box.server)
        assert len(box.mails) == 1


@pytest.mark.parametrize("protection", [Protection.STARTTLS, Protection.TLS])
def test_certificate_that_nobody_trusts_is_refused(protection: Protection, context: ssl.SSLContext) -> None:
    with mailbox(protection, context) as box:
        assert "certificate of the mail server is not valid" in str(refusal(box.server))
        assert box.mails == []


def test_certificate_of_another_host_is_refused(
    context: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mailbox(Protection.TLS, context) as box:
        assert box.server
        reason = str(refusal(replace(box.server, host="127.0.0.1")))
    assert "certificate of the mail server is not valid" in reason


def test_password_is_never_sent_where_starttls_is_missing(box: Mailbox) -> None:
    assert box.server
    server = replace(box.server, protection=Protection.STARTTLS, user="u", password=PASSWORD)
    assert "STARTTLS" in str(refusal(server))
    assert box.mails == []


def test_server_that_asks_for_a_password_takes_mail(
    context: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mailbox(Protection.STARTTLS, context, asks_password=True) as box:
        assert box.server
        try_server(box.server)
        sent(box.server)
        assert len(box.mails) == 1


@pytest.mark.security(81)
def test_wrong_password_is_told_without_it(
    context: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mailbox(Protection.STARTTLS, context, asks_password=True) as box:
        assert box.server
        reason = str(refusal(replace(box.server, password="hush-hush")))
    assert reason == "The mail server refuses the user or the password of DASHBOARD_MAIL_URL."
