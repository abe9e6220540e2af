"""Texts that are no answer of a browser: they are refused, and never a fault."""

import json
from typing import Any

import pytest
from flask import Flask

from dashboard.accounts.passkeys.forms import ANSWER_LENGTH
from dashboard.testing.passkeys import Device, options_on
from unit.accounts.passkeys.steps import BY_PASSKEY, LOGIN, Rows, is_in
from unit.conftest import Submit

pytestmark = pytest.mark.both_databases


def _replaced(sent: str, place: tuple[str, ...], odd: Any) -> str:
    answer = json.loads(sent)
    inside = answer
    for name in place[:-1]:
        inside = inside[name]
    inside[place[-1]] = odd
    return json.dumps(answer)


ODD = ("", "A", "AAAA", "\0", "é", "=" * 9, 5, None, True, [], {}, [[]], "A" * 3000, -1e400)
PLACES = (
    *(("id",), ("rawId",), ("type",), ("response",), ("clientExtensionResults",)),
    *(("response", name) for name in ("clientDataJSON", "authenticatorData", "signature", "userHandle")),
)
NO_JSON = ("x", "[]", "{}", "null", "1", '"x"', "[" * ANSWER_LENGTH, "{" * 9000, "\0", "NaN")


@pytest.mark.security(77)
@pytest.mark.parametrize("place", PLACES, ids=".".join)
def test_odd_answer_is_refused_and_never_a_fault(
    app: Flask, device: Device, submit: Submit, place: tuple[str, ...], rows: Rows
) -> None:
    harmless = {("clientExtensionResults",), ("rawId",)}
    for number, odd in enumerate(ODD):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"198.51.{number}.1"
        sent = device.use(options_on(client.get(LOGIN).text))
        answer = submit(client, BY_PASSKEY, passkey=_replaced(sent, place, odd))
        assert answer.status_code == 200 or place in harmless, odd
        assert is_in(client) is (answer.status_code == 303)


@pytest.mark.security(77)
@pytest.mark.parametrize("text", NO_JSON, ids=lambda text: text[:9])
def test_text_that_is_no_answer_is_refused(app: Flask, device: Device, submit: Submit, text: str) -> None:
    assert submit(app.test_client(), BY_PASSKEY, passkey=text).status_code == 200


def test_longer_answer_is_refused_before_it_is_read(app: Flask, submit: Submit) -> None:
    answer = submit(app.test_client(), BY_PASSKEY, passkey="x" * (ANSWER_LENGTH + 1))
    assert "Use at most 16,384 characters" in answer.text
