import pytest
from werkzeug import Request, Response

from bench.console import skus_in, wsgi
from bench.ours import last_link
from bench.pages import LIST


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/admin/products/?before=x&amp;size=50" aria-label="Last page"><svg></svg></a>',
        '<a href="/admin/products/?before=x&amp;size=50">\n<span>Last</span></a>',
    ],
)
def test_the_last_link_of_a_list_is_found_by_its_name(link: str) -> None:
    page = f'<a href="/first" aria-label="First page"></a><a href="/changed">Last changed</a>{link}'
    assert last_link(page) == "/admin/products/?before=x&size=50"


def test_a_list_without_a_last_link_is_told() -> None:
    with pytest.raises(LookupError):
        last_link('<a href="/admin/">Home</a>')


def test_only_the_rows_of_the_table_are_read() -> None:
    page = b"BTH-00000009<table><thead></thead><td>BTH-00000001<td>BTH-00000001</table>LMP-00000002"
    assert skus_in(page) == ("BTH-00000001",)


def test_a_console_is_asked_by_a_browser_that_keeps_its_cookies() -> None:
    @Request.application
    def application(request: Request) -> Response:
        response = Response(";".join(f"{name}={value}" for name, value in sorted(request.cookies.items())))
        response.set_cookie("token", "new" if "token" in request.cookies else "first")
        return response

    console = wsgi(application, {LIST: "/"}, {"Cookie": "session=mine"})
    assert [console.get("/")[1] for _ in range(2)] == [b"session=mine;token=first"] * 2
