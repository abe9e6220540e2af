"""Runs a server as a command, which is ready when its address answers."""

import os
import shlex
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self


class WebServerError(Exception):
    """The command ended, or its address did not answer in time."""


def free_port() -> int:
    """A free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class WebServer:
    """The `webServer` of the configuration: command, url, timeout, cwd, env, reuseExistingServer.

    The output of the command goes into the file ``output`` if it is given, else into that of this process.
    """

    def __init__(self, settings: Mapping[str, Any], root: Path, output: IO[bytes] | None = None) -> None:
        self.output = output
        self.command = settings["command"]
        self.url = settings["url"]
        self.timeout = settings.get("timeout") or 60_000
        self.cwd = root / (settings.get("cwd") or ".")
        self.env = {**os.environ, **(settings.get("env") or {})}
        self.reuse = bool(settings.get("reuseExistingServer"))
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self.answers():
            if not self.reuse:
                raise WebServerError(f"webServer: {self.url} is already in use")
            return self
        self.process = self._start()
        try:
            self._wait(self.process)
        except WebServerError:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def answers(self) -> bool:
        """Whether the address answers at all, even with an error page."""
        try:
            urllib.request.urlopen(self.url, timeout=1).close()  # noqa: S310 - as configured
        except urllib.error.HTTPError as error:
            error.close()
            return True
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """End the command if this object started it and it still runs."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=10)

    def _start(self) -> "subprocess.Popen[bytes]":
        command, output = shlex.split(self.command), self.output
        try:
            return subprocess.Popen(command, cwd=self.cwd, env=self.env, stdout=output, stderr=output)  # noqa: S603
        except OSError as error:
            raise WebServerError(f"webServer: `{self.command}` cannot be run: {error.strerror}") from error

    def _wait(self, process: "subprocess.Popen[bytes]") -> None:
        # Waiting for the process distinguishes a slow start from a command that has ended.
        for _ in range(self.timeout // 50):
            try:
                code = process.wait(0.05)
                raise WebServerError(f"webServer: `{self.command}` ended with code {code}{self._see()}")
            except subprocess.TimeoutExpired:
                if self.answers():
                    return
        raise WebServerError(f"webServer: {self.url} did not answer within {self.timeout} ms{self._see()}")

    def _see(self) -> str:
        return f"; see {self.output.name}" if self.output else ""
