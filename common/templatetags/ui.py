"""{% takes %}: the contract of a component, checked when it is rendered; {% icon %}: a picture."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from functools import cache, lru_cache, partial
from uuid import UUID

from django import template
from django.forms import BoundField
from django.template.base import FilterExpression, Node, Parser, Token, token_kwargs
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from common.addresses import STAND_INS, address_of

register = template.Library()

ALWAYS_THERE = frozenset({"True", "False", "None"})


class BrokenContract(template.TemplateSyntaxError):
    """A component was included without a required name, or with a name it does not know."""


class TakesNode(Node):
    def __init__(self, required: Iterable[str], optional: dict[str, FilterExpression]) -> None:
        self.required = tuple(required)
        self.optional = optional
        self.known = frozenset({*self.required, *optional, *ALWAYS_THERE})

    def render(self, context: template.Context) -> str:
        given = context.flatten().keys()
        if missing := [name for name in self.required if name not in given]:
            raise BrokenContract(f"{self.origin}: nobody gave {', '.join(missing)}.")
        if unknown := sorted(map(str, given - self.known)):
            raise BrokenContract(
                f"{self.origin}: unknown {', '.join(unknown)}; include it with “only”."
            )
        for name, default in self.optional.items():
            if name not in given:
                context[name] = default.resolve(context)
        return ""


@register.tag
def takes(parser: Parser, token: Token) -> TakesNode:
    """Declare what a component takes: {% takes text tone="plain" %}; names without a value are required."""
    bits = token.split_contents()[1:]
    required = [bit for bit in bits if "=" not in bit]
    optional = token_kwargs([bit for bit in bits if "=" in bit], parser)
    return TakesNode(required, optional)


@cache
def icon(name: str, size: str = "") -> SafeString:
    """Draw a lucide picture beside a word, which says it."""
    return format_html(
        '<svg class="icon{}" width="20" height="20" aria-hidden="true" focusable="false">'
        '<use href="{}#{}" /></svg>',
        f" icon-{size}" if size else "",
        static("icons.svg"),
        name,
    )


def page(name: str, *words: UUID | str | date) -> str:
    """Return the address of a page that is the same for everybody, or of some things' page.

    Each name is looked up once: {% url %} takes as long as half of the queries of a page.
    """
    ids = tuple(word for word in words if isinstance(word, UUID))
    if ids != words[: len(ids)]:
        raise TypeError(f"{words!r}: ids come first")
    return conditional_escape(address_of(name, *ids, more=words[len(ids) :]))  # type: ignore[arg-type]


class ConstantNode(Node):
    """What a function answers to the tag's words: worked out once, when they are all literals."""

    def __init__(
        self, function: Callable[..., str], words: Sequence[FilterExpression], name: str = ""
    ) -> None:
        self.function = function
        self.words = words
        self.name = name  # under which the answer is kept instead of shown
        self.is_constant = all(word.is_var is False and not word.filters for word in words)
        self.answer: str | None = None

    def render(self, context: template.Context) -> str:
        answer = self.answer
        if answer is None:
            answer = self.function(*(word.resolve(context) for word in self.words))
            if self.is_constant:
                self.answer = answer
        if not self.name:
            return answer
        context[self.name] = answer
        return ""


def _constant(function: Callable[..., str], parser: Parser, token: Token) -> ConstantNode:
    bits, name = token.split_contents()[1:], ""
    if bits[-2:-1] == ["as"]:
        *bits, _, name = bits
    return ConstantNode(function, [parser.compile_filter(word) for word in bits], name)


# {% icon "check" %}, small {% icon "check" "s" %}; {% page "account_login" %}, {% page "journal:sheet" course_id as sheet_url %}
register.tag("icon", partial(_constant, icon))
register.tag("page", partial(_constant, page))


@lru_cache(maxsize=500)
def _drawn(template_name: str, given: tuple[tuple[str, Hashable], ...]) -> str:
    return render_to_string(template_name, dict(given))


@register.simple_tag
def drawn(template_name: str, **given: Hashable) -> SafeString:
    """Draw a component that says nothing of anybody once, and after that put another thing's id into it.

    A template takes longer than the rows of a page: {% drawn "journal/course_nav.html" course_id=id here="sheet" %}
    """
    ids = {name: str(one) for name, one in given.items() if isinstance(one, UUID)}
    places = dict(zip(ids, STAND_INS, strict=False))
    html = _drawn(template_name, tuple((given | places).items()))
    for name, one in ids.items():
        html = html.replace(str(places[name]), one)
    return SafeString(html)


@register.filter
def with_help(field: BoundField, text: str) -> str:
    """Render the widget so that it is described by the component's own help."""
    if not text or not field.auto_id:
        return str(field)
    ids = [f"{field.auto_id}_helptext"]
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    return field.as_widget(attrs={"aria-describedby": " ".join(ids)})
