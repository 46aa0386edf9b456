"""Where the user is signed in: her browsers, and the key of her programs; signing out."""

from typing import Any

from allauth.account.views import LogoutView
from allauth.usersessions.views import ListUserSessionsView
from django.http import HttpResponse
from rest_framework.authtoken.models import Token


class Sessions(ListUserSessionsView):  # type: ignore[misc]
    """Lists the browsers and the key; one press ends all but this browser."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["key"] = Token.objects.filter(user=self.request.user.pk).first()
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        Token.objects.filter(user=self.request.user.pk).delete()
        response: HttpResponse = super().form_valid(form)
        return response


class SignOut(LogoutView):  # type: ignore[misc]
    """Lets the browser forget what it was shown (G2.10.1b).

    Not its storage: marks that were not sent yet wait there for the teacher to come back.
    """

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response
