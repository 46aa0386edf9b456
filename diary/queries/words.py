"""Announcements and recommendations as the families read them."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q

from diary.models import (
    Announcement,
    AnnouncementReading,
    Recommendation,
    RecommendationReading,
)
from diary.pages.words import Advice, AdviceShelf, Board, Reach, Reader, Said
from people.models import Pupil, User
from school.models import Membership

NOTE = "Запись классного руководителя"


def told(pupil: Pupil, *, today: date) -> Q:
    """Return the condition: words to the child's school, to the class of today, and about the child."""
    classes = Membership.objects.filter(pupil=pupil, group__kind="class").in_force(today)
    of_class = Q(pupil__isnull=True, school_class__in=classes.values("group__school_class"))
    whole = Q(pupil__isnull=True, school_class__isnull=True, school=pupil.school_id)
    return (whole | of_class | Q(pupil=pupil)) & Q(withdrawn_at__isnull=True, since__lte=today)


def announcements(pupil: Pupil, *, user: User, now: datetime) -> Board:
    """Return what the school says to the child's family now, and what it said."""
    today = pupil.school.local_date(now)
    readings = AnnouncementReading.objects.filter(
        announcement=OuterRef("pk"), person__in=user.person_ids
    )
    found = (
        Announcement.objects.filter(told(pupil, today=today))
        .annotate(was_read=Exists(readings))
        .select_related("school_class", "author", "school")
        .order_by("-since", "-published_at", "pk")
    )
    every = [said(row, today=today, is_read=row.was_read) for row in found]
    return Board(
        unread=[one for one in every if not (one.is_read or one.is_over)],
        read=[one for one in every if one.is_read and not one.is_over],
        over=[one for one in every if one.is_over],
    )


def said(row: Announcement, *, today: date, is_read: bool) -> Said:
    """Return the announcement in words; its class and author are read already."""
    reach, whom = _reach(row)
    return Said(
        announcement_id=row.pk,
        reach=reach,
        whom=whom,
        title=row.title,
        text=row.text,
        since=row.since,
        until=row.until,
        author=row.author.short_name,
        is_read=is_read,
        is_over=row.until < today,
    )


def _reach(row: Announcement) -> tuple[Reach, str]:
    if row.pupil_id:
        return "pupil", NOTE
    if row.school_class:
        return "class", f"Класс {row.school_class}"
    return "school", "Вся школа"


def recommendations(pupil: Pupil, *, user: User) -> AdviceShelf:
    """Return the child's recommendations, those unread by the user first."""
    readings = RecommendationReading.objects.select_related("person").order_by("read_at", "pk")
    found = (
        Recommendation.objects.filter(pupil=pupil, withdrawn_at__isnull=True)
        .select_related("subject", "author")
        .prefetch_related(Prefetch("readings", readings))
        .order_by("-given_at", "pk")
    )
    every = [_advice(row, pupil, user=user) for row in found]
    return AdviceShelf(
        waiting=[one for one in every if not one.is_read],
        history=[one for one in every if one.is_read],
    )


def _advice(row: Recommendation, pupil: Pupil, *, user: User) -> Advice:
    readings = list(row.readings.all())
    zone = pupil.school.zone
    return Advice(
        recommendation_id=row.pk,
        subject=row.subject.name if row.subject else "",
        text=row.text,
        author=row.author.short_name,
        given_at=row.given_at.astimezone(zone),
        is_read=any(one.person_id in user.person_ids for one in readings),
        readers=[Reader(one.person.short_name, one.read_at.astimezone(zone)) for one in readings],
    )


def unread_advice(pupil: Pupil, *, user: User) -> int:
    """Return how many recommendations wait for the user's «Прочитано»."""
    read = RecommendationReading.objects.filter(person__in=user.person_ids)
    given = Recommendation.objects.filter(pupil=pupil, withdrawn_at__isnull=True)
    return given.exclude(pk__in=read.values("recommendation")).count()
