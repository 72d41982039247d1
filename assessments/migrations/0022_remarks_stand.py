"""What the provider sent stands, and what the team answered; two others may object on one day."""

from django.db import migrations, models
from django.db.models.functions import MD5

REMARK = "assessments_factualremark"
SHOWN = "assessments_factualremark_evidence"

# The provider writes until it sends; the team answers until the report goes on. Nothing changes after that.
STANDS = f"""
CREATE FUNCTION assessments_remark_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered text[] := '{{verdict,answer,answered_at,answered_by_id}}';
    status text := (SELECT v.status FROM assessments_visit v WHERE v.id = OLD.visit_id);
    changed text[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF status IS DISTINCT FROM 'at_provider' THEN
            RAISE EXCEPTION 'what was sent stands' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END IF;
    SELECT coalesce(array_agg(n.key), '{{}}') INTO changed
        FROM jsonb_each(to_jsonb(NEW)) n JOIN jsonb_each(to_jsonb(OLD)) o USING (key)
        WHERE n.value IS DISTINCT FROM o.value;
    IF (status = 'at_provider' AND NOT changed && answered OR status = 'reacted' AND changed <@ answered)
        IS NOT TRUE
    THEN
        RAISE EXCEPTION 'what was sent stands' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON {REMARK}
    FOR EACH ROW EXECUTE FUNCTION assessments_remark_stands();
CREATE FUNCTION assessments_remark_evidence_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    remark bigint := (CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END).factualremark_id;
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM {REMARK} r JOIN assessments_visit v ON v.id = r.visit_id
        WHERE r.id = remark AND v.status = 'at_provider'
    ) THEN
        RAISE EXCEPTION 'what was sent stands' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stands AFTER INSERT OR UPDATE OR DELETE ON {SHOWN}
    FOR EACH ROW EXECUTE FUNCTION assessments_remark_evidence_stands();
"""  # noqa: S608 (names of our own tables)
FALLS = f"""
DROP TRIGGER stands ON {SHOWN};
DROP TRIGGER stands ON {REMARK};
DROP FUNCTION assessments_remark_evidence_stands();
DROP FUNCTION assessments_remark_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0021_after_publication")]

    operations = [
        migrations.RunSQL(STANDS, FALLS),
        migrations.RemoveConstraint("objection", "objection_once_a_day_by_one"),
        migrations.AddConstraint(
            "objection",
            models.UniqueConstraint(
                fields=["visit", "received_on"],
                condition=models.Q(made_by="provider"),
                name="objection_once_a_day_by_provider",
            ),
        ),
        migrations.AddConstraint(
            "objection",
            models.UniqueConstraint(
                "visit", "received_on", MD5("subject"), "made_by", name="objection_once_a_day_about_it"
            ),
        ),
    ]
