"""`visible_to`: which rows of a table a user may see, joined by OR from the rules that apps register."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from people.models import User

M = TypeVar("M", bound=models.Model)
Rule = Callable[["User"], Q | None]
_rules: dict[str, list[Rule]] = {}
NOTHING = Q(pk__in=())


def rule(label: str) -> Callable[[Rule], Rule]:
    """Register a rule for a model («app.Model»): it returns the rows it opens, or None for none."""

    def add(function: Rule) -> Rule:
        _rules.setdefault(label, []).append(function)
        return function

    return add


def allowed(model: type[models.Model], user: "User | AnonymousUser") -> Q:
    """Return the condition that holds for the rows of `model` that `user` may see."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return NOTHING
    answer: Q | None = None
    for function in _rules.get(model._meta.label, ()):
        opened = function(user)
        if opened is not None:
            answer = opened if answer is None else answer | opened
    return NOTHING if answer is None else answer


class ScopedQuerySet(models.QuerySet[M]):
    """Words that every school-owned table knows."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(allowed(self.model, user))

    def for_school(self, school: Any) -> Self:
        return self.filter(school=school)
