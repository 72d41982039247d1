"""Signing in: by password or passkey with a second factor, or elsewhere (django-allauth)."""
