from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "providers"

    def ready(self) -> None:
        from providers import audit, checks  # noqa: F401 (registers itself)
        from providers.accounts import signals  # noqa: F401 (registers itself)

        audit.ACTIONS.update(
            {
                "sign_in": "Ingelogd",
                "sign_out": "Uitgelogd",
                "session_expired": "Sessie verlopen",
                "sessions_ended": "Op andere apparaten uitgelogd",
                "password_changed": "Wachtwoord gewijzigd",
                "address_changed": "E-mailadres gewijzigd",
                "factor_added": "Tweede stap ingesteld",
                "factor_removed": "Tweede stap verwijderd",
                "factor_taken_shown": "Tweede stap weggehaald, na tonen van een identiteitsbewijs",
                "factor_taken_vouched": "Tweede stap weggehaald, na bevestiging door een collega",
                "codes_made": "Herstelcodes gemaakt",
                "switched": "Gewisseld van organisatie",
                "page_refused": "Pagina geweigerd",
                "audit_exported": "Logboek gedownload",
                "application_received": "Organisatie aangemeld",
                "application_admitted": "Aanmelding toegelaten",
                "application_refused": "Aanmelding afgewezen",
                "invited": "Collega uitgenodigd",
                "invitation_accepted": "Uitnodiging aangenomen",
                "invitation_withdrawn": "Uitnodiging ingetrokken",
                "roles_changed": "Rollen gewijzigd",
                "member_left": "Collega vertrokken",
                "work_handed_over": "Werk overgedragen",
                "hold_placed": "Bewaarplicht ingesteld",
                "hold_lifted": "Bewaarplicht beëindigd",
                "imported": "Gegevens geïmporteerd",
                "organisation_changed": "Gegevens van de organisatie gewijzigd",
                "profile_changed": "Profiel van de organisatie gewijzigd",
                "clients_counted": "Cliënten geteld",
            }
        )
