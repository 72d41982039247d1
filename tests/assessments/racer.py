"""One of two processes in a race: reads a task a line, does it at once, answers with what came of it."""

import json
import sys
import uuid

import django


def run(task: dict) -> str:
    from providers.actor import SYSTEM, actor_for
    from providers.models import User
    from wlzthuis.isolation import acting

    by = actor_for(User.objects.get(pk=task["by"])) if task["by"] else SYSTEM
    with acting(by.scope):
        return act(task, by)


def act(task: dict, by) -> str:
    from assessments import reaction, services, signing
    from assessments.errors import NotReady, WrongState
    from assessments.improvement import IMPROVEMENT
    from assessments.measures import MEASURE
    from assessments.workflow import REVISION, VISIT

    machines = {"revision": REVISION, "visit": VISIT, "improvement": IMPROVEMENT, "measure": MEASURE}
    machine = machines.get(task["kind"])
    try:
        if task["kind"] == "revision" and task["action"] == "submit":
            signing.sign(task["pk"], 2022, by=by)
        elif machine:
            machine.perform(task["pk"], task["action"], by=by, note="Een reden")
        elif task["kind"] == "answer":
            new = services.NewAnswer(task["item"], "meets", task["text"], 0, uuid.uuid4())
            services.save_answer(task["pk"], new, by=by)
        elif task["kind"] == "remark":
            reaction.save_remark(task["pk"], "W2-1", task["text"], by=by)
        return "won"
    except (WrongState, NotReady, services.AnswerConflict):
        return "lost"


if __name__ == "__main__":
    django.setup()
    print("ready", flush=True)
    for line in sys.stdin:
        print(run(json.loads(line)), flush=True)
