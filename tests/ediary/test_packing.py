"""Large pages are packed quickly, short answers not at all."""

import gzip
from datetime import date
from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from common.templatetags.ui import page
from ediary.middleware import LARGE, PackMiddleware

ONE = UUID("0198c5a2-0000-7000-8000-000000000001")


def answered(content: bytes, accepts: str = "gzip, br") -> HttpResponse:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(content)

    request = RequestFactory().get("/", headers={"Accept-Encoding": accepts})
    return PackMiddleware(view)(request)  # type: ignore[return-value]


@pytest.mark.parametrize("size", [2000, LARGE + 1])
def test_a_page_is_packed_whole(size: int) -> None:
    content = (b"<td>5</td>" * size)[:size]
    answer = answered(content)
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Vary"] == "Accept-Encoding"
    assert answer["Content-Length"] == str(len(answer.content))
    assert gzip.decompress(answer.content) == content


def test_lengths_of_equal_pages_differ() -> None:
    """The length of a packed page must not tell what of the request stands in it."""
    content = b"<td>5</td>" * LARGE
    assert len({len(answered(content).content) for _ in range(40)}) > 1


@pytest.mark.parametrize(("size", "accepts"), [(500, "gzip"), (LARGE + 1, "br"), (2000, "")])
def test_what_nobody_can_unpack_or_need_not_is_left(size: int, accepts: str) -> None:
    answer = answered(b"x" * size, accepts)
    assert "Content-Encoding" not in answer.headers
    assert answer.content == b"x" * size


def test_the_page_of_one_thing_has_its_own_address() -> None:
    assert page("journal:sheet", ONE) == reverse("journal:sheet", args=[ONE])
    assert page("account_login") == reverse("account_login")
    monday = date(2026, 11, 23)
    assert page("diary:week", ONE, monday) == reverse("diary:week", args=[ONE, monday])
    with pytest.raises(NoReverseMatch):
        page("journal:sheet", "<script>")
    with pytest.raises(TypeError):
        page("diary:week", monday, ONE)


def test_an_address_may_be_kept_under_a_name() -> None:
    text = '{% page "journal:sheet" one as there %}[{{ there }}]'
    assert Template(text).render(Context({"one": ONE})) == f"[{page('journal:sheet', ONE)}]"


def test_a_component_is_drawn_once_and_holds_each_things_own_id() -> None:
    text = '{% drawn "journal/course_nav.html" course_id=one here="sheet" %}'
    other = UUID("0198c5a2-0000-7000-8000-000000000002")
    first, second = (Template(text).render(Context({"one": one})) for one in (ONE, other))
    assert page("journal:sheet", ONE) in first
    assert second == first.replace(str(ONE), str(other))
