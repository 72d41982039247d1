"""One byte form for frozen content, so that its hash can be computed again anywhere."""

import hashlib
import json
from typing import Any


def canonical_json(content: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
