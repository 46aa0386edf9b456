"""Absences told by families, words of the school, the portfolio, reminders, views of results."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import common.ids


class Migration(migrations.Migration):
    dependencies = [
        ("diary", "0002_keep_invariants"),
        ("journal", "0005_keep_the_class_journal"),
        ("people", "0003_cache_in_the_database"),
        ("school", "0003_subjects_without_homework"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AbsenceReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateField(verbose_name="С")),
                ("until", models.DateField(verbose_name="По")),
                (
                    "first_lesson",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="С урока"),
                ),
                (
                    "last_lesson",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="По урок"),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("ill", "болезнь"),
                            ("doctor", "приём у врача"),
                            ("family", "семейные обстоятельства"),
                            ("event", "олимпиада, соревнование, выступление"),
                            ("other", "другая причина"),
                        ],
                        max_length=10,
                        verbose_name="Причина",
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=500, verbose_name="Пояснение")),
                (
                    "file_name",
                    models.CharField(blank=True, max_length=200, verbose_name="Имя файла"),
                ),
                (
                    "file",
                    models.FileField(blank=True, upload_to="absences/%Y/%m/", verbose_name="Файл"),
                ),
                ("reported_at", models.DateTimeField(verbose_name="Отправлено")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("sent", "отправлено"),
                            ("accepted", "принято классным руководителем"),
                            ("declined", "не принято"),
                            ("withdrawn", "отозвано"),
                        ],
                        default="sent",
                        max_length=10,
                        verbose_name="Состояние",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="Ответ")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Achievement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("olympiad", "олимпиады и конкурсы"),
                            ("project", "проекты и исследования"),
                            ("sport", "спорт"),
                            ("art", "творчество"),
                            ("course", "курсы и дополнительное образование"),
                            ("volunteering", "волонтёрство"),
                            ("other", "другое"),
                        ],
                        max_length=12,
                        verbose_name="Вид",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("school", "школьный"),
                            ("municipal", "муниципальный"),
                            ("regional", "региональный"),
                            ("national", "всероссийский"),
                            ("international", "международный"),
                        ],
                        max_length=13,
                        verbose_name="Уровень",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Название")),
                ("outcome", models.CharField(blank=True, max_length=100, verbose_name="Результат")),
                ("day", models.DateField(verbose_name="Дата")),
                (
                    "file_name",
                    models.CharField(blank=True, max_length=200, verbose_name="Имя файла"),
                ),
                (
                    "file",
                    models.FileField(
                        blank=True, upload_to="portfolio/%Y/%m/", verbose_name="Документ"
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("class", "семья и классный руководитель"),
                            ("teachers", "и учителя ребёнка"),
                            ("school", "и администрация школы"),
                        ],
                        default="class",
                        max_length=8,
                        verbose_name="Кто видит",
                    ),
                ),
                ("added_at", models.DateTimeField(verbose_name="Добавлено")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "ждёт подтверждения"),
                            ("confirmed", "подтверждено"),
                            ("declined", "не подтверждено"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="Состояние",
                    ),
                ),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="Замечание")),
            ],
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="Заголовок")),
                ("text", models.TextField(blank=True, max_length=4000, verbose_name="Текст")),
                ("since", models.DateField(verbose_name="Показывать с")),
                ("until", models.DateField(verbose_name="По")),
                ("published_at", models.DateTimeField(verbose_name="Опубликовано")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="Снято")),
            ],
        ),
        migrations.CreateModel(
            name="AnnouncementReading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("read_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(verbose_name="Создан")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="Отозван")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="Обращались")),
            ],
        ),
        migrations.CreateModel(
            name="DoneTask",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("done_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("batch", models.UUIDField()),
                ("text", models.TextField(max_length=2000, verbose_name="Рекомендация")),
                ("given_at", models.DateTimeField(verbose_name="Когда")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="Отозвана"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecommendationReading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("read_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("week", models.DateField(verbose_name="Неделя (понедельник)")),
                ("at", models.DateTimeField(verbose_name="Когда")),
            ],
        ),
        migrations.CreateModel(
            name="ResultView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("period", "за период"),
                            ("year", "годовая"),
                            ("exam", "экзамен"),
                            ("final", "итоговая"),
                        ],
                        max_length=6,
                        verbose_name="Результат",
                    ),
                ),
                ("result", models.UUIDField()),
                ("value", models.CharField(max_length=20, verbose_name="Значение")),
                ("first_at", models.DateTimeField(verbose_name="Когда")),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="acknowledgement",
            name="diary_acknowledgement_evidence",
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="evidence_file",
            field=models.FileField(blank=True, upload_to="acknowledgements/%Y/%m/"),
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="evidence_name",
            field=models.CharField(blank=True, max_length=200, verbose_name="Имя файла"),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel", "web"),
                    models.Q(("evidence", ""), _negated=True),
                    models.Q(("evidence_file", ""), _negated=True),
                    _connector="OR",
                ),
                name="diary_acknowledgement_evidence",
                violation_error_message="Укажите, чем подтверждено ознакомление.",
            ),
        ),
        migrations.AddField(
            model_name="absencereport",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="absencereport",
            name="note",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reports",
                to="journal.absencenote",
            ),
        ),
        migrations.AddField(
            model_name="absencereport",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absence_reports",
                to="people.pupil",
            ),
        ),
        migrations.AddField(
            model_name="absencereport",
            name="reported_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="absencereport",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddField(
            model_name="achievement",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="achievement",
            name="checked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="achievement",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="achievements",
                to="people.pupil",
            ),
        ),
        migrations.AddField(
            model_name="achievement",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddField(
            model_name="announcement",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="announcement",
            name="pupil",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="announcements",
                to="people.pupil",
            ),
        ),
        migrations.AddField(
            model_name="announcement",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddField(
            model_name="announcement",
            name="school_class",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="announcements",
                to="school.schoolclass",
            ),
        ),
        migrations.AddField(
            model_name="announcementreading",
            name="announcement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="readings",
                to="diary.announcement",
            ),
        ),
        migrations.AddField(
            model_name="announcementreading",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="announcementreading",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.pupil"
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="donetask",
            name="done_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="donetask",
            name="homework",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="journal.homework"
            ),
        ),
        migrations.AddField(
            model_name="donetask",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="done_tasks",
                to="people.pupil",
            ),
        ),
        migrations.AddField(
            model_name="donetask",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recommendations",
                to="people.pupil",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="subject",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="school.subject",
            ),
        ),
        migrations.AddField(
            model_name="recommendationreading",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="recommendationreading",
            name="recommendation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="readings",
                to="diary.recommendation",
            ),
        ),
        migrations.AddField(
            model_name="recommendationreading",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="guardian",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="people.pupil",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddField(
            model_name="resultview",
            name="guardian",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="resultview",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="result_views",
                to="people.pupil",
            ),
        ),
        migrations.AddField(
            model_name="resultview",
            name="school",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.school",
            ),
        ),
        migrations.AddIndex(
            model_name="absencereport",
            index=models.Index(fields=["pupil", "since"], name="diary_absencereport_pupil"),
        ),
        migrations.AddConstraint(
            model_name="absencereport",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="diary_absencereport_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="absencereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="diary_absencereport_since_until",
            ),
        ),
        migrations.AddConstraint(
            model_name="absencereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_lesson__isnull", True),
                    ("last_lesson__gte", models.F("first_lesson")),
                    _connector="OR",
                ),
                name="diary_absencereport_first_lesson_last_lesson",
            ),
        ),
        migrations.AddConstraint(
            model_name="absencereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_lesson__isnull", False), ("last_lesson__isnull", False)),
                    models.Q(("first_lesson__isnull", True), ("last_lesson__isnull", True)),
                    _connector="OR",
                ),
                name="diary_absencereport_first_lesson_last_lesson_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="absencereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                    models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                    _connector="OR",
                ),
                name="diary_absencereport_answered_by_answered_at_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="absencereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_lesson__isnull", True), ("since", models.F("until")), _connector="OR"
                ),
                name="diary_absencereport_one_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="absencereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", "other"), _negated=True),
                    models.Q(("comment", ""), _negated=True),
                    _connector="OR",
                ),
                name="diary_absencereport_words",
                violation_error_message="Напишите, какая причина.",
            ),
        ),
        migrations.AddConstraint(
            model_name="absencereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["sent", "withdrawn"]),
                    ("answered_at__isnull", False),
                    _connector="OR",
                ),
                name="diary_absencereport_answered",
            ),
        ),
        migrations.AddIndex(
            model_name="achievement",
            index=models.Index(fields=["pupil", "day"], name="diary_achievement_pupil"),
        ),
        migrations.AddConstraint(
            model_name="achievement",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="diary_achievement_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="achievement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_at__isnull", False), ("checked_by__isnull", False)),
                    models.Q(("checked_at__isnull", True), ("checked_by__isnull", True)),
                    _connector="OR",
                ),
                name="diary_achievement_checked_by_checked_at_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="achievement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "waiting"), ("checked_at__isnull", False), _connector="OR"
                ),
                name="diary_achievement_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="achievement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    models.Q(("remark", ""), _negated=True),
                    _connector="OR",
                ),
                name="diary_achievement_why",
            ),
        ),
        migrations.AddIndex(
            model_name="announcement",
            index=models.Index(fields=["school", "since"], name="diary_announcement_since"),
        ),
        migrations.AddIndex(
            model_name="announcement",
            index=models.Index(fields=["pupil"], name="diary_announcement_pupil"),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="diary_announcement_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="diary_announcement_since_until",
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementreading",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="diary_announcementreading_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="announcementreading",
            constraint=models.UniqueConstraint(
                fields=("announcement", "person"), name="diary_announcementreading_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="diary_calendarfeed_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="calendarfeed",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("pupil", "user"),
                name="diary_calendarfeed_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="donetask",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="diary_donetask_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="donetask",
            constraint=models.UniqueConstraint(
                fields=("pupil", "homework"), name="diary_donetask_once"
            ),
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(fields=["pupil", "given_at"], name="diary_recommendation_pupil"),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="diary_recommendation_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.UniqueConstraint(
                fields=("batch", "pupil"), name="diary_recommendation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendationreading",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="diary_recommendationreading_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendationreading",
            constraint=models.UniqueConstraint(
                fields=("recommendation", "person"), name="diary_recommendationreading_once"
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["pupil", "week"], name="diary_reminder_pupil_week"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="diary_reminder_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("week__iso_week_day", 1)), name="diary_reminder_monday"
            ),
        ),
        migrations.AddIndex(
            model_name="resultview",
            index=models.Index(fields=["pupil"], name="diary_resultview_pupil"),
        ),
        migrations.AddConstraint(
            model_name="resultview",
            constraint=models.UniqueConstraint(
                fields=("school", "id"), name="diary_resultview_school_id"
            ),
        ),
        migrations.AddConstraint(
            model_name="resultview",
            constraint=models.UniqueConstraint(
                fields=("guardian", "result", "value"), name="diary_resultview_once"
            ),
        ),
    ]
