"""With whom the account, and the choice of the experience instrument, were talked through."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assessments.models.evidence import Evidence
from assessments.models.self_assessment import SelfAssessment
from providers.models import Organisation


class Consultation(models.Model):
    """One talk. About the instrument the council consents and the work floor advises; about the account
    both are heard, and nobody's consent is asked."""

    class Subject(models.TextChoices):
        INSTRUMENT = "instrument", "Keuze van het meetinstrument"
        ACCOUNT = "account", "De zelfevaluatie"

    class Body(models.TextChoices):
        CLIENT_COUNCIL = "client_council", "Cliëntenraad"
        WORKS_COUNCIL = "works_council", "Ondernemingsraad"
        STAFF = "staff", "Andere vertegenwoordiging van de werkvloer"
        NO_COUNCIL = "no_council", "Geen raad: besproken met anderen"

    class Outcome(models.TextChoices):
        CONSENT = "consent", "Stemde in"
        NO_CONSENT = "no_consent", "Stemde niet in"
        POSITIVE = "positive", "Positief advies"
        NEGATIVE = "negative", "Negatief advies"
        DISCUSSED = "discussed", "Besproken"

    # What a body can say about the instrument; about the account all only discuss.
    OUTCOMES = {
        Body.CLIENT_COUNCIL: (Outcome.CONSENT, Outcome.NO_CONSENT),
        Body.WORKS_COUNCIL: (Outcome.POSITIVE, Outcome.NEGATIVE),
        Body.STAFF: (Outcome.POSITIVE, Outcome.NEGATIVE),
        Body.NO_COUNCIL: (Outcome.DISCUSSED,),
    }

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    self_assessment = models.ForeignKey(SelfAssessment, models.PROTECT, related_name="consultations")
    subject = models.CharField("onderwerp", max_length=20, choices=Subject)
    body = models.CharField("met wie", max_length=20, choices=Body)
    outcome = models.CharField("uitkomst", max_length=20, choices=Outcome)
    held_on = models.DateField("datum")
    who = models.CharField("wie erbij waren", max_length=200)
    summary = models.TextField("samenvatting")
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "gesprek met cliënten of medewerkers"
        verbose_name_plural = "gesprekken met cliënten of medewerkers"
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject="account", outcome="discussed")
                | Q(subject="instrument", body="client_council", outcome__in=["consent", "no_consent"])
                | Q(subject="instrument", body__in=["works_council", "staff"])
                & Q(outcome__in=["positive", "negative"])
                | Q(subject="instrument", body="no_council", outcome="discussed"),
                name="consultation_outcome_fits",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.get_body_display()}"

    @classmethod
    def outcomes_of(cls, subject: str, body: str) -> tuple["Consultation.Outcome", ...]:
        """What this body can say about this subject."""
        if subject == cls.Subject.ACCOUNT:
            return (cls.Outcome.DISCUSSED,)
        return cls.OUTCOMES.get(cls.Body(body), ())
