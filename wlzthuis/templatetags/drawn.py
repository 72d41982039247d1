"""A part of a page that is the same each time: drawn once by a process, kept with what it is about."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()


class DrawnOnce(template.Node):
    """Keeps what it drew on the object itself, so that it lives as long as that object and no longer."""

    def __init__(
        self, owner: FilterExpression, names: Sequence[FilterExpression], nodelist: NodeList
    ) -> None:
        self.owner, self.names, self.nodelist = owner, names, nodelist

    def render(self, context: Context) -> SafeString:
        # vars() of a model instance is its dictionary: reading it asks no descriptor.
        kept: dict[Any, SafeString] = vars(self.owner.resolve(context)).setdefault("_drawn", {})
        name = tuple(name.resolve(context, ignore_failures=True) for name in self.names)
        drawn = kept.get(name)
        if drawn is None:
            drawn = kept[name] = self.nodelist.render(context)
        return drawn


@register.tag
def drawn_once(parser: Parser, token: Token) -> DrawnOnce:
    """{% drawn_once item "name" … %} … {% enddrawn_once %}

    Only for an owner that never changes (an item of an edition, kept by assessments/editions.py), and only
    around what follows from that owner and the names. The names tell parts apart; they must be few: a
    constant, or one of some codes, never what somebody typed.
    """
    _, *given = token.split_contents()
    if len(given) < 2:
        raise template.TemplateSyntaxError("drawn_once needs an owner and a name")
    owner, *names = given
    nodelist = parser.parse(("enddrawn_once",))
    parser.delete_first_token()
    return DrawnOnce(parser.compile_filter(owner), [parser.compile_filter(name) for name in names], nodelist)
