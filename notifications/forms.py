"""What a member of a family sets for herself."""

from datetime import time
from typing import Any

from django import forms

from common.looks import TEXT_SIZES
from notifications.models import DigestTime
from notifications.wishes import EVENTS, Wish

HOURS = ((7, "утром следующего дня, в 7:00"), (19, "в 19:00"), (20, "в 20:00"), (21, "в 21:00"))


class WishForm(forms.Form):
    digest = forms.ChoiceField(
        label="Сводка за день",
        choices=[
            (DigestTime.EVENING.value, "присылать раз в день"),
            (DigestTime.NEVER.value, "не присылать"),
        ],
        widget=forms.RadioSelect,
    )
    digest_at = forms.TypedChoiceField(label="Когда", choices=HOURS, coerce=int)
    events = forms.MultipleChoiceField(
        label="О чём сообщать",
        choices=list(EVENTS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте, о чём сообщать, или выберите «не присылать»."},
    )
    quiet_from = forms.TimeField(
        label="Не беспокоить с", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label="до", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("quiet_from") and found.get("quiet_from") == found.get("quiet_until"):
            self.add_error(
                "quiet_until", "Начало и конец тихих часов совпадают: укажите разное время."
            )
        return found

    def wish(self) -> Wish:
        found = self.cleaned_data
        return Wish(
            digest=found["digest"],
            digest_at=time(found["digest_at"]),
            events=tuple(found["events"]),
            quiet_from=found["quiet_from"],
            quiet_until=found["quiet_until"],
        )

    @classmethod
    def showing(cls, wish: Wish) -> "WishForm":
        return cls(
            initial={
                "digest": wish.digest,
                "digest_at": wish.digest_at.hour,
                "events": wish.events,
                "quiet_from": wish.quiet_from,
                "quiet_until": wish.quiet_until,
            }
        )


class TextSizeForm(forms.Form):
    size = forms.ChoiceField(
        label="Размер текста",
        choices=list(TEXT_SIZES.items()),
        required=False,
        widget=forms.RadioSelect,
    )
