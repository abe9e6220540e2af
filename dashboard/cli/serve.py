"""The command that serves: worker processes over a migrated database."""

from __future__ import annotations

import os
import socket
from dataclasses import replace
from logging import Formatter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config as GunicornConfig
from gunicorn.glogging import Logger

from dashboard.accounts.flows import no_accounts_yet
from dashboard.accounts.passkeys.relying_party import relying_party
from dashboard.accounts.register.setup_link import setup_link
from dashboard.catalogue.sample import load_sample
from dashboard.cli.arguments import Text
from dashboard.cli.environment import (
    build,
    database_faults_in_words,
    is_embedded,
    migrate,
    missing_table,
    read_settings,
)
from dashboard.config import Settings
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.hosts import is_loopback
from dashboard.log_lines import LineFormatter, json_formatter
from dashboard.serving.master import Master
from dashboard.serving.server import TooFewFilesError, most_connections
from dashboard.serving.worker import ConsoleWorker

MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes a file there that has no name
GRACEFUL_SECONDS = 30
HEARTBEAT_SECONDS = 60
HOST_LENGTH = 253  # RFC 1035, the longest name of a host


class Workers(BaseApplication):  # type: ignore[misc]
    """Gunicorn serving an application that is built already."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn, which reads no file and no environment of its own."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        """Serve until interrupted, with a process beside it that does jobs."""
        try:
            Master(self).run()
        except RuntimeError as error:  # gunicorn's word for a wrong setting
            raise click.ClickException(str(error)) from error

    def load(self) -> Flask:
        """The application, built before the workers fork so that they share its memory."""
        return self.app


class ServerLog(Logger):  # type: ignore[misc]
    """Gunicorn's log, one line for each message."""

    def setup(self, cfg: GunicornConfig) -> None:
        """Format what gunicorn logs as the console does."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(self.formatter_like(handler.formatter))

    def formatter_like(self, usual: Formatter) -> Formatter:
        """A formatter of lines with the parts that gunicorn's has."""
        return LineFormatter(usual._fmt, usual.datefmt)


class JsonServerLog(ServerLog):
    """The same in production, where every line is JSON."""

    def formatter_like(self, usual: Formatter) -> Formatter:  # noqa: ARG002
        """The formatter of all lines."""
        return json_formatter()


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    type=Text(HOST_LENGTH),
    help="Where to listen.",
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--sample", is_flag=True, help="Load the sample catalogue into an empty one.")
def serve(host: str, port: int, workers: int, sample: bool) -> None:
    """Serve the console until interrupted."""
    name = "localhost" if is_every_address(host) else bracketed(host)
    settings = replace(listening(read_settings(), host), listens_at=f"http://{name}:{port}")
    refuse_few_files()
    refuse_busy_port(host, port)
    app = build(settings)
    if is_embedded(settings):
        migrate(app)
    with database_faults_in_words(settings), app.app_context():
        prepare(app, settings, sample)
    Workers(app, gunicorn_options(host, port, workers, as_json=settings.is_production)).run()


def listening(settings: Settings, host: str) -> Settings:
    """The settings of a server that listens on `host`, which is then a name it answers to."""
    exposed = not is_loopback(host)
    if not is_every_address(host):
        return replace(settings, exposed=exposed, allowed_hosts=(*settings.allowed_hosts, bracketed(host)))
    if not (settings.allowed_hosts or settings.base_url):
        click.echo(
            "Only requests for localhost are answered; set DASHBOARD_ALLOWED_HOSTS to this server's names.",
            err=True,
        )
    return replace(settings, exposed=True)


def prepare(app: Flask, settings: Settings, sample: bool) -> None:
    """Load the sample if asked, and say where the console is and how to begin."""
    if missing := missing_table(app):
        raise click.ClickException(f"The database has {missing}")
    begin_write(db.session)
    if sample and (number := load_sample()):
        click.echo(f"Loaded a sample catalogue of {number} products.")
    first = no_accounts_yet()
    db.session.commit()
    db.engine.dispose()  # no worker may inherit a connection
    click.echo(f"The console is at {settings.address}")
    for line in ways_elsewhere(settings):
        click.echo(line)
    if first and settings.needs_setup_link:
        link = setup_link(app, settings.address)
        click.echo(f"Make the first account, the owner's, with this link: {link}")
    elif first:
        click.echo(f"Make the first account, the owner's, at {settings.address}/register")


def ways_elsewhere(settings: Settings) -> list[str]:
    """Say where passkeys work, and single sign-on, where that is not one and the same host."""
    party = relying_party(settings)
    if party is None or party.id == urlsplit(settings.address).hostname:
        return []
    lines = [f"Passkeys work at {party.origin} only: open the console there to use them"]
    if settings.identity_provider:
        lines.append(
            f"Single sign-on works at {settings.address} only; DASHBOARD_BASE_URL sets one host for both"
        )
    return lines


def gunicorn_options(host: str, port: int, workers: int, *, as_json: bool = False) -> dict[str, Any]:
    """The settings of gunicorn: our workers, warnings only."""
    return {
        "bind": f"{bracketed(host)}:{port}",
        "workers": workers,
        "worker_class": ConsoleWorker,
        "worker_tmp_dir": heartbeat_folder(),
        "timeout": HEARTBEAT_SECONDS,
        "graceful_timeout": GRACEFUL_SECONDS,
        "loglevel": "warning",
        "logger_class": JsonServerLog if as_json else ServerLog,
        "control_socket_disable": True,
        "forwarded_allow_ips": "",
    }


def heartbeat_folder() -> str | None:
    """The folder of the workers' heartbeat files: in memory if possible.

    If a cleaner removed a temporary folder, gunicorn could not replace a dead worker.
    """
    return str(MEMORY) if os.access(MEMORY, os.W_OK | os.X_OK) else None


def is_every_address(host: str) -> bool:
    """Whether `host` stands for all addresses of this machine, and so is no name of it."""
    return host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound


def bracketed(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def refuse_few_files() -> None:
    """End the command with one line if the process may open too few files."""
    try:
        most_connections()
    except TooFewFilesError as error:
        raise click.ClickException(f"Cannot serve: {error}. Raise the limit (ulimit -n).") from error


def refuse_busy_port(host: str, port: int) -> None:
    """End the command with one line where nothing can listen on this address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --host or --port."
            ) from error
