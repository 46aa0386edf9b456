"""Which hour of the plan a recorded lesson gave."""

from journal.models import LessonTopic
from journal.queries.plans import CoursePlan, TopicFacts, stands_kind, stands_planned
from journal.sheet import Record
from school.models import Lesson


def planned_topic(lesson: Lesson, record: Record, plan: CoursePlan | None) -> TopicFacts | None:
    """Return the topic that the record gives: the chosen one, else the one whose name was written."""
    if plan is None or not record.topic:
        return None
    if record.planned is not None:
        return plan.topic(record.planned)
    gave = plan.laid.given.get(str(lesson.pk))
    if gave is not None and lesson.topic == record.topic:
        return plan.topic(gave.topic_id)
    return plan.named(record.topic, lesson_id=str(lesson.pk))


def lesson_kind(
    lesson: Lesson, record: Record, plan: CoursePlan | None, topic: TopicFacts | None
) -> str:
    """Return the kind of lesson: as it was chosen; a newly chosen topic brings its own."""
    if not record.topic:
        return lesson.kind
    stands = stands_kind(plan, str(lesson.pk), lesson.kind)
    if record.lesson_kind not in {None, stands}:
        return str(record.lesson_kind)
    if topic is not None and topic.topic_id != stands_planned(plan, str(lesson.pk)):
        return topic.lesson_kind
    return stands if topic is not None else record.lesson_kind or lesson.kind


def give_topic(lesson: Lesson, plan: CoursePlan, topic: TopicFacts | None) -> None:
    """Tie the lesson to the hour that it gave, or untie it."""
    given = plan.laid.given.get(str(lesson.pk))
    if topic is None:
        LessonTopic.objects.filter(lesson=lesson).delete()
        return
    hour = plan.hour(topic, lesson_id=str(lesson.pk))
    if given == hour:
        return
    LessonTopic.objects.update_or_create(
        lesson=lesson,
        defaults={
            "school_id": lesson.school_id, "topic_id": hour.topic_id, "hour": hour.number,
        },
    )  # fmt: skip
