"""The new tables stay in their school and are recorded."""

from django.db import migrations

PUPIL = "people_pupil', 'person_id"
PERSON = "people_person"
# table: (columns that point to tables of the school, is it recorded, are rows only added)
TABLES: dict[str, tuple[dict[str, str], bool, bool]] = {
    "resultview": ({"guardian_id": PERSON, "pupil_id": PUPIL}, False, True),
    "reminder": ({"guardian_id": PERSON, "pupil_id": PUPIL}, True, True),
    "donetask": ({"homework_id": "journal_homework", "pupil_id": PUPIL}, False, False),
    "absencereport": ({"pupil_id": PUPIL, "note_id": "journal_absencenote"}, True, False),
    "calendarfeed": ({"pupil_id": PUPIL}, False, False),
    "announcement": (
        {"school_class_id": "school_schoolclass", "pupil_id": PUPIL, "author_id": PERSON},
        True,
        False,
    ),
    "announcementreading": (
        {"announcement_id": "diary_announcement", "person_id": PERSON},
        False,
        False,
    ),
    "recommendation": (
        {"pupil_id": PUPIL, "subject_id": "school_subject", "author_id": PERSON},
        True,
        False,
    ),
    "recommendationreading": (
        {"recommendation_id": "diary_recommendation", "person_id": PERSON},
        False,
        False,
    ),
    "achievement": ({"pupil_id": PUPIL}, True, False),
}


def _keep() -> str:
    words = []
    for name, (ties, recorded, only_added) in TABLES.items():
        table = f"diary_{name}"
        words.append(f"SELECT app_isolate('{table}');")
        words += [
            f"SELECT app_tie('{table}', '{column}', '{target}');" for column, target in ties.items()
        ]
        if recorded:
            words.append(f"SELECT app_record('{table}');")
        if only_added:
            words.append(f"SELECT app_only_add('{table}');")
    return "\n".join(words)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_words_of_the_database"),
        ("diary", "0003_the_familys_diary"),
        ("journal", "0005_keep_the_class_journal"),
    ]

    operations = [
        migrations.RunSQL(_keep(), migrations.RunSQL.noop),
    ]
