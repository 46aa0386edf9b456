"""Forms of sign-in, first entry, roles and search."""

from typing import Any
from uuid import UUID

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth import password_validation
from django.http import HttpRequest, HttpResponse

from access.logins import LOGIN
from access.people import STATES
from people.models import User
from people.roles import STAFF, Role


class SignInForm(LoginForm):  # type: ignore[misc]
    """«Это мой телефон» is for families: a staff member's session ends with the browser."""

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, redirect_url)
        user = self.user
        if isinstance(user, User) and user.has_role(*STAFF):
            request.session.set_expiry(0)
        return response


class SearchForm(forms.Form):
    """Find people by part of the name, role, class and state of the account."""

    q = forms.CharField(label="Имя или часть имени", required=False, max_length=100)
    role = forms.ChoiceField(label="Роль", required=False, choices=[("", "Любая"), *Role.choices])
    school = forms.TypedChoiceField(label="Школа", required=False, coerce=UUID, empty_value=None)
    class_id = forms.TypedChoiceField(label="Класс", required=False, coerce=UUID, empty_value=None)
    state = forms.ChoiceField(
        label="Учётная запись", required=False, choices=[("", "Любая"), *STATES.items()]
    )

    def __init__(
        self,
        *args: Any,
        schools: list[tuple[str, str]],
        classes: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [("", "Любая"), *schools]  # type: ignore[attr-defined]
        self.fields["class_id"].choices = [("", "Любой"), *classes]  # type: ignore[attr-defined]
        self.many_schools = len(schools) > 1


class RoleForm(forms.Form):
    """Give a role."""

    role = forms.ChoiceField(label="Роль")
    since = forms.DateField(
        label="С", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", "— выберите —"), *offered]  # type: ignore[attr-defined]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class RefusalForm(forms.Form):
    """Who was refused the service, and why."""

    applicant = forms.CharField(label="Заявитель", max_length=200)
    applied_on = forms.DateField(
        label="Дата обращения", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ground = forms.CharField(
        label="Основание отказа", max_length=300, help_text="Не представитель и не ученик школы."
    )


class CodeForm(forms.Form):
    """What the slip says."""

    login = forms.CharField(
        label="Логин", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label="Код с листка",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasswordForm(forms.Form):
    """The login, if the person wants another, and the new password twice."""

    login = forms.CharField(
        label="Логин", max_length=50, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="Новый пароль", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label="Пароль ещё раз", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_login(self) -> str:
        login: str = self.cleaned_data["login"].strip().lower()
        if login != self.user.login.lower() and not LOGIN.fullmatch(login):
            raise forms.ValidationError("Латинские буквы, цифры, точка и дефис, от 4 до 50 знаков.")
        return login

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("password") and cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", "Пароли не совпадают.")
        elif cleaned.get("password"):
            try:
                password_validation.validate_password(cleaned["password"], self.user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned
