"""The rule of Django whose sentence has no Dutch translation."""

from django.contrib.auth import password_validation


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"Dit wachtwoord is te kort. Neem ten minste {self.min_length} tekens."
