"""Self-assessments of invented providers, written in bulk; handing in freezes them as it does for people."""

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assessments.demo.answers import Writer, unsure
from assessments.demo.clock import clock_at, moment
from assessments.demo.files import upload
from assessments.demo.quality import Quality
from assessments.demo.texts import texts
from assessments.files import attach_evidence
from assessments.freeze import freeze_revision
from assessments.models import Answer, AnswerVersion, Receipt, Revision, RevisionEvent, SelfAssessment
from assessments.signing import GOVERNANCE, PICTURE
from assessments.values import is_answered
from norms.models import FrameworkVersion, Item
from providers.actor import Actor
from providers.demo import dice
from providers.models import Location, Organisation, Role, User

S = Revision.Status
WITH_EVIDENCE = 10  # providers, from the first; real files for all of them would only take room
RETURN_NOTE = "Bij de nacht staat nog niet wie er komt. Vul dat aan, dan stel ik haar vast."


@dataclass
class Cast:
    """A provider with what its accounts need. `index` is its place in the demo."""

    index: int
    organisation: Organisation
    officer: User
    director: User
    locations: list[Location]
    quality: Quality


@dataclass
class Account:
    """One revision on its way into the database."""

    cast: Cast
    year: int
    status: str
    chance: random.Random
    editions: list[FrameworkVersion]
    began: date
    handed: date
    progress: float = 1.0
    revision: Revision = field(init=False)

    @property
    def written(self) -> date:
        """The day of the last answer: some time before the board sees it."""
        return self.handed if self.status == S.DRAFT else max(self.began, self.handed - timedelta(days=12))


def seed_accounts(
    cast: Sequence[Cast],
    year: int,
    today: date,
    editions: Sequence[FrameworkVersion],
    seed: int,
    before_signing: Callable[[Sequence[Account]], None],
) -> list[Revision]:
    """The accounts of one year, for providers that have none of that year yet."""
    known = set(SelfAssessment.objects.filter(year=year).values_list("organisation", flat=True))
    asked = _asked_items(editions)
    accounts = [
        account
        for member in cast
        if member.organisation.pk not in known
        and (account := _plan(member, year, today, editions, seed)) is not None
    ]
    _write_revisions(accounts, asked)
    _write_answers(accounts, asked, today.year)
    _attach_files(accounts)
    before_signing(accounts)
    _hand_in(accounts)
    return [account.revision for account in accounts]


def _plan(
    member: Cast, year: int, today: date, editions: Sequence[FrameworkVersion], seed: int
) -> Account | None:
    """What became of one provider's account in a year; None when it did not begin."""
    chance = dice("account", seed, member.organisation.kvk, year)
    status = _status(member.index, year == today.year, chance)
    first, last = date(year, 1, 15), min(date(year, 10, 31), today - timedelta(days=2))
    room = (last - first).days
    if status is None or (room < 30 and status != S.DRAFT):
        return None
    handed = first + timedelta(days=chance.randint(room // 3, room)) if room > 3 else today
    began = max(handed - timedelta(days=chance.randint(14, 60)), min(date(year, 1, 2), handed))
    return Account(
        cast=member,
        year=year,
        status=status,
        chance=chance,
        # The norm may be handed in alone; who goes further takes the addendum too.
        editions=list(editions) if member.index < 2 or chance.random() < 0.65 else list(editions[:1]),
        began=began,
        handed=handed,
        progress=0.5 if member.index == 1 else chance.uniform(0.15, 0.85) if status == S.DRAFT else 1.0,
    )


def _status(index: int, this_year: bool, chance: random.Random) -> str | None:
    if index == 0:  # the first provider begins by hand
        return None if this_year else S.SUBMITTED
    if index == 1:
        return S.DRAFT if this_year else S.SUBMITTED
    if this_year:
        return chance.choices([S.SUBMITTED, S.TO_ADOPT, S.DRAFT, None], weights=[55, 10, 18, 17])[0]
    return chance.choices([S.SUBMITTED, None], weights=[90, 10])[0]


def _asked_items(editions: Sequence[FrameworkVersion]) -> dict[int, list[Item]]:
    """Per edition what it asks of a provider, in order."""
    return {
        edition.pk: list(
            edition.items.filter(filled_by__contains=[Item.Filler.PROVIDER]).order_by("position")
        )
        for edition in editions
    }


def _write_revisions(accounts: Sequence[Account], asked: dict[int, list[Item]]) -> None:
    """All as drafts; what is handed in becomes so later."""
    owners = SelfAssessment.objects.bulk_create(
        SelfAssessment(organisation=account.cast.organisation, year=account.year) for account in accounts
    )
    revisions = Revision.objects.bulk_create(
        Revision(
            organisation=account.cast.organisation,
            self_assessment=owner,
            question_count=sum(len(asked[edition.pk]) for edition in account.editions),
            created_by=account.cast.officer,
            created_at=moment(account.began, 9),
        )
        for account, owner in zip(accounts, owners, strict=True)
    )
    for account, revision in zip(accounts, revisions, strict=True):
        account.revision = revision
    Revision.locations.through.objects.bulk_create(
        Revision.locations.through(revision_id=account.revision.pk, location_id=place.pk)
        for account in accounts
        for place in account.cast.locations
    )
    Revision.editions.through.objects.bulk_create(
        Revision.editions.through(revision_id=account.revision.pk, frameworkversion_id=edition.pk)
        for account in accounts
        for edition in account.editions
    )


def _write_answers(accounts: Sequence[Account], asked: dict[int, list[Item]], this_year: int) -> None:
    answers = [answer for account in accounts for answer in _answers(account, asked, this_year)]
    Answer.objects.bulk_create(answers, batch_size=2000)
    AnswerVersion.objects.bulk_create(
        (
            AnswerVersion(
                organisation_id=answer.organisation_id,
                answer=answer,
                save_id=uuid.uuid4(),
                version=1,
                parent_version=0,
                value=answer.value,
                text=answer.text,
                author_id=answer.author_id,
                at=answer.updated_at,
            )
            for answer in answers
        ),
        batch_size=2000,
    )


def _answers(account: Account, asked: dict[int, list[Item]], this_year: int) -> Iterator[Answer]:
    items = [item for edition in account.editions for item in asked[edition.pk]]
    items = items[: max(1, round(len(items) * account.progress))]
    writer = Writer(
        quality=account.cast.quality,
        chance=account.chance,
        place=account.cast.organisation.place,
        year=account.year,
        years_ago=this_year - account.year,
        day=account.handed,
    )
    days = (account.written - account.began).days
    for number, (item, value, text) in enumerate(writer.answers(items)):
        if account.status == S.DRAFT:
            value = unsure(writer, value)
        day = account.began + timedelta(days=days * number // len(items))
        yield Answer(
            organisation=account.cast.organisation,
            revision=account.revision,
            item=item,
            version=1,
            value=value,
            text=text,
            is_answered=is_answered(value),
            author=account.cast.officer,
            updated_at=moment(day, 9 + number % 8, number * 7 % 60),
        )


def _attach_files(accounts: Sequence[Account]) -> None:
    words = texts("answers")["evidence"]
    for account in accounts:
        if account.cast.index >= WITH_EVIDENCE:
            continue
        by = Actor(account.cast.officer, account.cast.organisation, frozenset({Role.QUALITY_OFFICER}))
        for piece in words if account.cast.index < 2 else account.chance.sample(words, 2):
            item = Item.objects.get(version=account.editions[0], code=piece["item"])
            with clock_at(moment(account.written, 16)):
                file = upload(piece["name"], piece["title"], piece["lines"])
                attach_evidence(account.revision.pk, item, file, by=by)


def _hand_in(accounts: Sequence[Account]) -> None:
    """Offer, return and submit, with the events and the frozen content that the workflow would write."""
    events: list[RevisionEvent] = []
    for account in accounts:
        if account.status == S.DRAFT:
            continue
        revision, cast = account.revision, account.cast
        offered = moment(account.handed - timedelta(days=account.chance.randint(1, 8)), 15)
        revision.status, revision.offered_by, revision.offered_at = S.TO_ADOPT, cast.officer, offered
        if account.chance.random() < 0.12:
            events.append(_event(account, "offer", cast.officer, offered - timedelta(days=3)))
            events.append(_event(account, "return", cast.director, offered - timedelta(days=2)))
        events.append(_event(account, "offer", cast.officer, offered))
        if account.status == S.SUBMITTED:
            revision.adopted_by, revision.submitted_at = cast.director, moment(account.handed, 16)
            revision.status = S.SUBMITTED
            revision.declarations = [PICTURE, GOVERNANCE.format(year=2022)]
            freeze_revision(revision)
            events.append(_event(account, "submit", cast.director, revision.submitted_at))
    fields = [
        "status",
        "offered_by",
        "offered_at",
        "adopted_by",
        "submitted_at",
        "declarations",
        "answered_count",
        "content",
        "sha256",
    ]
    Revision.objects.bulk_update([account.revision for account in accounts], fields, batch_size=200)
    RevisionEvent.objects.bulk_create(events)


_STEPS = {
    "offer": (S.DRAFT, S.TO_ADOPT, Role.QUALITY_OFFICER),
    "return": (S.TO_ADOPT, S.DRAFT, Role.DIRECTOR),
    "submit": (S.TO_ADOPT, S.SUBMITTED, Role.DIRECTOR),
}


def _event(account: Account, action: str, by: User, at: Any) -> RevisionEvent:
    old, new, role = _STEPS[action]
    both = account.cast.officer == account.cast.director
    roles = {Role.QUALITY_OFFICER, Role.DIRECTOR} if both else {role}
    return RevisionEvent(
        organisation=account.cast.organisation,
        revision=account.revision,
        action=action,
        by=by,
        by_organisation=account.cast.organisation,
        roles=",".join(sorted(roles)),
        at=at,
        note=RETURN_NOTE if action == "return" else "",
        old_status=old,
        new_status=new,
    )


def seed_receipts(revisions: Sequence[Revision], readers: dict[int, list[Organisation]], seed: int) -> None:
    """Half of the handed-in accounts were opened by their readers (per provider) some days later."""
    receipts = [
        Receipt(
            organisation_id=revision.organisation_id,
            revision=revision,
            reader=reader,
            opened_at=revision.submitted_at + timedelta(days=1 + 3 * place, hours=2),
        )
        for revision in revisions
        if revision.submitted_at
        for place, reader in enumerate(readers[revision.organisation_id])
        if dice("receipt", seed, revision.organisation.kvk, reader.kind).random() < 0.5
    ]
    Receipt.objects.bulk_create(row for row in receipts if row.opened_at < timezone.now())
