"""Policies that read faster: those that stand already, in the words that wlzthuis.isolation uses now."""

from django.db import migrations

# Looks the same afterwards, so backwards nothing has to change.
FASTER = r"""
CREATE FUNCTION pg_temp.faster(condition text) RETURNS text LANGUAGE sql AS $$
    SELECT regexp_replace(
        regexp_replace(
            condition,
            '\(\( SELECT acting_kind\(\) AS acting_kind\) = (''\w+''::text|ANY \(ARRAY\[[^]]*\]\))\)',
            '(SELECT acting_kind() = \1)', 'g'
        ),
        'EXISTS \( SELECT 1(\s+FROM \w+ p\s+WHERE \(\(?p\.id = )', '( SELECT true\1', 'g'
    )
$$;
DO $$
DECLARE policy pg_policies;
BEGIN
    FOR policy IN SELECT * FROM pg_policies WHERE schemaname = current_schema LOOP
        EXECUTE format('ALTER POLICY %I ON %I', policy.policyname, policy.tablename)
            || coalesce(' USING (' || pg_temp.faster(policy.qual) || ')', '')
            || coalesce(' WITH CHECK (' || pg_temp.faster(policy.with_check) || ')', '');
    END LOOP;
END $$;
DROP FUNCTION pg_temp.faster;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0009_campaign_reach"), ("providers", "0007_faster_reading")]

    operations = [migrations.RunSQL(FASTER, migrations.RunSQL.noop)]
