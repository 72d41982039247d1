"""E-mail addresses of people, as the sign-in keeps them."""

from allauth.account.models import EmailAddress

from providers.models import User


def confirm(user: User) -> None:
    """The person receives mail at her address, as an invitation proves. Else signing in asks for it."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
