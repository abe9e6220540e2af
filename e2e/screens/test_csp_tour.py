"""The strict Content-Security-Policy on every page; in other tests the guard reports violations."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, expect
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.catalogue.trash import trash_products
from dashboard.jobs.flows import ask_for
from dashboard.listing.views import save_view
from dashboard.trash.models import Trashed
from e2e.accounts import invitation, new_email_link, registration, reset_link
from e2e.screens.factors import give_factor
from e2e.server import Console, email_of

DIRECTIVES = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
NO_PAGE = re.compile("export/csv|jobs/file|products/file/|send-link|import/.|set-back")
"""The parts of addresses of files, of what needs a mail server, and of imports and setting back: those pages
have states, which the tests of accessibility open."""
COUNT_VIOLATIONS = """
    globalThis.violations = [];
    addEventListener('securitypolicyviolation', event => violations.push(event.violatedDirective));
"""
INJECT = """() => {
    document.body.append(Object.assign(document.createElement('script'), {textContent: 'ran = 1'}));
    const text = '<b onclick="ran = 2" style="color: red">injected</b>';
    document.body.insertAdjacentHTML('beforeend', text);
}"""


def pages_of(server: Console) -> Iterator[str]:
    """Yield the address of every page, with the id of an existing record or change set."""
    views, trashed = saved_views(server), in_the_trash(server)
    links = {
        "/invitation": invitation(server, "new@example.test"),
        "/reset": reset_link(server, email_of("viewer")),
        "/registration": registration(server, "new@example.test"),
        "/profile/email/confirm": new_email_link(server, email_of("owner"), "new@example.test"),
    }
    a_job(server)
    give_factor(server, "owner")
    for rule in server.app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments and not NO_PAGE.search(rule.rule):
            screen, _, is_about_view = rule.rule.removeprefix("/admin/").partition("/views/")
            key = views[screen] if is_about_view else trashed if screen.startswith("trash/") else 1
            yield f"{links.get(rule.rule, f'{rule.rule}?')}&id={key}&set=1"


def a_job(server: Console) -> None:
    """Add the first job of the owner, which waits for a worker."""
    with server.database() as session:
        owner = session.scalars(select(User.id).where(User.email == email_of("owner"))).one()
        ask_for("bulk", "Edit 200 products", owner_id=owner, params={})


def in_the_trash(server: Console) -> int:
    """Delete a product, and return its id in the trash."""
    with server.database():
        trash_products([200])
    with server.database() as session:
        return session.scalars(select(Trashed.id)).one()


def saved_views(server: Console) -> dict[str, int]:
    """Save a view of the owner for each list, and return their ids."""
    with server.database() as session:
        owner = session.scalars(select(User).where(User.email == email_of("owner"))).one()
        screens = ("products", "categories", "users")
        return {screen: save_view(owner, screen, "Mine", "sort=name", None).id for screen in screens}


@pytest.mark.security(44, 48)
@pytest.mark.parametrize("role", ["owner", None])
def test_no_page_violates_the_policy_or_contacts_another_origin(
    page: Page, server: Console, role: str | None
) -> None:
    asked: list[str] = []
    answers: list[Response] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: answers.append(answer))
    page.add_init_script(COUNT_VIOLATIONS)
    for path in pages_of(server):
        text = page.goto(path).text()
        assert page.evaluate("violations") == [], path
        assert INLINE.findall(text) == [], path
    assert [url for url in asked if not url.startswith((f"{server.url}/", "data:"))] == []
    for answer in answers:
        policy = answer.headers.get("content-security-policy", "")
        assert set(policy.split("; ")) >= DIRECTIVES, answer.url
        assert "unsafe" not in policy, answer.url


@pytest.mark.allow(csp="inline script|inline style|inline event handler")
def test_injected_script_and_style_have_no_effect(page: Page) -> None:
    page.goto("/login")
    page.evaluate(INJECT)
    page.get_by_text("injected").click()
    assert page.evaluate("'ran' in globalThis") is False
    expect(page.get_by_text("injected")).not_to_have_css("color", "rgb(255, 0, 0)")


@pytest.mark.allow(csp="frame-ancestors", request="login")
def test_pages_cannot_be_framed(page: Page, server: Console) -> None:
    page.set_content(f'<iframe title="framed" src="{server.url}/login"></iframe>')
    expect(page.frame_locator("iframe").get_by_role("button")).to_have_count(0)
