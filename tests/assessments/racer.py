"""One of two processes in a race: reads a task a line, does it at once, answers with what came of it."""

import json
import sys
import uuid
from datetime import date

import django
from django.core.exceptions import PermissionDenied
from django.db import transaction


def run(task: dict) -> str:
    from providers.actor import SYSTEM, actor_for
    from providers.models import User
    from wlzthuis.isolation import acting

    by = actor_for(User.objects.get(pk=task["by"])) if task["by"] else SYSTEM
    with acting(by.scope):
        return act(task, by)


def act(task: dict, by) -> str:
    from assessments import judging, measures, planning, reaction, services, signing
    from assessments.errors import NotReady, WrongState
    from assessments.field_edits import JUDGEMENT, Edit, apply_edits
    from assessments.improvement import IMPROVEMENT
    from assessments.models import ConceptVersion
    from assessments.public_account import PUBLIC_ACCOUNT
    from assessments.workflow import REVISION, VISIT
    from providers.models import User

    known = (REVISION, VISIT, IMPROVEMENT, measures.MEASURE, PUBLIC_ACCOUNT)
    machine = next((machine for machine in known if machine.subject == task["kind"]), None)
    try:
        if task["kind"] == "revision" and task["action"] == "submit":
            signing.sign(task["pk"], 2022, by=by)
        elif task["kind"] == "measure" and task["action"] == "extend":
            measures.extend(task["pk"], date.fromisoformat(task["day"]), "Een reden", by=by)
        elif machine:
            machine.perform(task["pk"], task["action"], by=by, note="Een reden")
        elif task["kind"] == "answer":
            new = services.NewAnswer(task["item"], "meets", task["text"], 0, uuid.uuid4())
            services.save_answer(task["pk"], new, by=by)
        elif task["kind"] == "remark":
            reaction.save_remark(task["pk"], "W2-1", task["text"], by=by)
        elif task["kind"] == "open":
            with transaction.atomic():
                reaction.record_opening(ConceptVersion.objects.get(visit=task["pk"]), by=by)
        elif task["kind"] == "deliver":
            day = date.fromisoformat(task["day"])
            reaction.record_delivery(task["pk"], day, "registered", "Brief 1.", by=by)
        elif task["kind"] == "judge":
            given = Edit(uuid.uuid4(), JUDGEMENT, uuid.uuid4(), "level", 0, "meets", task["item"])
            apply_edits(task["pk"], [given], by=by)
        elif task["kind"] == "open_judgements":
            judging.open_judgements(task["pk"], task["item"], "Een reden", by=by)
        elif task["kind"] == "move":
            day = date.fromisoformat(task["day"])
            planning.move(task["pk"], day, day, "Een reden", task["seen"], by=by)
        elif task["kind"] == "hand_over":
            heir = User.objects.get(pk=task["heir"])
            planning.hand_over(task["pk"], by.person, heir, task["seen"], by=by)
        elif task["kind"] == "declare":
            (planning.report_conflict if task["conflict"] else planning.declare)(task["pk"], by=by)
        return "won"
    except (WrongState, NotReady, PermissionDenied, planning.StalePlan, services.AnswerConflict):
        return "lost"


if __name__ == "__main__":
    django.setup()
    print("ready", flush=True)
    for line in sys.stdin:
        print(run(json.loads(line)), flush=True)
