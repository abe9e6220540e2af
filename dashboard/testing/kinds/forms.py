"""Pages and forms as they work in a browser that runs no script, under the content security policy."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.testing.answers import is_redirect
from dashboard.testing.kinds.kind import Kind, path_of
from dashboard.testing.markup import Element, read, record_form

NO_SCRIPT = ("javascript:", "data:text")


def form_faults(kind: Kind, key: str) -> Iterator[str]:
    """Markup that the policy of the console blocks, and forms that do not work by themselves."""
    client = kind.client()
    for address in kind.page_addresses(key):
        answer = client.get(address)
        where = path_of(address)
        if answer.status_code != 200:
            yield f"{where} answers {answer.status_code}"
            continue
        page = read(answer.text)
        yield from (f"{where}: {fault}" for fault in (*_blocked(page), *_broken(page)))
    if kind.has("edit_view"):
        address = kind.of("edit", key)
        if not is_redirect(client.post(address, data=record_form(client.get(address).text))):
            yield f"{path_of(address)}: the form cannot be saved as the page shows it"


def _blocked(page: Element) -> Iterator[str]:
    """Scripts and styles within the page, which the content security policy forbids."""
    for element in page.all():
        names = [name for name in element.attributes if name.startswith("on") or name == "style"]
        yield from (f"<{element.tag}> has {name}, which the browser ignores" for name in names)
        if element.attributes.get("href", "").strip().lower().startswith(NO_SCRIPT):
            yield f"<{element.tag}> leads to a script"
        if element.tag == "style" or (element.tag == "script" and not element.attributes.get("src")):
            yield f"<{element.tag}> within the page, which the browser ignores"


def _broken(page: Element) -> Iterator[str]:
    """Forms without a token or a button, and fields without a name that people and forms need."""
    for form in page.all("form", method="post"):
        if "csrf_token" not in form.fields:
            yield f"the form to {form.attributes.get('action') or 'this page'} has no csrf_token"
    labels = {label.attributes.get("for") for label in page.all("label")}
    for control in [each for tag in ("input", "select", "textarea") for each in page.all(tag)]:
        kind, of = control.attributes.get("type"), control.attributes
        if kind == "hidden" or of.get("aria-label") or of.get("aria-labelledby"):
            continue
        if of.get("id") not in labels and not any(control in label.all() for label in page.all("label")):
            yield f"the field {of.get('name') or of.get('id')} has no label"
