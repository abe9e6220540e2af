"""The names under which browsers store files."""

import pytest
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Response

from dashboard.web.downloads import as_download


@pytest.mark.parametrize(
    "name", ["plain.csv", "Licence “ü”.pdf", 'a"b;c.csv', "日本.txt", "ends with ü", "50%.csv", "a\\b"]
)
def test_any_name_is_sent_in_ascii_and_read_again(name: str) -> None:
    response = Response()

    as_download(response, name)

    sent = response.headers["Content-Disposition"]
    assert sent.isascii()
    assert parse_options_header(sent) == ("attachment", {"filename": name})
