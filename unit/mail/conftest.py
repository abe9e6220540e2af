"""Servers that take mail, and those that do not answer."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dashboard.mail import smtp
from dashboard.mail_server import MailServer
from unit.mailing import at

DAY = timedelta(days=1)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A file with a key and its certificate for localhost, which nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - DAY, now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(pem))
    return file


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    """The side of a server with the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def dripping_server() -> Iterator[MailServer]:
    """A server that sends a byte of an endless greeting again and again."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        Thread(target=_drip, args=[listening], daemon=True).start()
        yield at(listening.getsockname()[1])


def _drip(listening: socket) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.settimeout(0.02)
        while True:
            try:
                connection.sendall(b"2")
                if not connection.recv(1):
                    return  # the client is gone
            except TimeoutError:
                continue
            except OSError:
                return


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait half a second for a server at most."""
    monkeypatch.setattr(smtp, "ANSWER_SECONDS", 0.25)
    monkeypatch.setattr(smtp, "DEADLINE_SECONDS", 0.5)
