"""What each role has to do next, by when, and whom it waits for: a module for each part of the work."""

from datetime import date

from django.utils import timezone

from assessments.todo import askers, coordination, own_account, own_visits, portal, visit_team
from assessments.todo.task import Task
from providers.actor import Actor

__all__ = ["Task", "tasks", "waiting"]


def tasks(actor: Actor) -> list[Task]:
    """To do, the earliest date first and undated last."""
    found = [task for roles, source in _TASKS if actor.has(*roles) for task in source(actor)]
    return sorted(found, key=_order)


def waiting(actor: Actor) -> list[Task]:
    """What lies with somebody else."""
    return [task for roles, source in _WAITING if actor.has(*roles) for task in source(actor)]


def _order(task: Task) -> tuple[date, bool, bool, str]:
    due = task.due or date.max
    today = timezone.localdate()
    return min(due, today) if task.is_awaited else due, not task.is_awaited, not task.comes_first, task.title


_TASKS = (
    *own_account.TASKS,
    *own_visits.TASKS,
    *visit_team.TASKS,
    *coordination.TASKS,
    *askers.TASKS,
    *portal.TASKS,
)
_WAITING = (*own_account.WAITING, *own_visits.WAITING, *visit_team.WAITING, *coordination.WAITING)
