"""Sentences for the next page travel in a cookie."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class MessageStorage(CookieStorage):
    cookie_name = settings.MESSAGE_COOKIE_NAME
