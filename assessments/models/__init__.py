from assessments.models.campaign import Campaign, CampaignTarget
from assessments.models.concern import Concern, ConcernOutcome
from assessments.models.consultation import Consultation
from assessments.models.evidence import (
    BsnOverrule,
    Evidence,
    EvidenceLink,
    EvidenceRelease,
    EvidenceRevision,
)
from assessments.models.improvement import ImprovementAction, ImprovementEvent
from assessments.models.measure import Measure, MeasureEvent, PublishedMeasure
from assessments.models.public_account import PublicAccount, PublicAccountEvent, PublicPassage
from assessments.models.publication import (
    CorrectedPlace,
    Correction,
    Objection,
    Publication,
    PublicReaction,
)
from assessments.models.report import (
    ConceptVersion,
    Delivery,
    FactualRemark,
    Passage,
    PassageRemark,
    PassageVersion,
    SecondReader,
    TermExtension,
)
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
from assessments.models.visit import (
    FieldEdit,
    Finding,
    Judgement,
    JudgementOpening,
    Visit,
    VisitEvent,
    VisitMember,
)
from assessments.models.visit_copy import VisitCopy
from assessments.models.visit_preparation import (
    DocumentRequest,
    DocumentRequestFile,
    HomeVisit,
    VisitNote,
)
from assessments.models.worklist import RiskSignal, SavedView, Standing

__all__ = [
    "Answer",
    "AnswerVersion",
    "BsnOverrule",
    "Assignment",
    "Campaign",
    "CampaignTarget",
    "Comment",
    "ConceptVersion",
    "Concern",
    "ConcernOutcome",
    "Consultation",
    "CorrectedPlace",
    "Correction",
    "Delivery",
    "DocumentRequest",
    "DocumentRequestFile",
    "Evidence",
    "EvidenceLink",
    "EvidenceRelease",
    "EvidenceRevision",
    "FactualRemark",
    "FieldEdit",
    "Finding",
    "HomeVisit",
    "ImprovementAction",
    "ImprovementEvent",
    "Judgement",
    "JudgementOpening",
    "Measure",
    "MeasureEvent",
    "Objection",
    "Passage",
    "PassageRemark",
    "PassageVersion",
    "PublicAccount",
    "PublicAccountEvent",
    "PublicPassage",
    "PublicReaction",
    "PublishedMeasure",
    "Publication",
    "Receipt",
    "Revision",
    "RevisionEvent",
    "RiskSignal",
    "SavedView",
    "ScopeChoice",
    "SecondReader",
    "SelfAssessment",
    "Standing",
    "TermExtension",
    "Visit",
    "VisitCopy",
    "VisitEvent",
    "VisitMember",
    "VisitNote",
]
