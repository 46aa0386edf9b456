"""Choices of the orders."""

from django.db.models import TextChoices


class Who(TextChoices):
    PAPER = "paper", "тем, кто получает на бумаге"
    ALL = "all", "всему классу"


class WhoSigns(TextChoices):
    UNDECIDED = "undecided", "тем, чьё решение ещё не записано"
    ALL = "all", "всем представителям"


CONSENT_FORMS = "consent_form"  # the kind of the jobs that print them
