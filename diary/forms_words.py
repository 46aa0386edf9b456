"""What the staff write to families, and when they talk with them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django import forms

from diary.actions.words import Addressee, Words
from diary.models import Announcement
from people.models import Person, Pupil, School, User
from people.naming import told_apart
from people.roles import Permission
from school.calendar import school_year
from school.models import SchoolClass
from school.rules import classes_led, pupils_led

USUAL_DAYS = 7
WHOM = {"school": "Всем семьям школы", "classes": "Семьям классов", "pupil": "Семье одного ученика"}


class WordsForm(forms.Form):
    """The words themselves and their days."""

    title = forms.CharField(
        label="Заголовок", max_length=120, error_messages={"required": "Напишите заголовок."}
    )
    text = forms.CharField(
        label="Текст", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    since = forms.DateField(
        label="Показывать с", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="По", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def words(self) -> Words:
        given: dict[str, Any] = self.cleaned_data
        text = given["text"].replace("\r\n", "\n").strip()
        return Words(given["title"].strip(), text, given["since"], given["until"])

    @staticmethod
    def of(announcement: Announcement) -> dict[str, Any]:
        """Return what the form of a written announcement begins with."""
        return {name: getattr(announcement, name) for name in ("title", "text", "since", "until")}


class AnnouncementForm(WordsForm):
    """An announcement and its addressees, of those whom the user may tell."""

    field_order = ("whom", "classes", "pupil", "title", "text", "since", "until")
    whom = forms.ChoiceField(label="Кому", widget=forms.RadioSelect)
    classes = forms.MultipleChoiceField(
        label="Каким классам", required=False, widget=forms.CheckboxSelectMultiple
    )
    pupil = forms.ChoiceField(label="Какому ученику", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schools = list(
            School.objects.filter(pk__in=_own_schools(user)).order_by("short_name", "pk")
        )
        self.led = _classes(user)
        self.own_pupils = list(
            Pupil.objects.filter(pk__in=pupils_led(user))
            .select_related("person", "school")
            .order_by("person__sort_key", "pk")
        )
        offered = {"school": self.schools, "classes": self.led, "pupil": self.own_pupils}
        self._choices("whom", [(code, WHOM[code]) for code, there in offered.items() if there])
        self._choices("classes", [(str(one.pk), one.name) for one in self.led])
        persons = [one.person for one in self.own_pupils]
        names = told_apart([(one.last_name, one.first_name, one.middle_name) for one in persons])
        keys = [str(one.pk) for one in persons]
        offered_names = [(key, name) for key, (name, _) in zip(keys, names, strict=True)]
        self._choices("pupil", [("", "Выберите"), *offered_names])
        for name, there in offered.items():
            if not there and name in self.fields:
                del self.fields[name]
        today = user.today
        usual: dict[str, Any] = {
            "whom": "classes" if self.led else "school", "since": today,
            "until": today + timedelta(days=USUAL_DAYS),
            "classes": [str(one.pk) for one in self.led] if len(self.led) == 1 else [],
        }  # fmt: skip
        self.initial = usual | dict(self.initial)

    def _choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = list(choices)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("whom") == "classes" and not given.get("classes"):
            self.add_error("classes", "Отметьте хотя бы один класс.")
        if given.get("whom") == "pupil" and not given.get("pupil"):
            self.add_error("pupil", "Выберите ученика.")
        return given

    def addressees(self) -> list[Addressee]:
        whom = self.cleaned_data["whom"]
        if whom == "school":
            return [Addressee(school) for school in self.schools]
        if whom == "classes":
            wanted = set(self.cleaned_data["classes"])
            chosen = [one for one in self.led if str(one.pk) in wanted]
            return [Addressee(one.school, school_class=one) for one in chosen]
        pupil = next(one for one in self.own_pupils if str(one.pk) == self.cleaned_data["pupil"])
        return [Addressee(pupil.school, pupil=pupil)]


def _own_schools(user: User) -> list[UUID]:
    """Schools that the user heads and where she is a person herself."""
    heads = user.schools_with(Permission.DIARY_VIEW_SCHOOL)
    own = Person.objects.filter(pk__in=user.person_ids, school__in=heads)
    return list(own.values_list("school", flat=True))


def _classes(user: User) -> list[SchoolClass]:
    """Classes of the year that the user leads, or all of the schools that she heads."""
    found = SchoolClass.objects.filter(year=school_year(user.today))
    led, headed = (
        found.filter(pk__in=classes_led(user)),
        found.filter(school__in=_own_schools(user)),
    )
    return list((led | headed).select_related("school").in_order())


class AdviceForm(forms.Form):
    """A recommendation to pupils of one group."""

    text = forms.CharField(
        label="Рекомендация",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Напишите рекомендацию."},
    )
    pupils = forms.MultipleChoiceField(
        label="Кому",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте, кому адресована рекомендация."},
    )

    def __init__(self, *args: Any, roster: Sequence[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.MultipleChoiceField", self.fields["pupils"])
        field.choices = [(str(pupil), name) for pupil, name in roster]

    def chosen(self) -> set[UUID]:
        return {UUID(pupil) for pupil in self.cleaned_data["pupils"]}
