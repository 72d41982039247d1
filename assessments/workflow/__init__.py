from assessments.errors import NotReady, WrongState
from assessments.workflow.machine import Choice, Machine, Step
from assessments.workflow.revision import REVISION
from assessments.workflow.visit import VISIT

__all__ = ["REVISION", "VISIT", "Choice", "Machine", "NotReady", "Step", "WrongState"]
