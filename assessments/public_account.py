"""The public account: texts that a provider chooses from its handed-in account, edits, and publishes.

Nothing goes out by itself. What is published is copied once, frozen with its hash, and keeps its address; a
later version stands in its place and names it.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from assessments import bsn
from assessments.canonical import canonical_json, sha256_hex
from assessments.errors import WrongState
from assessments.models import PublicAccount, PublicAccountEvent, PublicPassage, Revision
from assessments.permissions import PROVIDER_EDITORS
from assessments.values import UNKNOWN
from assessments.workflow.machine import Machine, Step
from norms.models import Item
from providers import audit
from providers.actor import Actor
from providers.models import Organisation, Role

SCHEMA = "thuispeil.public-account.1"
S = PublicAccount.Status


def can_compose(actor: Actor, owned: PublicAccount | Revision) -> bool:
    """Write in the own organisation's public account."""
    return actor.has(*PROVIDER_EDITORS) and owned.organisation_id == actor.organisation_id


def can_publish(actor: Actor, account: PublicAccount) -> bool:
    return actor.has(Role.DIRECTOR) and account.organisation_id == actor.organisation_id


@dataclass(frozen=True)
class Choosable:
    """One item of the frozen revision that may be shown, and what was said there."""

    item: Item
    level: str
    text: str


def choosable(revision: Revision) -> list[Choosable]:
    """The judgements of a handed-in revision that apply and were given, in its own order."""
    rows = [
        row
        for row in (revision.content or {})["answers"]
        if row["kind"] == "judgement" and row["value"] not in (None, UNKNOWN) and row.get("applies", True)
    ]
    editions = revision.editions.values("pk")
    items = {
        (item.version.framework.code, item.code): item
        for item in Item.objects.filter(version__in=editions, kind="judgement").select_related(
            "version__framework", "section"
        )
    }
    return [
        Choosable(items[row["framework"], row["item"]], row["value"], row["text"])
        for row in rows
        if (row["framework"], row["item"]) in items
    ]


@transaction.atomic
def begin(revision_id: int, *, by: Actor) -> PublicAccount:
    """A draft from what was handed in last; after a published version it begins with those texts."""
    revision = Revision.objects.select_for_update(no_key=True).get(pk=revision_id)
    if not can_compose(by, revision):
        raise PermissionDenied
    if revision.status != Revision.Status.SUBMITTED:
        raise WrongState(revision.get_status_display())
    versions = PublicAccount.objects.filter(self_assessment=revision.self_assessment_id)
    if draft := versions.filter(status=S.DRAFT).first():
        return draft
    before = versions.order_by("-number").first()
    year = revision.self_assessment.year
    account = PublicAccount.objects.create(
        organisation_id=revision.organisation_id,
        self_assessment_id=revision.self_assessment_id,
        revision=revision,
        number=(versions.aggregate(n=Max("number"))["n"] or 0) + 1,
        slug=before.slug if before else _slug(revision.organisation),
        year=year,
        title=before.title if before else f"Zo werken wij aan goede zorg thuis in {year}",
        intro=before.intro if before else "",
        created_by=by.person,
    )
    if before:
        asked = {choice.item.pk for choice in choosable(revision)}
        for passage in before.passages.filter(item__in=asked):
            passage.pk, passage.account = None, account
            passage.save(force_insert=True)
    audit.record("public_account_begun", by=by, about=account.organisation_id, obj=account)
    return account


def _slug(organisation: Organisation) -> str:
    """Readable, and with the key: two providers may have one name, and a name may change."""
    return f"{slugify(organisation.name)[:90] or 'aanbieder'}-{organisation.pk}"


def locked_draft(account_id: int, by: Actor) -> PublicAccount:
    """A draft to write in, locked. Raises WrongState once it was published."""
    account = PublicAccount.objects.select_for_update(no_key=True).get(pk=account_id)
    if not can_compose(by, account):
        raise PermissionDenied
    if account.status != S.DRAFT:
        raise WrongState(account.get_status_display())
    return account


@transaction.atomic
def keep_passage(passage: PublicPassage, *, by: Actor) -> None:
    """Take an item up, or change how it will be shown; a new one comes last."""
    account = locked_draft(passage.account_id, by)
    if passage.pk is None:
        passage.organisation_id = account.organisation_id
        last = account.passages.aggregate(n=Max("position"))["n"]
        passage.position = 0 if last is None else last + 1
    passage.save()


@transaction.atomic
def drop_passage(account_id: int, item_id: int, *, by: Actor) -> None:
    locked_draft(account_id, by).passages.filter(item=item_id).delete()


@transaction.atomic
def move_passage(account_id: int, item_id: int, up: bool, *, by: Actor) -> None:
    """One place up or down."""
    account = locked_draft(account_id, by)
    order = list(account.passages.all())
    here = next((n for n, passage in enumerate(order) if passage.item_id == item_id), None)
    if here is None:
        return
    there = here - 1 if up else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    for position, passage in enumerate(order):
        if passage.position != position:
            passage.position = position
            passage.save(update_fields=["position"])


def content_of(account: PublicAccount) -> dict[str, Any]:
    """What the public will read, from a draft as it is now."""
    levels = {choice.item.pk: choice.level for choice in choosable(account.revision)}
    organisation = account.organisation
    return {
        "schema": SCHEMA,
        "provider": {"name": organisation.name, "kvk": organisation.kvk, "agb": organisation.agb},
        "year": account.year,
        "version": account.number,
        "title": account.title,
        "intro": account.intro,
        # Binds it to the account from which was copied, without showing any of that.
        "revision": {"number": account.revision.number, "sha256": account.revision.sha256},
        "passages": [
            {
                "heading": passage.heading,
                "text": passage.text,
                "score": levels.get(passage.item_id, "") if passage.show_score else "",
                "item": passage.item.code,
                "norm": passage.item.title or passage.item.text,
                "framework": passage.item.version.title,
            }
            for passage in account.passages.select_related("item__version")
        ],
    }


def bsn_places(account: PublicAccount) -> list[str]:
    """Where something looks like a BSN, in words."""
    texts = [("de titel", account.title), ("de inleiding", account.intro)]
    texts += [(f"‘{row.heading}’", f"{row.heading}\n{row.text}") for row in account.passages.all()]
    return [f"{place} ({', '.join(found)})" for place, text in texts if (found := bsn.find(text))]


def _not_ready(account: PublicAccount, actor: Actor) -> str:
    if not account.passages.exists():
        return "Kies eerst ten minste één onderdeel dat u wilt laten zien."
    if account.revision.status != Revision.Status.SUBMITTED:
        return "Er is een nieuwere zelfevaluatie ingediend. Begin daarmee opnieuw."
    if places := bsn_places(account):
        return f"Er lijkt een BSN te staan in {' en '.join(places)}. Haal het weg."
    return ""


def _publish(account: PublicAccount, actor: Actor, note: str) -> dict[str, Any]:
    account.published_at = timezone.now()
    account.content = {
        **content_of(account),
        "published_on": timezone.localdate(account.published_at).isoformat(),
    }
    account.sha256 = sha256_hex(canonical_json(account.content))
    public = PublicAccount.objects.filter(self_assessment=account.self_assessment_id, status=S.PUBLISHED)
    for old in public:
        old.status = S.REPLACED
        old.save(update_fields=["status"])
        PUBLIC_ACCOUNT.record(old, "replace", by=actor, old_status=S.PUBLISHED)
    return {}


def _withdraw(account: PublicAccount, actor: Actor, note: str) -> dict[str, Any]:
    account.withdrawn_at, account.withdrawn_because = timezone.now(), note
    # Who takes a text back does not mean the version before it to stay.
    earlier = PublicAccount.objects.filter(self_assessment=account.self_assessment_id, status=S.REPLACED)
    for old in earlier:
        old.status, old.withdrawn_at, old.withdrawn_because = S.WITHDRAWN, account.withdrawn_at, note
        old.save(update_fields=["status", "withdrawn_at", "withdrawn_because"])
        PUBLIC_ACCOUNT.record(old, "withdraw", by=actor, note=note, old_status=S.REPLACED)
    return {}


PUBLIC_ACCOUNT = Machine(
    model=PublicAccount,
    event_model=PublicAccountEvent,
    subject="public_account",
    hooks=[],
    about=lambda account: account.organisation_id,
    steps={
        "publish": Step(
            "Openbaar maken",
            (S.DRAFT,),
            S.PUBLISHED,
            can_publish,
            blocked=_not_ready,
            apply=_publish,
            explain="Iedereen kan deze tekst daarna lezen. U kunt haar vervangen of intrekken.",
        ),
        "withdraw": Step(
            "Intrekken",
            (S.PUBLISHED,),
            S.WITHDRAWN,
            can_publish,
            apply=_withdraw,
            needs_note=True,
            explain="De tekst verdwijnt. Op het adres staat daarna wel dat u haar introk, met uw reden.",
        ),
    },
)
