"""Row-level security: a draft is the provider's alone, a visit in preparation the inspectorate's."""

from django.db import migrations

from wlzthuis.isolation import (
    INSPECTORATE,
    KIND,
    ORGANISATION,
    any_of,
    both,
    isolate,
    own,
    via,
)

OWN = own("organisation_id", "provider")
READERS = f"{KIND} IN ('inspectorate', 'care_office')"
HANDED_IN = "status IN ('submitted', 'superseded')"
IN_REGION = "organisation_id IN (SELECT providers_in_acting_regions())"
REVISION, VISIT = "assessments_revision", "assessments_visit"
# An unannounced visit does not exist for the provider until it took place.
SHOWN = both(OWN, "(announced OR conducted_at IS NOT NULL)")
PUBLIC = "p.status = 'published'"


def of_visit(condition: str = "true") -> str:
    return via(VISIT, "visit_id", condition)


def parts_of_revision(table: str) -> migrations.RunSQL:
    """Rows without an organisation of their own, which hang under a revision."""
    return isolate(
        table,
        read=via(REVISION, "revision_id"),
        write=both(
            f"{KIND} = 'provider'", via(REVISION, "revision_id", f"p.organisation_id = {ORGANISATION}")
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0005_campaign"), ("providers", "0003_isolation")]

    operations = [
        isolate(
            REVISION,
            read=any_of(
                OWN, both(INSPECTORATE, HANDED_IN), both(f"{KIND} = 'care_office'", HANDED_IN, IN_REGION)
            ),
            write=OWN,
        ),
        isolate(
            "assessments_selfassessment",
            read=any_of(
                OWN,
                both(
                    READERS,
                    "EXISTS (SELECT 1 FROM assessments_revision p "
                    "WHERE p.self_assessment_id = assessments_selfassessment.id)",
                ),
            ),
            write=OWN,
        ),
        parts_of_revision("assessments_revision_locations"),
        parts_of_revision("assessments_revision_editions"),
        isolate(
            "assessments_answer", read=any_of(OWN, both(READERS, via(REVISION, "revision_id"))), write=OWN
        ),
        isolate(
            "assessments_evidencelink",
            read=any_of(OWN, both(INSPECTORATE, via(REVISION, "revision_id"))),
            write=OWN,
        ),
        # What was written before handing in is nobody else's.
        isolate("assessments_answerversion", read=OWN, insert=OWN),
        isolate("assessments_revisionevent", read=OWN, insert=OWN),
        isolate(
            "assessments_receipt",
            read=any_of(OWN, own("reader_id")),
            insert=both(own("reader_id"), via(REVISION, "revision_id")),
            update=own("reader_id"),
        ),
        isolate(
            "assessments_evidencerevision",
            read=any_of(
                OWN,
                both(
                    INSPECTORATE,
                    "EXISTS (SELECT 1 FROM assessments_evidencelink p "
                    "WHERE p.evidence_revision_id = assessments_evidencerevision.id)",
                ),
            ),
            insert=OWN,
        ),
        isolate(
            "assessments_evidence",
            read=any_of(
                OWN,
                both(
                    INSPECTORATE,
                    "EXISTS (SELECT 1 FROM assessments_evidencerevision p "
                    "WHERE p.evidence_id = assessments_evidence.id)",
                ),
            ),
            insert=OWN,
            update=OWN,
        ),
        isolate(
            VISIT,
            read=any_of(INSPECTORATE, SHOWN, "status = 'published'"),
            insert=INSPECTORATE,
            update=any_of(INSPECTORATE, SHOWN),
        ),
        isolate(
            "assessments_visitmember",
            read=any_of(
                INSPECTORATE, both(f"{KIND} = 'provider'", of_visit(f"p.organisation_id = {ORGANISATION}"))
            ),
            write=INSPECTORATE,
        ),
        *[
            isolate(
                f"assessments_visit_{part}",
                read=any_of(INSPECTORATE, both(f"{KIND} = 'provider'", of_visit())),
                write=INSPECTORATE,
            )
            for part in ("locations", "editions")
        ],
        isolate(
            "assessments_visitevent",
            read=any_of(INSPECTORATE, both(OWN, of_visit())),
            insert=any_of(INSPECTORATE, both(OWN, of_visit())),
        ),
        *[
            isolate(f"assessments_{table}", read=INSPECTORATE, write=INSPECTORATE)
            for table in (
                "finding",
                "finding_items",
                "judgement",
                "judgement_findings",
                "fieldedit",
                "passage",
            )
        ],
        isolate(
            "assessments_conceptversion",
            read=any_of(INSPECTORATE, both(OWN, of_visit()), both("kind = 'final'", of_visit(PUBLIC))),
            insert=INSPECTORATE,
            update=any_of(INSPECTORATE, both(OWN, of_visit())),
        ),
        isolate(
            "assessments_factualremark",
            # Until it is sent, a reaction is the provider's alone.
            read=any_of(both(INSPECTORATE, of_visit("p.status <> 'at_provider'")), both(OWN, of_visit())),
            insert=both(OWN, of_visit()),
            update=any_of(INSPECTORATE, both(OWN, of_visit())),
            delete=both(OWN, of_visit()),
        ),
        isolate(
            "assessments_publication",
            read=any_of(INSPECTORATE, both(OWN, of_visit()), of_visit(PUBLIC)),
            write=INSPECTORATE,
        ),
        isolate(
            "assessments_campaigntarget",
            read=any_of(own("asked_by_id"), OWN),
            insert=own("asked_by_id"),
            update=any_of(own("asked_by_id"), OWN),
            delete=own("asked_by_id"),
        ),
        isolate(
            "assessments_campaign",
            read=any_of(
                own(),
                "EXISTS (SELECT 1 FROM assessments_campaigntarget p "
                "WHERE p.campaign_id = assessments_campaign.id)",
            ),
            write=own(),
        ),
        isolate(
            "assessments_campaign_editions",
            read=via("assessments_campaign", "campaign_id"),
            write=via("assessments_campaign", "campaign_id", f"p.organisation_id = {ORGANISATION}"),
        ),
    ]
