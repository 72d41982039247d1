"""What the administrator of the portal has to do."""

from collections.abc import Iterator

from django.urls import reverse

from assessments.todo.task import Source, Task
from providers.actor import Actor
from providers.models import Application, Role


def _applications(actor: Actor) -> Iterator[Task]:
    waiting = Application.objects.filter(status=Application.Status.RECEIVED)
    count = waiting.count()
    if count:
        yield Task(
            "Aanmeldingen beantwoorden",
            f"{count} {'zorgaanbieder wacht' if count == 1 else 'zorgaanbieders wachten'} op uw antwoord.",
            reverse("applications"),
            "Openen",
        )


def _administer(actor: Actor) -> Iterator[Task]:
    yield Task(
        "Organisaties nakijken",
        "Bekijk en wijzig de gegevens waarmee organisaties in Thuispeil staan.",
        reverse("organisations"),
        "Openen",
    )


TASKS: tuple[Source, ...] = (
    ((Role.PORTAL_ADMIN,), _applications),
    ((Role.PORTAL_ADMIN,), _administer),
)
