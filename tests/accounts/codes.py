"""Codes as an app makes them (RFC 6238), written apart from the library that checks them."""

import base64
import hashlib
import hmac
import time


def totp(secret: str, at: float | None = None) -> str:
    counter = int((time.time() if at is None else at) // 30).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"
