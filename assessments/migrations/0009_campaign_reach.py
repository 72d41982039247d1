"""A provider is asked by the campaign's own organisation; a care office asks those in its regions."""

from django.db import migrations

from wlzthuis.isolation import INSPECTORATE, KIND, any_of, both, own

ASKED_BY_ACTOR = own("asked_by_id")
IN_REGION = "organisation_id IN (SELECT providers_in_acting_regions())"

# Not in the policy: that of campaigns looks at their targets, and two that look at each other never end.
SAME_ORGANISATION = """
ALTER TABLE assessments_campaign ADD CONSTRAINT campaign_of_organisation UNIQUE (id, organisation_id);
ALTER TABLE assessments_campaigntarget ADD CONSTRAINT campaign_target_asked_by
    FOREIGN KEY (campaign_id, asked_by_id) REFERENCES assessments_campaign (id, organisation_id);
"""
ANY_ORGANISATION = """
ALTER TABLE assessments_campaigntarget DROP CONSTRAINT campaign_target_asked_by;
ALTER TABLE assessments_campaign DROP CONSTRAINT campaign_of_organisation;
"""


def may_insert(condition: str) -> str:
    check = any_of(f"{KIND} = 'system'", condition)
    return f"ALTER POLICY may_insert ON assessments_campaigntarget WITH CHECK ({check})"


class Migration(migrations.Migration):
    dependencies = [("assessments", "0008_answered_count"), ("providers", "0006_kind_of_organisation")]

    operations = [
        migrations.RunSQL(SAME_ORGANISATION, ANY_ORGANISATION),
        migrations.RunSQL(
            may_insert(both(ASKED_BY_ACTOR, any_of(INSPECTORATE, IN_REGION))), may_insert(ASKED_BY_ACTOR)
        ),
    ]
