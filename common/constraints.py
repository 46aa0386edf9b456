"""Constraints that many tables share."""

from django.db.models import CheckConstraint, F, Q


def paired(first: str, second: str) -> CheckConstraint:
    """Return a constraint: who and when travel together, both or neither."""
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    return CheckConstraint(
        condition=both | neither,
        name=f"%(app_label)s_%(class)s_{first}_{second}_paired"[:60],
    )


def ordered(first: str, second: str) -> CheckConstraint:
    """Return a constraint: `second`, when set, is not before `first`."""
    from_first = {f"{second}__gte": F(first)}
    return CheckConstraint(
        condition=Q(**{f"{second}__isnull": True}) | Q(**from_first),
        name=f"%(app_label)s_%(class)s_{first}_{second}"[:60],
    )
