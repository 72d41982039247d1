"""Functions that name others in full: pg_dump reads every table through its policies with no search path."""

from django.db import migrations

WHOLE_NAMES = """
CREATE OR REPLACE FUNCTION acting_organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('thuispeil.organisation', true), '')::bigint
   WHERE public.acting_kind() IN ('provider', 'inspectorate', 'care_office', 'portal') $$;
CREATE OR REPLACE FUNCTION providers_in_acting_regions() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT pr.provider_id
    FROM public.providers_providerregion pr
         JOIN public.providers_regionholder rh ON rh.region_id = pr.region_id,
         LATERAL (SELECT (now() AT TIME ZONE 'Europe/Amsterdam')::date AS today) d
    WHERE public.acting_kind() = 'care_office' AND rh.care_office_id = public.acting_organisation()
      AND pr.valid_from <= d.today AND (pr.valid_until IS NULL OR pr.valid_until >= d.today)
      AND rh.valid_from <= d.today AND (rh.valid_until IS NULL OR rh.valid_until >= d.today)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("providers", "0004_audit_chain")]

    operations = [migrations.RunSQL(WHOLE_NAMES, migrations.RunSQL.noop)]
