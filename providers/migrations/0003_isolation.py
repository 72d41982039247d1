"""Row-level security: which rows of organisations and people each actor can reach in the database."""

from django.db import migrations

from wlzthuis.isolation import (
    EVERYBODY,
    INSPECTORATE,
    KIND,
    NOONE,
    ORGANISATION,
    PORTAL,
    USER,
    any_of,
    isolate,
    own,
)

# Settings that nobody made are NULL, and empty after a transaction that made them.
WHO_ACTS = """
CREATE FUNCTION acting_kind() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('thuispeil.kind', true), '') $$;
CREATE FUNCTION acting_organisation() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('thuispeil.organisation', true), '')::bigint
   WHERE acting_kind() IN ('provider', 'inspectorate', 'care_office', 'portal') $$;
CREATE FUNCTION acting_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('thuispeil.user', true), '')::bigint $$;
"""
NOBODY_ACTS = "DROP FUNCTION acting_kind(); DROP FUNCTION acting_organisation(); DROP FUNCTION acting_user();"

# The same rule as Organisation.objects.in_regions_of, for the care office that acts today.
IN_REGIONS = """
CREATE FUNCTION providers_in_acting_regions() RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT pr.provider_id
    FROM providers_providerregion pr JOIN providers_regionholder rh ON rh.region_id = pr.region_id,
         LATERAL (SELECT (now() AT TIME ZONE 'Europe/Amsterdam')::date AS today) d
    WHERE acting_kind() = 'care_office' AND rh.care_office_id = acting_organisation()
      AND pr.valid_from <= d.today AND (pr.valid_until IS NULL OR pr.valid_until >= d.today)
      AND rh.valid_from <= d.today AND (rh.valid_until IS NULL OR rh.valid_until >= d.today)
$$;
"""
REGION_OF_ACTOR = "{column} IN (SELECT providers_in_acting_regions())"


class Migration(migrations.Migration):
    dependencies = [("providers", "0002_doors")]

    operations = [
        migrations.RunSQL(WHO_ACTS, NOBODY_ACTS),
        migrations.RunSQL(IN_REGIONS, "DROP FUNCTION providers_in_acting_regions();"),
        # Names and numbers of organisations stand in public registers, and who signs in needs them.
        isolate(
            "providers_organisation",
            read=EVERYBODY,
            insert=PORTAL,
            update=any_of(f"id = {ORGANISATION}", PORTAL),
        ),
        isolate(
            "providers_location",
            read=any_of(own(), INSPECTORATE, PORTAL, REGION_OF_ACTOR.format(column="organisation_id")),
            write=any_of(own("organisation_id", "provider"), PORTAL),
        ),
        isolate("providers_regionholder", read=EVERYBODY, write=PORTAL),
        isolate(
            "providers_providerregion", read=EVERYBODY, write=any_of(own("provider_id", "provider"), PORTAL)
        ),
        isolate(
            "providers_membership",
            read=any_of(f"user_id = {USER}", own(), PORTAL),
            insert=any_of(own(), PORTAL),
            update=any_of(own(), PORTAL),
        ),
        isolate(
            "providers_invitation",
            read=any_of(own(), PORTAL),
            insert=any_of(own(), PORTAL),
            update=any_of(own(), PORTAL),
        ),
        isolate("providers_application", read=PORTAL, update=PORTAL),
        isolate("providers_application_regions", read=PORTAL),
        isolate(
            "providers_contract",
            read=any_of(own("care_office_id", "care_office"), own("provider_id", "provider")),
            write=own("care_office_id", "care_office"),
        ),
        isolate("providers_import", read=own(), write=own()),
        # Everybody may cause a mail or a line in the log; nobody reads the outbox.
        isolate("providers_mail", read=NOONE, insert=EVERYBODY),
        isolate(
            "providers_auditevent",
            read=any_of(own("about_id"), own("acting_for_id"), PORTAL),
            insert=EVERYBODY,
        ),
        # Only the trigger of the log writes and follows the chain.
        isolate(
            "providers_auditseal",
            read=any_of(f"{KIND} = 'portal'", "pg_trigger_depth() > 0"),
            insert="pg_trigger_depth() > 0",
        ),
        isolate("providers_legalhold", read=PORTAL, insert=PORTAL, update=PORTAL),
        isolate("providers_removal", read=PORTAL),
    ]
