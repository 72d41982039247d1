"""What a provider does and for whom: its profile, and its clients as counted on certain days."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from providers.models.organisations import Organisation


class DeliveryForm(models.TextChoices):
    """The leveringsvormen of iStandaarden COD578 that a provider of care at home meets."""

    MPT = "mpt", "Modulair pakket thuis (mpt)"
    VPT = "vpt", "Volledig pakket thuis (vpt)"
    PGB = "pgb", "Persoonsgebonden budget (pgb)"
    STAY = "verblijf", "Verblijf"
    PART_STAY = "deeltijdverblijf", "Deeltijdverblijf"


class Sector(models.TextChoices):
    NURSING = "vv", "Verpleging en verzorging"
    DISABLED = "ghz", "Gehandicaptenzorg"
    MENTAL = "ggz", "Geestelijke gezondheidszorg"


class Housing(models.TextChoices):
    UNCLUSTERED = "unclustered", "Verspreid, in gewone woningen"
    CLUSTERED = "clustered", "Geclusterd: woningen bij elkaar, met zorg in de buurt"


class CareProfile(models.TextChoices):
    """The profiles for nursing and care (COD163). A set of codes, no range: the ninth has two forms."""

    VV4 = "4vv", "4VV"
    VV5 = "5vv", "5VV"
    VV6 = "6vv", "6VV"
    VV7 = "7vv", "7VV"
    VV8 = "8vv", "8VV"
    VV9A = "9avv", "9A VV"
    VV9B = "9bvv", "9B VV"
    VV10 = "10vv", "10VV"
    OTHER = "other", "Een ander zorgprofiel"


class Profile(models.Model):
    """What a provider says of itself today. Until it did, everything is asked of it."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="profile"
    )
    has_wlz_clients = models.BooleanField("heeft cliënten met een Wlz-indicatie")
    delivery_forms = ArrayField(models.CharField(max_length=20, choices=DeliveryForm))
    housing = ArrayField(models.CharField(max_length=20, choices=Housing))
    sectors = ArrayField(models.CharField(max_length=20, choices=Sector))
    bridging_care = models.BooleanField("levert overbruggingszorg")
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "profiel"
        verbose_name_plural = "profielen"

    def __str__(self) -> str:
        return f"Profiel van {self.organisation_id}"

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """Label and value of each fact, for reading."""
        return [
            ("Cliënten met een Wlz-indicatie", "Ja" if self.has_wlz_clients else "Nog niet"),
            ("Leveringsvormen", _labels(DeliveryForm, self.delivery_forms)),
            ("Woonsituatie", _labels(Housing, self.housing)),
            ("Sectoren", _labels(Sector, self.sectors)),
            ("Overbruggingszorg", "Ja" if self.bridging_care else "Nee"),
        ]


def _labels(choices: type[models.TextChoices], codes: list[str]) -> str:
    return "; ".join(str(choice.label) for choice in choices if choice in codes)


class TallyQuerySet(models.QuerySet["Tally"]):
    def latest_versions(self) -> "TallyQuerySet":
        """Per organisation and day what was written last, the newest day first."""
        latest = Tally.objects.order_by("organisation_id", "-counted_on", "-version").distinct(
            "organisation_id", "counted_on"
        )
        return self.filter(pk__in=latest.values("pk")).order_by("-counted_on")

    def with_total(self) -> "TallyQuerySet":
        return self.annotate(total=Sum("counts__clients", default=0)).prefetch_related("counts")


class Tally(models.Model):
    """The clients of a provider on one day. A correction is a new version; nothing is written over."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="tallies")
    counted_on = models.DateField("geteld op")
    version = models.PositiveSmallIntegerField(default=1)
    bridging_clients = models.PositiveIntegerField("cliënten met overbruggingszorg", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    total: int  # set by with_total()

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = "telling van cliënten"
        verbose_name_plural = "tellingen van cliënten"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "counted_on", "version"], name="tally_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"Telling van {self.counted_on}"

    @property
    def cells(self) -> dict[tuple[str, str], int]:
        """The number of clients by care profile and delivery form."""
        return {(row.care_profile, row.delivery_form): row.clients for row in self.counts.all()}


class ClientCount(models.Model):
    """So many clients with one care profile in one delivery form."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    tally = models.ForeignKey(Tally, models.PROTECT, related_name="counts")
    care_profile = models.CharField("zorgprofiel", max_length=20, choices=CareProfile)
    delivery_form = models.CharField("leveringsvorm", max_length=20, choices=DeliveryForm)
    clients = models.PositiveIntegerField("cliënten")

    class Meta:
        verbose_name = "aantal cliënten"
        verbose_name_plural = "aantallen cliënten"
        constraints = [
            models.UniqueConstraint(
                fields=["tally", "care_profile", "delivery_form"], name="client_count_once"
            ),
            models.CheckConstraint(condition=Q(clients__gt=0), name="client_count_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.clients} {self.care_profile} {self.delivery_form}"
