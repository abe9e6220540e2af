"""CBOR of strangers: it is read in its plain form alone, before the library reads it."""

from time import process_time
from typing import Any

import cbor2
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from dashboard.accounts.passkeys.cbor import DEPTH, read_item, read_whole
from dashboard.accounts.passkeys.models import Passkey
from dashboard.testing.passkeys import Device, options_on
from unit.accounts.passkeys.steps import BY_PASSKEY, LOGIN, NEW, Rows, is_in
from unit.conftest import ClientAs, Submit

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=300) | st.text(),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.integers(0, 9) | st.text(), inner),
    max_leaves=20,
)
EXTENSIONS = 0x80


def bomb(depth: int) -> bytes:
    """Arrays, each with the one before twice, by reference: two to the power of `depth` in full."""
    items = [b"\xd8\x1c\x80"]
    for number in range(depth):
        shared = b"\xd8\x1d" + cbor2.dumps(number)
        items.append(b"\xd8\x1c\x82" + shared * 2)
    return b"\x98" + bytes([len(items)]) + b"".join(items)


def depth_of(value: Any) -> int:
    inner = [*value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return 1 + max(map(depth_of, inner), default=0)


@given(PLAIN)
def test_plain_values_are_read_as_they_were_written(value: Any) -> None:
    if depth_of(value) <= DEPTH:
        assert read_whole(cbor2.dumps(value)) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        _, end = read_item(data)
    except ValueError:
        return
    assert 0 < end <= len(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x18",
        b"\x5b" + b"\xff" * 8,
        b"\x9b" + b"\xff" * 8,
        b"\xbf\xff",
        b"\x9f\xff",
        b"\x5f\x41a\xff",
        b"\x1c",
        b"\xc2\x41a",
        b"\xd8\x1c\x80",
        b"\xfb" + b"\0" * 8,
        b"\xf7",
        b"\xa1\x41a\x01",
        b"\xa1\x80\x01",
        b"\x61\xff",
        b"\x81" * (DEPTH + 2) + b"\x01",
        b"\x01\x01",
        bomb(3),
    ],
)
def test_any_other_form_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_whole(data)


@pytest.mark.both_databases
@pytest.mark.security(62)
def test_shared_values_of_a_new_passkey_cost_nothing(
    client_as: ClientAs, submit: Submit, rows: Rows, app: Flask
) -> None:
    client = client_as("viewer")
    sent = Device().make(options_on(client.get(NEW).text), public_key=bomb(40))
    begun = process_time()
    assert submit(client, NEW, name="Bomb", passkey=sent).status_code == 200
    assert process_time() - begun < 2
    assert rows(Passkey) == []


@pytest.mark.both_databases
@pytest.mark.security(62)
def test_shared_values_of_a_login_cost_nothing(app: Flask, device: Device, submit: Submit) -> None:
    client = app.test_client()
    sent = device.use(options_on(client.get(LOGIN).text), more=bomb(40), flags=0x05 | EXTENSIONS)
    begun = process_time()
    submit(client, BY_PASSKEY, passkey=sent)
    assert process_time() - begun < 2
    assert not is_in(client)


@pytest.mark.both_databases
@pytest.mark.security(62)
def test_id_of_a_new_passkey_is_the_one_that_the_browser_says(
    client_as: ClientAs, submit: Submit, rows: Rows
) -> None:
    client = client_as("viewer")
    sent = Device().make(options_on(client.get(NEW).text), attested_id=b"x" * 5000)
    assert submit(client, NEW, name="Long", passkey=sent).status_code == 200
    assert rows(Passkey) == []
