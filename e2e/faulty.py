"""Serve the console with seeded faults, one at a time, and report those that no test notices.

`--faults` replaces pytest's own loop: for each fault of e2e/faults, the tests that it names run until one
of them fails. The faults go into what the server under test sends, never into the files.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol
from flask.templating import DispatchingJinjaLoader
from jinja2 import Environment

from dashboard.web import assets
from e2e.faults import FAULTS, Fault

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Server:
    """Sends one static file, or renders one template, with a fault."""

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.files: Mapping[str, assets.Asset] = {}
        self.whole: dict[assets.Assets, Mapping[str, assets.Asset]] = {}
        self.environments: set[Environment] = set()

    def put_in(self, fault: Fault) -> None:
        """Serve with this fault only."""
        self.fault, self.files = fault, spoiled(fault)
        for environment in self.environments:
            environment.cache.clear()  # type: ignore[union-attr]

    def take_over(self) -> None:
        """Replace the functions that send static files and read templates."""
        answer, get_source = assets.Assets.__call__, DispatchingJinjaLoader.get_source

        def send(layer: Any, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            whole = self.whole.setdefault(layer, layer.files)
            layer.files = {**whole, **self.files}
            return answer(layer, environ, start_response)

        def read(loader: Any, environment: Environment, name: str) -> Any:
            self.environments.add(environment)
            text, *rest = get_source(loader, environment, name)
            is_spoiled = self.fault and self.fault.file == f"templates/{name}"
            return (self.fault.spoil(text) if is_spoiled else text), *rest

        assets.Assets.__call__, DispatchingJinjaLoader.get_source = send, read  # type: ignore[method-assign]


def spoiled(fault: Fault) -> dict[str, assets.Asset]:
    """Return the static files with the fault by their usual addresses; empty if it is in a template."""
    folder, _, name = fault.file.partition("/")
    if folder != "static":
        return {}
    with tempfile.TemporaryDirectory() as elsewhere:
        copy = shutil.copytree(assets.STATIC, Path(elsewhere, folder))
        text = (copy / name).read_text(encoding="utf-8")
        (copy / name).write_text(fault.spoil(text), encoding="utf-8")
        files, addresses = assets.build(copy)
    usual = assets.build(assets.STATIC)[1]
    return {usual[name]: files[address] for name, address in addresses.items() if address != usual[name]}


def pytest_addoption(parser: pytest.Parser) -> None:
    option = parser.getgroup("suite").addoption
    option("--faults", nargs="*", metavar="NAME", help="seed these faults, or all, one at a time")


def is_noticed(fault: Fault, items: list[pytest.Item]) -> bool:
    """Whether one of the tests that the fault names fails."""
    for item in items:
        if any(item.nodeid.removeprefix("e2e/").startswith(test) for test in fault.tests):
            item._initrequest()  # type: ignore[attr-defined]  # as if it had not run before
            # A next item, whichever it is, keeps alive what the session shares.
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=items[-1])):
                return True
    return False


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests of each fault while it is seeded; the run fails if one survives."""
    chosen = session.config.option.faults
    if chosen is None:
        return None
    tell = session.config.get_terminal_writer().line
    server = Server()
    server.take_over()
    for name in chosen or FAULTS:
        server.put_in(FAULTS[name])
        noticed = is_noticed(FAULTS[name], session.items)
        session.testsfailed += not noticed
        tell(f"{'noticed ' if noticed else 'SURVIVED'}  {name}")
    return True
