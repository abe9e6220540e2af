"""The scripts of the pages pass oxlint, and its settings notice what goes wrong most."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.web.assets import STATIC

ROOT = Path(__file__).resolve().parents[1]
OXLINT = Path(sys.executable).with_name("oxlint")
LONGEST_FILE = 200


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run oxlint over a folder with the settings of this checkout."""
    command = [OXLINT, "--config", ROOT / ".oxlintrc.json", "--format", "unix", "--deny-warnings", folder]
    return subprocess.run(command, capture_output=True, text=True)


def test_scripts_pass_the_linter() -> None:
    run = lint(STATIC)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("no-undef", "export const busy = () => bussy(true);"),
        ("no-unused-vars", "const busy = true;"),
        ("named", 'import { mak } from "./elements.js";\nmak("p", {});'),
        ("no-cycle", 'import { stay } from "./cycle.js";\nexport function leave() {\n  stay();\n}'),
        ("eqeqeq", "export const isOne = (a) => a == 1;"),
        ("no-restricted-properties", "export const write = (p, words) => (p.innerHTML = words);"),
        ("no-console", 'console.log("here");'),
        ("no-debugger", "debugger;"),
        (
            "max-lines",
            "\n".join(f"export const n{number} = {number};" for number in range(LONGEST_FILE + 1)),
        ),
    ],
)
def test_fault_in_a_script_is_reported(tmp_path: Path, rule: str, fault: str) -> None:
    shutil.copy(STATIC / "scripts" / "elements.js", tmp_path)
    tmp_path.joinpath("cycle.js").write_text(
        'import { leave } from "./part.js";\n\nexport function stay() {\n  leave();\n}\n', encoding="utf-8"
    )
    part = tmp_path / "part.js"
    part.write_text("export function leave() {\n  globalThis.stop();\n}\n", encoding="utf-8")
    assert lint(tmp_path).returncode == 0
    part.write_text(f"{fault}\n", encoding="utf-8")
    run = lint(tmp_path)
    assert run.returncode == 1
    assert f"({rule})" in run.stdout


@pytest.mark.parametrize("script", sorted(STATIC.rglob("*.js")), ids=lambda path: path.name)
def test_script_begins_with_a_comment(script: Path) -> None:
    assert script.read_text(encoding="utf-8").startswith("// ")
