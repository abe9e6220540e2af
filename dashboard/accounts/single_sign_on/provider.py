"""Talking to the provider: its description, its keys, and the token for a code.

Every answer has a bound and a deadline, only a few threads wait at once, and a provider that did not answer
is not asked for a while: one that is slow or gone must not hold up pages of those who have logged in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import ConnectionError as NoConnection
from requests import HTTPError, RequestException, Response, Timeout

from dashboard.accounts.services import Askers, CrowdedError, NoAnswerError, bound
from dashboard.accounts.single_sign_on.claims import UntrustedError, read_token
from dashboard.clock import now
from dashboard.identity_provider import IdentityProvider, issuer_fault

SECONDS = 5.0
"""How long the provider may take for one answer; twice that for all of them when a browser comes back."""
LONGEST_ANSWER = 512 * 1024  # bytes; descriptions and keys have a few thousand
AT_ONCE = 4
WAIT_SECONDS = 1.0
"""How long others wait for one of those who ask."""
FAULT_SECONDS = 10.0
"""How long a provider that did not answer is not asked again."""
KEPT_SECONDS = 3600
"""How long a description and keys are taken as they were."""
ALIVE_SECONDS = 30
"""How old a description may be when a browser is sent to the provider; a newer one proves it alive."""
AGAIN_SECONDS = 30
"""Keys are asked for again at once where a new one signed, but not more often than this."""
SCOPE = "openid email profile"
CLIENT_REFUSED = ("invalid_client", "unauthorized_client")
WRONG_CLIENT = "It refuses the client. Check DASHBOARD_OIDC_CLIENT_ID and DASHBOARD_OIDC_CLIENT_SECRET."
WRONG_ISSUER = "It calls itself {!r}, and DASHBOARD_OIDC_ISSUER is {!r}."
REQUIRED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
UNREADABLE = (RequestException, AuthlibBaseError, ValueError, RecursionError)
"""Errors while an answer is read; the last one for JSON that is nested too deeply."""

Answer = TypeVar("Answer")


class ProviderError(Exception):
    """The provider did not answer, or not as it should; the message is for the log."""


class MisconfiguredError(ProviderError):
    """The settings of the console and those of the provider do not fit; only an admin can help."""


class UnreachableError(ProviderError):
    """The provider did not answer at all. Another user would fare no better."""


class Provider:
    """The provider of an application. Threads share what is remembered of it."""

    def __init__(self, settings: IdentityProvider, *, is_production: bool) -> None:
        self.settings = settings
        self.is_production = is_production
        self._askers = Askers(AT_ONCE, WAIT_SECONDS)
        self._fault: tuple[float, str] | None = None
        self._lock = Lock()
        self._kept: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def login_address(self, *, back: str, state: str, nonce: str, verifier: str, again: bool) -> str:
        """Return the address at which a browser logs in; with `again`, although it has logged in before.

        Raises ProviderError.
        """
        more = {"prompt": "login", "max_age": "0"} if again else {}
        description = self._ask(lambda: self._description(ALIVE_SECONDS), SECONDS)
        with self._session(back) as session:
            address, _state = session.create_authorization_url(
                description["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_verifier=verifier,
                **more,
            )
        return str(address)

    def logout_address(self, back: str) -> str | None:
        """Return the address at which a browser logs out and is led to `back`; None where there is none.

        Raises ProviderError.
        """
        end = self._ask(lambda: self._description(ALIVE_SECONDS), SECONDS).get("end_session_endpoint")
        if not end:
            return None
        query = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back}
        return f"{end}{'&' if urlsplit(end).query else '?'}{urlencode(query)}"

    def claims(self, *, code: str, back: str, nonce: str, verifier: str) -> Mapping[str, Any]:
        """Return what the provider says about the user for whom it gave `code`.

        Raises ProviderError and UntrustedError.
        """
        return self._ask(lambda: self._claims(code, back, nonce, verifier), 2 * SECONDS)

    def _claims(self, code: str, back: str, nonce: str, verifier: str) -> Mapping[str, Any]:
        with self._session(back) as session:
            token = self._token(session, code, verifier)
            claims = self._read(token, nonce)
            more = self._description().get("userinfo_endpoint")
            if more and "email" not in claims:
                claims = {**self._user_info(session, more, claims["sub"]), **claims}
        return claims

    def check(self) -> None:
        """Fetch the description and the keys; raises ProviderError where they cannot be used."""
        self._ask(lambda: self._keys(again=True), 2 * SECONDS)

    def _ask(self, question: Callable[[], Answer], seconds: float) -> Answer:
        """Return the answer to a question in time, unless the provider failed to answer just now."""
        if self._fault and monotonic() - self._fault[0] < FAULT_SECONDS:
            raise UnreachableError(f"It is not asked again yet. {self._fault[1]}")
        try:
            return self._askers.ask(question, seconds)
        except CrowdedError as error:
            raise UnreachableError(str(error)) from error
        except (NoAnswerError, UnreachableError) as error:
            self._fault = (monotonic(), str(error))
            raise UnreachableError(str(error)) from error

    def _token(self, session: OAuth2Session, code: str, verifier: str) -> str:
        try:
            answer = session.fetch_token(
                self._description()["token_endpoint"], code=code, code_verifier=verifier, timeout=SECONDS
            )
        except UNREADABLE as error:
            if getattr(error, "error", "") in CLIENT_REFUSED:
                raise MisconfiguredError(WRONG_CLIENT) from error
            raise _failure("It gave no token", error) from error
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise UntrustedError("The answer has no ID token.")
        return token

    def _read(self, token: str, nonce: str) -> Mapping[str, Any]:
        seconds = int(now().timestamp())
        for again in (False, True):
            try:
                return read_token(token, self._keys(again=again), self.settings, nonce=nonce, now=seconds)
            except KeyError:
                continue  # the provider has a new key
        raise UntrustedError("The ID token is signed with a key that the provider does not list.")

    def _user_info(self, session: OAuth2Session, address: str, subject: str) -> Mapping[str, Any]:
        info = _answer(session, address)
        if info.get("sub") != subject:  # OpenID Connect Core 1.0, 5.3.2
            raise UntrustedError("The provider told of another user than the one who logged in.")
        return info

    def _description(self, kept_for: float = KEPT_SECONDS) -> Mapping[str, Any]:
        issuer = self.settings.issuer
        description = self._remembered(f"{issuer.rstrip('/')}/.well-known/openid-configuration", kept_for)
        if description.get("issuer") != issuer:
            raise MisconfiguredError(WRONG_ISSUER.format(str(description.get("issuer"))[:200], issuer))
        for name in (*REQUIRED, "userinfo_endpoint", "end_session_endpoint"):
            address = description.get(name) or ("" if name in REQUIRED else None)
            if address is None:
                continue
            if not isinstance(address, str) or issuer_fault(
                address.partition("?")[0], is_production=self.is_production
            ):
                raise ProviderError(f"Its {name} is not an address that can be trusted.")
        return description

    def _keys(self, *, again: bool) -> KeySet:
        kept_for = AGAIN_SECONDS if again else KEPT_SECONDS
        found = self._remembered(self._description()["jwks_uri"], kept_for)
        try:
            return KeySet.import_key_set(found)  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderError("Its keys cannot be read.") from error

    def _remembered(self, address: str, kept_for: float = KEPT_SECONDS) -> Mapping[str, Any]:
        with self._lock:
            asked_at, answer = self._kept.get(address, (0.0, {}))
        if answer and monotonic() - asked_at < kept_for:
            return answer
        try:
            with self._session("") as session:
                answer = _answer(session, address, with_token=False)
        except ProviderError as error:  # of an address that every login needs
            raise UnreachableError(str(error)) from error
        with self._lock:
            self._kept[address] = (monotonic(), answer)
        return answer

    def _session(self, back: str) -> OAuth2Session:
        session = OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret or None,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
        )
        session.max_redirects = 0
        session.register_compliance_hook("access_token_response", _require_known_client)
        bound(session, seconds=SECONDS, longest=LONGEST_ANSWER)
        return session


def _answer(session: OAuth2Session, address: str, *, with_token: bool = True) -> Mapping[str, Any]:
    try:
        response = session.get(address, withhold_token=not with_token, allow_redirects=False)
        response.raise_for_status()
        answer = response.json()
    except UNREADABLE as error:
        raise _failure(f"{urlsplit(address).path} did not answer", error) from error
    if not isinstance(answer, dict):
        raise ProviderError(f"{urlsplit(address).path} answered with something else than an object.")
    return answer


def _require_known_client(response: Response) -> Response:
    if response.status_code == HTTPStatus.UNAUTHORIZED:  # RFC 6749, 5.2; the body need not be JSON
        raise MisconfiguredError(WRONG_CLIENT)
    return response


def _failure(what: str, error: Exception) -> ProviderError:
    # The texts of such errors may quote the request, which holds the code and the secret of the client.
    why = str(getattr(error, "error", None) or type(error).__name__)[:100]
    if isinstance(error, HTTPError) and error.response is not None:
        why = f"status {error.response.status_code}"
    kind = UnreachableError if isinstance(error, NoConnection | Timeout) else ProviderError
    return kind(f"{what}: {why}")
