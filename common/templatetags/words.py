"""Filters for Russian words, dates, numbers and names. Built in: templates need no {% load %}."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from itertools import pairwise

from django import template
from django.utils.timezone import localtime

from common.templatetags import ui
from common.weeks import monday_of

register = template.Library()
# One library stands in the settings' builtins.
register.tags.update(ui.register.tags)
register.filters.update(ui.register.filters)

NBSP = "\u00a0"
DASH = "—"
MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
MONTH_TITLES = (
    "Январь",
    "Февраль",
    "Март",
    "Апрель",
    "Май",
    "Июнь",
    "Июль",
    "Август",
    "Сентябрь",
    "Октябрь",
    "Ноябрь",
    "Декабрь",
)
WEEKDAYS = (
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
)
WEEKDAYS_SHORT = ("Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс")
MARK_TONES: Mapping[str, str] = {
    "5": "5",
    "4": "4",
    "3": "3",
    "2": "2",
    "1": "2",
    "н": "absent",
    "б": "absent",
    "у": "absent",
    "о": "late",
}

MESSAGE_TONES: Mapping[str, str] = {"success": "ok", "warning": "warn", "error": "bad"}
# The first sign that is found wins: Chrome also says Safari, Android also says Linux.
BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)

Moment = date | datetime | None


class NotCountable(template.TemplateSyntaxError):
    """plural_ru was given something else than three forms."""


def _local(moment: date | datetime) -> date | datetime:
    """Return an aware moment in the current (the school's) time zone; anything else as it is."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return localtime(moment)
    return moment


@register.filter
def plural_ru(number: object, forms: str) -> str:
    """Return the form that agrees with the number: {{ n|plural_ru:"ученик,ученика,учеников" }}."""
    words = [word.strip() for word in forms.split(",")]
    if len(words) != 3:
        raise NotCountable(f"plural_ru needs three forms, not “{forms}”.")
    try:
        value = Decimal(str(number))
    except InvalidOperation:
        return ""
    if value != value.to_integral_value():
        return words[1]
    last_two = abs(int(value)) % 100
    last = last_two % 10
    if last == 1 and last_two != 11:
        return words[0]
    if last in {2, 3, 4} and last_two not in {12, 13, 14}:
        return words[1]
    return words[2]


@register.filter
def count_ru(number: object, forms: str) -> str:
    """Return the number and the word that agrees with it: «5 учеников»."""
    return f"{number}{NBSP}{plural_ru(number, forms)}"


@register.filter
def day_month(moment: Moment) -> str:
    """16 ноября."""
    if not moment:
        return ""
    day = _local(moment)
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}"


@register.filter
def day_month_year(moment: Moment) -> str:
    """16 ноября 2026."""
    if not moment:
        return ""
    return f"{day_month(moment)} {_local(moment).year}"


@register.filter
def day_digits(moment: Moment) -> str:
    """16.11.2026."""
    return f"{_local(moment):%d.%m.%Y}" if moment else ""


@register.filter
def date_range(first: date, last: date) -> str:
    """16–21 ноября, or 30 ноября – 5 декабря."""
    if first == last:
        return day_month(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_month(last)}"
    return f"{day_month(first)} – {day_month(last)}"


@register.filter
def week_range(day: Moment) -> str:
    """Return Monday to Saturday of the day's week: 16–21 ноября."""
    if not day:
        return ""
    monday = monday_of(day)
    return date_range(monday, monday + timedelta(days=5))


@register.filter
def weekday(moment: Moment) -> str:
    """Понедельник, in lower case."""
    return WEEKDAYS[_local(moment).weekday()] if moment else ""


@register.filter
def weekday_title(moment: Moment) -> str:
    """Понедельник, as a heading."""
    return weekday(moment).capitalize()


@register.filter
def weekday_short(moment: Moment) -> str:
    """Пн."""
    return WEEKDAYS_SHORT[_local(moment).weekday()] if moment else ""


@register.filter
def month_title(moment: Moment) -> str:
    """Ноябрь."""
    return MONTH_TITLES[_local(moment).month - 1] if moment else ""


@register.filter
def time_hm(moment: time | datetime | None) -> str:
    """8:30, in the school's time zone for a moment."""
    if moment is None:
        return ""
    clock = _local(moment) if isinstance(moment, datetime) else moment
    return f"{clock:%H:%M}".removeprefix("0")


@register.filter
def at_moment(moment: datetime | None) -> str:
    """18 ноября в 19:42."""
    return f"{day_month(moment)} в{NBSP}{time_hm(moment)}" if moment else ""


@register.filter
def room_words(name: str) -> str:
    """Каб. 213 for a number, the name of any other room."""
    return f"каб.{NBSP}{name}" if name[:1].isdigit() else name


@register.filter
def decimal_comma(value: object, places: int = 2) -> str:
    """3,64; nothing to average is a dash."""
    if value is None or value == "":
        return DASH
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return DASH
    step = Decimal(1).scaleb(-places)
    return str(number.quantize(step, rounding=ROUND_HALF_UP)).replace(".", ",")


@register.filter
def file_size(size: int) -> str:
    """820 Б, 12 КБ, 3,4 МБ."""
    if size < 1024:
        return f"{size}{NBSP}Б"
    if size < 1024 * 1024:
        return f"{round(size / 1024)}{NBSP}КБ"
    return f"{decimal_comma(size / 1024 / 1024, 1)}{NBSP}МБ"


@register.filter
def initials(full_name: str) -> str:
    """Петрова О. В. from «Петрова Ольга Викторовна»."""
    surname, *names = full_name.split() or [""]
    return NBSP.join([surname, *(f"{name[0]}." for name in names[:2])])


@register.filter
def surname_initial(full_name: str) -> str:
    """Гончаренко Д. from «Гончаренко Дарья Игоревна»: fits a phone's narrow column."""
    return initials(" ".join(full_name.split()[:2]))


@register.filter
def mark_tone(text: str) -> str:
    """Return the tone of ui/mark.html for a mark on the five-point scale or an attendance letter."""
    return MARK_TONES.get(text.strip(), "plain")


@register.filter
def message_tone(tags: str) -> str:
    """Return the tone of ui/alert.html for the tags of a Django message."""
    return next((MESSAGE_TONES[tag] for tag in tags.split() if tag in MESSAGE_TONES), "info")


@register.filter
def joined(words: list[str] | tuple[str, ...]) -> str:
    """Алгебра, физика и химия."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} и {items[-1]}"


@register.filter
def page_window(number: int, last: int) -> list[int | None]:
    """Return page numbers to show around the current one; None stands for a gap."""
    shown = sorted({1, last, *range(max(1, number - 1), min(last, number + 1) + 1)})
    pages: list[int | None] = [shown[0]]
    for before, page in pairwise(shown):
        if page - before > 1:
            pages.append(None)
        pages.append(page)
    return pages


@register.filter
def browser_name(user_agent: str) -> str:
    """«Chrome, Windows» from what a browser says of itself; enough to know one's own device."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "Браузер")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return ", ".join(filter(None, (browser, system)))
