"""Browsing the pages of a visit in a test, without a browser."""

import re
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from assessments.models import Visit
from norms.models import Item
from providers.actor import Actor
from tests import factories


def signed_in(actor: Actor) -> Client:
    assert actor.user is not None
    client = Client()
    client.force_login(actor.user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=args)


def fields(html: str, action: str = "") -> dict[str, Any]:
    """What a browser would send of the form with this action: hidden inputs, texts, chosen options."""
    found = re.findall(r"<form([^>]*)>(.*?)</form>", html, re.DOTALL)
    body = next(
        body for tag, body in found if (f'action="{action}"' in tag if action else "action=" not in tag)
    )
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        attrs = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        chosen = attrs.get("type") not in ("radio", "checkbox") or re.search(r"\schecked", tag)
        if chosen and "name" in attrs:
            sent.setdefault(attrs["name"], []).append(unescape(attrs.get("value", "")))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', body, re.DOTALL):
        sent[name] = [unescape(text).removeprefix("\r\n").removeprefix("\n")]
    return sent


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def common_part(html: str) -> str:
    """The part of a criterion's page about the common judgement."""
    return html[html.index('id="gezamenlijk"') :]


def teammate(visit: Visit, name: str = "Tweede Inspecteur") -> Actor:
    """Another inspector in the visit's team."""
    return factories.member(visit, name=name)


def items(visit: Visit) -> dict[str, Item]:
    """The judged items of a visit by code."""
    found = Item.objects.filter(version__in=visit.editions.all(), filled_by__contains=["inspectorate"])
    return {item.code: item for item in found}
