"""`dashboard files move`, and the line of `dashboard doctor` about the store."""

from pathlib import Path
from urllib.parse import quote

import pytest

from dashboard.files.store import FileMissing, Store
from unit.cli.conftest import Run, the_line
from unit.files.buckets import bucket_url, contents, new_bucket, with_files


def test_files_are_copied_and_the_setting_is_named(
    run: Run, instance: Path, buckets: str, tmp_path: Path
) -> None:
    files = with_files(Store.of("", instance / "files"))
    url = new_bucket(buckets)
    result = run("files", "move", url)
    assert result.exit_code == 0
    shown = url.replace("a-key:its-secret@", "…@")
    assert result.stdout.splitlines() == [
        f"Now set DASHBOARD_FILES_URL={shown} and restart.",
        f"The files in {instance / 'files'} are still there.",
    ]
    assert result.stderr == "7 files copied, 0 there already.\n"
    assert contents(Store.of(url, tmp_path)) == contents(Store.of("", instance / "files")) == files
    assert run("files", "move", url).stderr == "0 files copied, 7 there already.\n"


def test_files_are_copied_back_into_a_folder(run: Run, buckets: str, tmp_path: Path) -> None:
    url = new_bucket(buckets)
    files = with_files(Store.of(url, tmp_path))
    result = run("files", "move", f"file://{quote(str(tmp_path / 'back here'))}", FILES_URL=url)
    assert result.exit_code == 0
    assert contents(Store.of("", tmp_path / "back here")) == files


@pytest.mark.parametrize("place", ["files", "files/more", ""])
def test_store_in_use_is_refused(run: Run, instance: Path, place: str) -> None:
    Store.of("", instance / "files").put("a", b"x")
    line = the_line(run("files", "move", f"file://{instance / place}"))
    assert line == "Error: URL is the store in use, or in it. Nothing was copied."


def test_address_that_is_none_is_refused(run: Run) -> None:
    assert the_line(run("files", "move", "/srv/files")).startswith("Error: URL is not the address of a")
    assert run("files", "move", "").exit_code == 2


def test_store_that_is_away_is_told_with_its_cause(
    run: Run, instance: Path, buckets: str, tmp_path: Path
) -> None:
    Store.of("", instance / "files").put("a", b"x")
    result = run("files", "move", bucket_url(buckets, "missing"))
    assert result.exit_code == 1
    line = result.stderr.splitlines()[-1]
    assert line.startswith("Error: Not all files were copied: ")
    assert "404" in line and line.endswith("Run it again to go on.")
    assert "its-secret" not in result.output
    with pytest.raises(FileMissing):
        Store.of(bucket_url(buckets, "missing"), tmp_path).read("a")


def test_doctor_tries_the_store(run: Run, buckets: str) -> None:
    result = run("doctor", FILES_URL=new_bucket(buckets))
    assert result.exit_code == 0
    (line,) = [each for each in result.stdout.splitlines() if "files:" in each]
    assert line.startswith("ok    files: s3://bucket-") and line.endswith(f"/pre/fix at {buckets}")


def test_doctor_names_a_store_that_is_away(run: Run, buckets: str) -> None:
    result = run("doctor", FILES_URL=bucket_url(buckets, "missing"))
    assert result.exit_code == 1
    (line,) = [each for each in result.stdout.splitlines() if "files:" in each]
    assert line.startswith(f"FAIL  files: s3://missing/pre/fix at {buckets}: ")
    assert "404" in line and "its-secret" not in result.output
