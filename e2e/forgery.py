"""Posts that no button of the page sends, made by its browser with its cookies."""

from typing import Any

from playwright.sync_api import Page

SEND = """([action, fields]) => {
    const form = Object.assign(document.createElement('form'), {method: 'post'});
    form.setAttribute('action', action);
    for (const [name, value] of fields) {
        const input = Object.assign(document.createElement('input'), {type: 'hidden', name, value});
        form.append(input);
    }
    document.body.append(form);
    HTMLFormElement.prototype.submit.call(form);
}"""


def post(page: Page, path: str, *, token: str | None = None, **fields: Any) -> None:
    """Post fields to an address from the current page; a list repeats its field.

    The CSRF token is that of the page unless `token` is given; "" leaves it out.
    """
    given = csrf_token(page) if token is None else token
    pairs = [(name, each) for name, value in fields.items() for each in _many(value)]
    page.wait_for_load_state("load")
    # Not `expect_navigation`: a script that calls history.replaceState as the page is left counts as one.
    with page.expect_event("load"):
        page.evaluate(SEND, [path, [("csrf_token", given), *pairs] if given else pairs])


def csrf_token(page: Page) -> str:
    """Return the token of the forms on the page."""
    return page.locator("input[name=csrf_token]").first.input_value()


def _many(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
