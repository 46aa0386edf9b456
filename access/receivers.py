"""What follows from a changed password."""

from typing import Any

from allauth.account.signals import password_changed, password_set
from django.dispatch import receiver
from rest_framework.authtoken.models import Token

from people.models import User


@receiver([password_changed, password_set])
def take_back_keys(sender: object, user: User, **rest: Any) -> None:
    """A key was given for the old password: the new one takes it back."""
    Token.objects.filter(user=user).delete()
