"""What every table of a school shares."""

from django.db import models

from common.ids import uuid7
from people.models.schools import School
from people.visibility import ScopedQuerySet


class Owned(models.Model):
    """A row that belongs to one school: nothing it points to may belong to another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+", db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["school", "id"], name="%(app_label)s_%(class)s_school_id"
            ),
        ]
