"""Choices of the orders."""

from django.db.models import TextChoices


class Who(TextChoices):
    PAPER = "paper", "тем, кто получает на бумаге"
    ALL = "all", "всему классу"
