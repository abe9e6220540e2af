"""The real server as a process: it answers, and ends when it is told to."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from shutil import rmtree
from threading import Event
from time import monotonic, sleep
from urllib.request import urlopen

import pytest

from dashboard.testing.ports import free_port
from unit.cli.conftest import ROOT, Start, address_of, get


def stylesheet_of(page: str) -> str:
    """The address of the style sheet that a page names."""
    return str(re.findall(r'href="(/static/[^"]*\.css)"', page)[0])


def test_server_answers_at_its_address_and_ends_cleanly(start: Start, temporary: Path) -> None:
    server = start("serve", "--port", str(free_port()))
    address = address_of(server)
    assert get(f"{address}/readyz") == (200, '{"assets":"ok","database":"ok","status":"ok"}\n')
    status, page = get(f"{address}/login")
    assert (status, "Log in" in page) == (200, True)
    assert get(address + stylesheet_of(page))[0] == 200
    assert get(f"{address}/login", Host="evil.example")[0] == 400
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=20) == 0
    assert "Traceback" not in server.communicate()[1]
    assert list(temporary.iterdir()) == []


def test_server_does_not_start_below_a_path(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRIPT_NAME", "/console")
    server = start("serve", "--port", str(free_port()))
    _, told = server.communicate(timeout=20)
    assert server.returncode != 0
    assert "SCRIPT_NAME is set, but the console does not work below a path." in told
    assert "Traceback" not in told


def test_killed_server_leaves_no_file(start: Start, temporary: Path) -> None:
    server = start("serve", "--port", str(free_port()))
    get(address_of(server) + "/healthz")
    server.kill()
    server.wait(timeout=20)
    assert list(temporary.iterdir()) == []


def test_server_works_without_its_temporary_folder(start: Start, temporary: Path) -> None:
    server = start("serve", "--port", str(free_port()))
    address = address_of(server)
    page = get(f"{address}/login")[1]
    temporary.rmdir()
    assert get(address + stylesheet_of(page))[0] == 200
    assert get(f"{address}/readyz")[0] == 200
    assert get(f"{address}/login")[0] == 200


def test_interrupt_ends_the_server_without_a_traceback(start: Start) -> None:
    server = start("serve", "--port", str(free_port()))
    get(address_of(server) + "/healthz")
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=20) == 0
    assert "Traceback" not in server.communicate()[1]


def workers_of(server: subprocess.Popen[str]) -> list[int]:
    """The process ids of the workers of a server."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    pids = [int(pid) for pid in children.read_text().split()]
    return [pid for pid in pids if b"--until-input-ends" not in Path(f"/proc/{pid}/cmdline").read_bytes()]


def wait_until(holds: Callable[[], object]) -> None:
    """Wait until something holds, for no longer than twenty seconds."""
    deadline = monotonic() + 20
    while not holds():
        assert monotonic() < deadline, "it never held"
        sleep(0.02)


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find workers")


@needs_proc
def test_killed_worker_is_replaced(start: Start) -> None:
    server = start("serve", "--port", str(free_port()), "--workers", "2")
    address = address_of(server)
    get(f"{address}/healthz")
    wait_until(lambda: len(workers_of(server)) == 2)
    killed = workers_of(server)[0]
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: killed not in workers_of(server) and len(workers_of(server)) == 2)
    assert [get(f"{address}/healthz")[0] for _ in range(10)] == [200] * 10


@needs_proc
def test_worker_is_replaced_without_a_temporary_folder(start: Start, temporary: Path) -> None:
    server = start("serve", "--port", str(free_port()))
    address = address_of(server)
    get(f"{address}/healthz")
    rmtree(temporary)
    [killed] = workers_of(server)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: workers_of(server) not in ([], [killed]))
    assert get(f"{address}/login")[0] == 200


@needs_proc
def test_restarting_workers_loses_no_request(start: Start) -> None:
    server = start("serve", "--port", str(free_port()))
    address = address_of(server)
    get(f"{address}/healthz")
    before = workers_of(server)
    with requests_all_the_time(f"{address}/login") as answers:
        server.send_signal(signal.SIGHUP)
        wait_until(lambda: len(workers_of(server)) == 1 and workers_of(server) != before)
        seen = len(answers)
        wait_until(lambda: len(answers) > seen + 20)
    assert set(answers) == {"200"}


def test_termination_under_load_loses_no_accepted_request(start: Start) -> None:
    server = start("serve", "--port", str(free_port()))
    address = address_of(server)
    get(f"{address}/healthz")
    with requests_all_the_time(f"{address}/login") as answers:
        wait_until(lambda: len(answers) > 20)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=20) == 0
    # The system resets a connection that nobody has accepted; one that was accepted would be lost as
    # RemoteDisconnected or IncompleteRead.
    assert set(answers) <= {"200", "ConnectionRefusedError", "ConnectionResetError"}


@contextmanager
def requests_all_the_time(address: str) -> Iterator[list[str]]:
    """Eight clients that ask until the end, each time on a new connection; what became of each request."""
    answers: list[str] = []
    ends = Event()

    def ask() -> None:
        while not ends.is_set():
            try:
                with urlopen(address, timeout=20) as answer:
                    answer.read()
                    answers.append(str(answer.status))
            except (OSError, HTTPException) as error:
                answers.append(type(getattr(error, "reason", error)).__name__)
                ends.wait(0.05)

    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(ask)
        try:
            yield answers
        finally:
            ends.set()


def test_bad_setting_is_one_line_without_a_traceback(start: Start) -> None:
    _, errors = start("serve", REGISTRATION="maybe").communicate(timeout=30)
    assert errors == ("Error: DASHBOARD_REGISTRATION must be one of open, invite, closed; it is 'maybe'.\n")


@pytest.mark.parametrize("charset", ["C", "C.UTF-8"])
def test_binary_password_on_stdin_is_one_line_in_any_locale(instance: Path, charset: str) -> None:
    arguments = ["users", "create", "kim@example.test", "--role", "viewer", "--password-stdin"]
    made = subprocess.run(
        [sys.executable, "-m", "dashboard", *arguments],
        cwd=ROOT,
        env={**os.environ, "DASHBOARD_INSTANCE": str(instance), "LC_ALL": charset},
        input=b"\xff\xfe plum orbit lantern\n",
        capture_output=True,
        check=False,
    )
    assert made.returncode == 1
    assert made.stderr.splitlines() == [b"Error: The password is not text in UTF-8."]
