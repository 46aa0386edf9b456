"""The sign-in account and the roles of its persons."""

import json
from datetime import date
from functools import cache, cached_property
from typing import Any, ClassVar, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from common.constraints import ordered, paired
from common.ids import uuid7
from common.prepared import prepared
from people.identity import Identity
from people.models.owned import Owned
from people.models.persons import Person
from people.roles import Permission, Role
from people.visibility import ScopedQuerySet


class UserManager(BaseUserManager["User"]):
    def create_user(self, login: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(login=login, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get(self, *args: Any, **fields: Any) -> "User":
        """Return one account; by its id alone, as every request asks, with a prepared statement."""
        key = fields.get("pk")
        if args or len(fields) != 1 or not isinstance(key, UUID) or self._db:
            return super().get(*args, **fields)
        columns = _columns()
        with prepared() as cursor:
            cursor.execute(f"SELECT {', '.join(columns)} FROM people_user WHERE id = %s", [key])  # noqa: S608
            row = cursor.fetchone()
        if row is None:
            raise User.DoesNotExist
        return User.from_db("default", columns, row)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login__iexact=username)


@cache
def _columns() -> tuple[str, ...]:
    return tuple(field.attname for field in User._meta.concrete_fields)


class User(AbstractBaseUser):
    """A sign-in account. It is global: a guardian may have children in two schools."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    login = models.CharField("Логин", max_length=60, unique=True)
    email = models.EmailField("Почта", blank=True)
    is_active = models.BooleanField("Действует", default=True)
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    password_temporary = models.BooleanField("Пароль надо сменить", default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            paired("blocked_by", "blocked_at"),
            models.UniqueConstraint(Lower("login"), name="people_user_login_ci"),
        ]

    class Privacy:
        personal = {"login", "email", "password", "last_login"}
        harmless = {
            "id",
            "is_active",
            "blocked_at",
            "blocked_by",
            "password_temporary",
            "date_joined",
        }

    def __str__(self) -> str:
        return self.login

    @cached_property
    def identities(self) -> tuple[Identity, ...]:
        """The user's persons with their roles in force, read once a request."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT app_identities(%s, %s)", [self.pk, timezone.now()])
            row = cursor.fetchone()
        return identities_from(row[0] if row else None)

    @property
    def today(self) -> date:
        """The date at the user's school (the latest, if there are schools in several zones)."""
        return max((i.today for i in self.identities), default=timezone.now().date())

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the user's school (the first, if there are schools in several zones)."""
        return ZoneInfo(next((i.zone for i in self.identities), "UTC"))

    @property
    def person_ids(self) -> tuple[UUID, ...]:
        return tuple({identity.person_id for identity in self.identities})

    def schools_with(self, permission: Permission) -> tuple[UUID, ...]:
        """The schools where one of the user's roles grants `permission`."""
        return tuple(i.school_id for i in self.identities if i.may(permission))

    def may(self, permission: Permission, school_id: UUID) -> bool:
        return any(i.school_id == school_id and i.may(permission) for i in self.identities)

    def has_role(self, *roles: str) -> bool:
        return any(i.roles.intersection(roles) for i in self.identities)

    def person_in(self, school_id: UUID) -> UUID | None:
        """The user's person in that school, if there is one."""
        return next((i.person_id for i in self.identities if i.school_id == school_id), None)


def identities_from(rows: list[dict[str, Any]] | str | None) -> tuple[Identity, ...]:
    """Read what the database function `app_identities` returns."""
    found: list[dict[str, Any]] = json.loads(rows) if isinstance(rows, str) else rows or []
    return tuple(
        Identity(
            person_id=UUID(row["person"]),
            school_id=UUID(row["school"]),
            roles=frozenset(row["roles"]),
            today=date.fromisoformat(row["today"]),
            name=row.get("name", ""),
            zone=row["zone"],
        )
        for row in found
    )


class RoleAssignmentQuerySet(ScopedQuerySet["RoleAssignment"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class RoleAssignment(Owned):
    """Who holds which role at a school, since when and until when (G2.10)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="roles")
    role = models.CharField("Роль", max_length=20, choices=Role.choices)
    since = models.DateField("С")
    until = models.DateField("По", null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            *Owned.Meta.constraints,
            ordered("since", "until"),
            paired("granted_by", "granted_at"),
            paired("ended_by", "ended_at"),
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=Q(until__isnull=True),
                name="people_roleassignment_once",
                violation_error_message="Эта роль уже дана.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="people_roleassignment_role_known"
            ),
        ]

    class Privacy:
        personal = {"person", "role", "since", "until"}
        harmless = {"id", "school", "granted_by", "granted_at", "ended_by", "ended_at"}

    def __str__(self) -> str:
        return self.get_role_display()
