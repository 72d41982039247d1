"""How a status changes: one table of steps per machine, one function, one transaction, one event."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from assessments.errors import NotReady, WrongState
from providers import audit
from providers.actor import Actor


def never_blocked(obj: Any, actor: Actor) -> str:
    return ""


def always_offered(obj: Any) -> bool:
    return True


def nothing_more(obj: Any, actor: Actor, note: str) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Step:
    """One row of a transition table.

    `blocked` gives a Dutch reason why the step cannot be taken yet, or ''. `apply` changes the
    locked object (saved afterwards) and related rows, and returns extra fields for the event.
    `offered` keeps a step that makes no sense yet from the buttons. `has_page`: taken on a page of its own.
    """

    label: str
    sources: tuple[str, ...]
    target: str | Callable[[Any], str]
    allowed: Callable[[Actor, Any], bool]
    blocked: Callable[[Any, Actor], str] = never_blocked
    apply: Callable[[Any, Actor, str], dict[str, Any]] = nothing_more
    needs_note: bool = False
    note_label: str = "Reden"
    explain: str | Callable[[Any], str] = ""
    offered: Callable[[Any], bool] = always_offered
    has_page: bool = False

    @property
    def note_missing(self) -> str:
        """What to do when there is no note."""
        if self.note_label == "Reden":
            return "Schrijf een reden."
        if self.note_label.endswith("?"):
            return "Beantwoord eerst deze vraag."
        return "Schrijf eerst wat hier moet staan."

    def target_of(self, obj: Any) -> str:
        return self.target if isinstance(self.target, str) else self.target(obj)

    def explain_of(self, obj: Any) -> str:
        return self.explain if isinstance(self.explain, str) else self.explain(obj)


@dataclass(frozen=True)
class Choice:
    """A step that the actor may take now, or may once `blocked` is solved."""

    action: str
    step: Step
    blocked: str
    explain: str


@dataclass(frozen=True)
class Machine:
    model: type[models.Model]
    event_model: type[models.Model]
    subject: str
    steps: Mapping[str, Step]
    # Called inside the transaction with the new event; other apps add theirs at start-up.
    hooks: list[Callable[[Any], None]]
    # The organisation that may read in the log that a step was taken, None while it may not know.
    about: Callable[[Any], int | None]

    def available(self, obj: Any, actor: Actor) -> Sequence[Choice]:
        """The steps that the actor may take from the present state, for buttons."""
        return [
            Choice(action, step, step.blocked(obj, actor), step.explain_of(obj))
            for action, step in self.steps.items()
            if obj.status in step.sources and step.allowed(actor, obj) and step.offered(obj)
        ]

    @transaction.atomic
    def perform(self, pk: int, action: str, *, by: Actor, note: str = "") -> Any:
        """Take a step. Returns the object; raises PermissionDenied, WrongState or NotReady."""
        step = self.steps[action]
        obj: Any = self.model._default_manager.select_for_update(no_key=True).get(pk=pk)
        if not step.allowed(by, obj):
            raise PermissionDenied
        if obj.status not in step.sources:
            raise WrongState(obj.get_status_display())
        note = note.strip()
        if step.needs_note and not note:
            raise NotReady(step.note_missing)
        if reason := step.blocked(obj, by):
            raise NotReady(reason)
        old_status = obj.status
        obj.status = step.target_of(obj)
        extra = step.apply(obj, by, note)
        obj.save()
        event = self.record(obj, action, by=by, note=note, old_status=old_status, **extra)
        about = None if extra.get("internal") else self.about(obj)
        audit.record(self.logged(action), by=by, about=about, obj=obj)
        for hook in self.hooks:
            hook(event)
        return obj

    def logged(self, action: str) -> str:
        """The name of a step in the log."""
        return f"{self.subject}_{action}"

    def record(
        self, obj: Any, action: str, *, by: Actor, note: str = "", old_status: str, **extra: Any
    ) -> Any:
        """Write one event row about the object as it is now."""
        return self.event_model._default_manager.create(
            **{self.subject: obj},
            organisation_id=obj.organisation_id,
            action=action,
            by=by.user,
            by_organisation=by.organisation,
            roles=",".join(sorted(by.roles)),
            note=note,
            old_status=old_status,
            new_status=obj.status,
            **extra,
        )
