"""Two editors of one record, and undo of everything that can be done to one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask.testing import FlaskClient

from dashboard.admin.kit.forms import STATE_FIELD
from dashboard.testing.answers import is_redirect
from dashboard.testing.kinds.kind import Kind
from dashboard.testing.markup import read, record_form
from dashboard.web.forms import TOKEN

SENT_ALONG = {TOKEN, STATE_FIELD}
"""Fields that no one types."""


def conflict_faults(kind: Kind, key: str) -> Iterator[str]:
    """A change that another editor's later one overwrites without a question."""
    if not kind.has("edit_view"):
        return
    address = kind.of("edit", key)
    first, second = kind.client(), kind.client()
    opened = [client.get(address).text for client in (first, second)]
    forms = [kind.filled(page) for page in opened]
    if all(forms[0][name] == forms[1][name] for name in forms[0] if name not in SENT_ALONG):
        return  # there is nothing that two could enter differently
    if not is_redirect(answer := first.post(address, data=forms[0])):
        yield f"the form of a record is not saved: {_errors(answer.text)}"
        return
    before = kind.digest()
    status = second.post(address, data=forms[1]).status_code
    if status != 409:
        yield f"two editors changed one field, and the second was answered {status}, expected: 409"
    if kind.digest() != before:
        yield "two editors changed one field, and the second overwrote the first"


def undo_faults(kind: Kind, key: str) -> Iterator[str]:
    """The changes after whose undo the rows are not as they were."""
    client = kind.client()
    if kind.has("create_view"):
        yield from _undone(kind, client, "create", lambda: is_redirect(kind.create(client)))
    if kind.has("edit_view"):
        yield from _undone(kind, client, "change", lambda: _edit(kind, client, key))
    if kind.has("delete_view"):
        # Others may refer to an older one, and its question asks what happens to them.
        free = kind.new_key(client) if kind.has("create_view") else key
        yield from _undone(kind, client, "delete", lambda: _delete(kind, client, free))


def _undone(kind: Kind, client: FlaskClient, what: str, act: Callable[[], bool]) -> Iterator[str]:
    client.get(kind.address)  # shows the messages that there are
    before = kind.digest()
    if not act():
        yield f"{what} a record: its form was refused"
        return
    if kind.digest() == before:
        yield f"{what} a record: nothing was changed"
    buttons = [form for form in read(client.get(kind.address).text).all("form") if _undoes(form.attributes)]
    if not buttons:
        yield f"{what} a record: the list offers no undo"
        return
    client.post(buttons[0].attributes["action"], data=buttons[0].fields)
    if kind.digest() != before:
        yield f"{what} a record: undo did not restore every value"


def _undoes(attributes: dict[str, str]) -> bool:
    return attributes.get("action", "").partition("?")[0].endswith("/undo/")


def _edit(kind: Kind, client: FlaskClient, key: str) -> bool:
    page = client.get(kind.of("edit", key)).text
    return is_redirect(client.post(kind.of("edit", key), data=kind.filled(page)))


def _delete(kind: Kind, client: FlaskClient, key: str) -> bool:
    address = kind.of("delete", key)
    return is_redirect(client.post(address, data=record_form(client.get(address).text)))


def _errors(html: str) -> str:
    return "; ".join(each.text for each in read(html).all("p", class_="error")) or "no error is shown"
