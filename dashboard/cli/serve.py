"""The command that serves: worker processes over a migrated database."""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config as GunicornConfig
from gunicorn.glogging import Logger

from dashboard.accounts.flows import no_accounts_yet
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
from dashboard.log_lines import LineFormatter
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

    def load(self) -> Flask:
        """The application, built before the workers fork so that they share its memory."""
        return self.app


class ServerLog(Logger):  # type: ignore[misc]
    """Gunicorn's log, one line for each message."""

    def setup(self, cfg: GunicornConfig) -> None:
        """Format what gunicorn logs as the console does."""
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(LineFormatter(handler.formatter._fmt, handler.formatter.datefmt))


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
    settings = listening(read_settings(), host)
    refuse_few_files()
    refuse_busy_port(host, port)
    app = build(settings)
    if is_embedded(settings):
        migrate(app)
    with database_faults_in_words(settings), app.app_context():
        name = "localhost" if is_every_address(host) else bracketed(host)
        prepare(app, settings, f"http://{name}:{port}", sample)
    Workers(app, gunicorn_options(host, port, workers)).run()


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


def prepare(app: Flask, settings: Settings, address: str, sample: bool) -> None:
    """Load the sample if asked, and say where the console is and how to begin."""
    if missing := missing_table(app):
        raise click.ClickException(f"The database has {missing}")
    begin_write(db.session)
    if sample and (number := load_sample()):
        click.echo(f"Loaded a sample catalogue of {number} products.")
    first = no_accounts_yet()
    db.session.commit()
    db.engine.dispose()  # no worker may inherit a connection
    address = settings.base_url or address
    click.echo(f"The console is at {address}")
    if first and settings.needs_setup_link:
        click.echo(f"Make the first account, the owner's, with this link: {setup_link(app, address)}")
    elif first:
        click.echo(f"Make the first account, the owner's, at {address}/register")


def gunicorn_options(host: str, port: int, workers: int) -> dict[str, Any]:
    """The settings of gunicorn: our workers, warnings only."""
    return {
        "bind": f"{bracketed(host)}:{port}",
        "workers": workers,
        "worker_class": ConsoleWorker,
        "worker_tmp_dir": heartbeat_folder(),
        "timeout": HEARTBEAT_SECONDS,
        "graceful_timeout": GRACEFUL_SECONDS,
        "loglevel": "warning",
        "logger_class": ServerLog,
        "control_socket_disable": True,
        "forwarded_allow_ips": "",
    }


def heartbeat_folder() -> str | None:
    """The folder of the workers' heartbeat files: in memory if possible.

    If a cleaner removed a temporary folder, gunicorn could not replace a dead worker.
    """
    return str(MEMORY) if os.access(MEMORY, os.W_OK | os.X_OK) else None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
