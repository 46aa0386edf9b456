"""Pages write the time of the user's school, whatever the server's clock is set to."""

from typing import Any

import pytest
from django.urls import reverse

from people.models import School
from tests.cast import Cast


@pytest.mark.parametrize(
    ("zone", "told"), [("Europe/Moscow", "18 декабря в 12:30"), ("Asia/Kamchatka", "18 декабря в 21:30")]
)  # fmt: skip
def test_a_slip_expires_by_the_clock_of_the_school(
    cast: Cast, client_of: Any, zone: str, told: str
) -> None:
    School.objects.filter(pk=cast.school.pk).update(time_zone=zone)
    address = reverse("access:issue_code", args=[cast.people["olya_mother"].pk])
    page = client_of("admin").post(address).content.decode().replace("\u00a0", " ")
    assert told in page
