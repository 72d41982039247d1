"""Typed readers of environment variables: a bad value stops the start, with the reason."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool = False) -> bool:
    """True for 1, False for 0; anything else is refused."""
    value = os.environ.get(name, "")
    if value == "":
        return default
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}")
    return value == "1"


def number(name: str, default: int) -> int:
    """A whole number of zero or more."""
    value = os.environ.get(name, "")
    if value == "":
        return default
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of the allowed words."""
    value = os.environ.get(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(allowed)}, not {value!r}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without empty entries."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


# What people fill in to get on with it: everybody knows these.
_KNOWN = {"changeme", "password", "postgres", "redis", "secret", "thuispeil", "valkey", "wachtwoord"}
_SHORTEST_KEY, _SHORTEST_PASSWORD = 40, 12


def refuse_unsafe_secrets(key: str, *urls: str) -> None:
    """Stop the start of a portal for real people with a key or password that somebody else can guess."""
    if len(key) < _SHORTEST_KEY or len(set(key)) < 10 or key.startswith("django-insecure-"):
        raise ImproperlyConfigured(f"SECRET_KEY must be random, and {_SHORTEST_KEY} characters or longer")
    for url in urls:
        parts = urlsplit(url)
        password = unquote(parts.password or "")
        # Without a password the server itself knows who asks: over a socket, or by a certificate.
        if password and (
            len(password) < _SHORTEST_PASSWORD
            or password.lower().rstrip("0123456789!") in _KNOWN | {parts.username}
        ):
            raise ImproperlyConfigured(
                f"The password for {parts.hostname} is known or too short: take a random one of "
                f"{_SHORTEST_PASSWORD} characters or more"
            )


def refuse_plain(*urls: str) -> None:
    """Stop the start when what another place says is believed, and anybody on the way could say it."""
    if any(url and urlsplit(url).scheme != "https" for url in urls):
        raise ImproperlyConfigured("The address of an issuer must begin with https://")


def database(url: str) -> dict[str, Any]:
    """Django's database settings from postgresql://user:password@host:port/name?sslmode=verify-full."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://")
    return {
        "ENGINE": "wlzthuis.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
