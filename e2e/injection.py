"""`python -m e2e.injection SQLMAP`: runs sqlmap against every parameter of the lists and the palette.

It is opt-in (``make sqlmap``), because it sends thousands of requests. The console runs as in the browser
suite, with an owner logged in. The exit status is 1 where sqlmap finds something or tests nothing.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from e2e.server import Console

TARGETS = {
    "/admin/products/": "q=lamp&sort=price&size=10&page=1&status=draft&category=1&stock=low&price_min=1"
    "&created_from=2026-01-01&column=price&view=1&after=x",
    "/admin/users/": "q=a&sort=email&role=viewer&state=active",
    "/admin/products/details/": "id=1&next=%2Fadmin%2Fproducts%2F%3Fq%3Dlamp",
    "/admin/palette/": "q=lamp",
}
# The message of sqlmap after trying in vain: https://github.com/sqlmapproject/sqlmap/wiki/Usage
NOTHING_FOUND = "all tested parameters do not appear to be injectable"
# Not by waiting (T): a busy machine would look as if the database had been told to sleep.
OPTIONS = ("--batch", "--flush-session", "--level=1", "--risk=2", "--technique=BEUSQ", "--disable-coloring")


def main() -> None:
    """Try every target, and print the output of sqlmap where it found something."""
    with tempfile.TemporaryDirectory() as folder:
        console = Console(Path(folder))
        try:
            failed = [path for path in TARGETS if not _is_safe(sys.argv[1], console, path, folder)]
        finally:
            console.stop()
    sys.exit(f"not safe, or not tested: {', '.join(failed)}" if failed else None)


def _is_safe(sqlmap: str, console: Console, path: str, folder: str) -> bool:
    address = f"{console.url}{path}?{TARGETS[path]}"
    cookie = f"--cookie=session={console.cookies['owner']}"
    command = [sqlmap, "-u", address, cookie, f"--output-dir={folder}", *OPTIONS]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    safe = NOTHING_FOUND in said
    sys.stdout.write(f"{path}: {'nothing found' if safe else said[-3000:]}\n")
    return safe


if __name__ == "__main__":
    main()
