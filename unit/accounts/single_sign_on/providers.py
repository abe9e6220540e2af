"""A provider of identities over real HTTP, which can be made to answer wrongly."""

import json
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from dashboard import clock
from dashboard.extensions import db
from dashboard.testing.accounts import the_account

CLIENT_ID, CLIENT_SECRET = "console", "s3cret:/+ %"
Claims = dict[str, Any]
Open = Callable[..., Flask]


def a_key(name: str) -> RSAKey:
    """A new key pair with this id."""
    return RSAKey.generate_key(2048, {"kid": name}, auto_kid=False)


@dataclass
class FakeProvider:
    """A provider; what its tests change makes it answer wrongly.

    ``asked`` holds the queries of the browsers that were sent to it, and ``requests`` the paths and bodies
    that the console asked for itself.
    """

    url: str
    key: RSAKey = field(default_factory=lambda: a_key("one"))
    listed: list[RSAKey] = field(default_factory=list)
    algorithm: str = "RS256"
    header: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    bend_token: Callable[[Claims], Claims] = dict
    user_info: Claims | None = None
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    codes: dict[str, tuple[dict[str, str], Claims]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        """The description of itself."""
        paths = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/keys",
            **({"userinfo_endpoint": "/userinfo"} if self.user_info else {}),
            "end_session_endpoint": "/logout",
        }
        own = {"issuer": self.url, **{name: self.url + path for name, path in paths.items()}}
        return {name: value for name, value in {**own, **self.description}.items() if value is not None}

    def grant(self, asked: dict[str, str], **claims: Any) -> str:
        """Return the code for a user who logged in with what a browser was sent with."""
        code = f"code-{len(self.codes)}"
        self.codes[code] = (asked, claims)
        return code

    def token_for(self, form: dict[str, str], header: str) -> tuple[int, Claims]:
        """Answer a request for a token as RFC 6749 and RFC 7636 say."""
        asked, claims = self.codes.pop(form.get("code", ""), ({}, {}))
        digest = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if not self._knows(header):
            return 401, {"error": "invalid_client"}
        fits = (
            asked
            and asked["code_challenge"] == digest.decode()
            and asked["redirect_uri"] == form.get("redirect_uri")
        )
        if not fits:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.sign(asked, claims)}

    def sign(self, asked: dict[str, str], claims: Claims) -> str:
        """A token about a user."""
        now = int(clock.now().timestamp())
        usual = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked.get("nonce")}
        said = self.bend_token({**usual, "auth_time": now, **claims})
        name = "one" if self.algorithm.startswith("HS") else self.key.kid
        header = {"alg": self.algorithm, "kid": name, **self.header}
        if self.header:  # some of which the library refuses to write
            return self._signed_by_hand(header, said)
        key = OctKey.import_key(CLIENT_SECRET * 4) if self.algorithm.startswith("HS") else self.key
        return jwt.encode(header, said, key, algorithms=[self.algorithm])

    def _signed_by_hand(self, header: Claims, claims: Claims) -> str:
        parts = (json.dumps(part).encode() for part in (header, claims))
        text = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)
        signature = self.key.private_key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        return (text + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode()

    def _knows(self, header: str) -> bool:
        name, _, password = b64decode(header.removeprefix("Basic ")).decode().partition(":")
        return (name, password) == (CLIENT_ID, CLIENT_SECRET)


@contextmanager
def a_provider() -> Iterator[FakeProvider]:
    """A provider that answers while the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.provider = FakeProvider(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server.provider  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


def with_owner(app: Flask) -> Flask:
    """A console that has its first account."""
    with app.app_context():
        the_account("owner")
        db.session.commit()
    return app


def sent_to(client: FlaskClient, path: str = "/login/sso") -> dict[str, str]:
    """Follow a link that leads to the provider; returns the query of the address there."""
    answer = client.get(path)
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.location).query))


def come_back(client: FlaskClient, asked: dict[str, str], code: str, **more: str) -> Any:
    """The answer to a browser that the provider sends back with a code."""
    return client.get("/login/sso/callback", query_string={"state": asked["state"], "code": code, **more})


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer({name: values[0] for name, values in parse_qs(body).items()})

    def _answer(self, form: dict[str, str]) -> None:
        provider: FakeProvider = self.server.provider  # type: ignore[attr-defined]
        path = urlsplit(self.path).path
        provider.requests.append((path, form))
        time.sleep(provider.slow.get(path, 0))
        status, content = self._content(provider, path, form)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _content(self, provider: FakeProvider, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        if path in provider.answers:
            return provider.answers[path]
        if path == "/token":
            status, answer = provider.token_for(form, self.headers.get("Authorization", ""))
            return status, json.dumps(answer).encode()
        keys = KeySet(provider.listed or [provider.key])
        answers = {
            "/.well-known/openid-configuration": provider.described(),
            "/keys": keys.as_dict(private=False),
            "/userinfo": provider.user_info or {},
        }
        return (200, json.dumps(answers[path]).encode()) if path in answers else (404, b"{}")

    def log_message(self, *_: Any) -> None:
        pass
