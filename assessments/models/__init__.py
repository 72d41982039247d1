from assessments.models.campaign import Campaign, CampaignTarget
from assessments.models.consultation import Consultation
from assessments.models.evidence import (
    BsnOverrule,
    Evidence,
    EvidenceLink,
    EvidenceRelease,
    EvidenceRevision,
)
from assessments.models.improvement import ImprovementAction, ImprovementEvent
from assessments.models.public_account import PublicAccount, PublicAccountEvent, PublicPassage
from assessments.models.report import ConceptVersion, FactualRemark, Passage, Publication
from assessments.models.scope import ScopeChoice
from assessments.models.self_assessment import (
    Answer,
    AnswerVersion,
    Receipt,
    Revision,
    RevisionEvent,
    SelfAssessment,
)
from assessments.models.together import Assignment, Comment
from assessments.models.visit import FieldEdit, Finding, Judgement, Visit, VisitEvent, VisitMember

__all__ = [
    "Answer",
    "AnswerVersion",
    "BsnOverrule",
    "Assignment",
    "Campaign",
    "CampaignTarget",
    "Comment",
    "ConceptVersion",
    "Consultation",
    "Evidence",
    "EvidenceLink",
    "EvidenceRelease",
    "EvidenceRevision",
    "FactualRemark",
    "FieldEdit",
    "Finding",
    "ImprovementAction",
    "ImprovementEvent",
    "Judgement",
    "Passage",
    "PublicAccount",
    "PublicAccountEvent",
    "PublicPassage",
    "Publication",
    "Receipt",
    "Revision",
    "RevisionEvent",
    "ScopeChoice",
    "SelfAssessment",
    "Visit",
    "VisitEvent",
    "VisitMember",
]
