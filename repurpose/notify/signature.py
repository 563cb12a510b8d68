"""Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): what is sent beside a body, so that its receiver knows it is ours.

    webhook-id: ms_...   webhook-timestamp: 1790000000   webhook-signature: v1,BASE64 [v1,BASE64 ...]

A signature is HMAC-SHA256 over `id.timestamp.body`. While a secret is being changed there is one by each that is good.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Sequence

from repurpose.db.endpoints import Key
from repurpose.secret import derived

PREFIX = "whsec_"


def secrets_of(endpoint_id: str, keys: Iterable[Key], site: Sequence[bytes], at_ms: int) -> list[str]:
    """The secrets an endpoint's messages are signed with now, the newest first: `whsec_` and 32 bytes in base64.

    They are made of the site's own secrets and the endpoint's nonces and kept nowhere; each of the site's secrets that is
    alive makes one, so that receivers go on believing while it is changed.
    """
    good = [key for key in keys if key.until is None or key.until > at_ms]
    return [
        PREFIX
        + base64.b64encode(
            hmac.digest(derived(one, "webhook"), f"{endpoint_id}.{key.nonce}".encode(), "sha256")
        ).decode()
        for key in good
        for one in site
    ]


def headers_of(message_id: str, at_s: int, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The three headers."""
    marks = [f"v1,{base64.b64encode(_mark(secret, message_id, str(at_s), body)).decode()}" for secret in secrets]
    return {"webhook-id": message_id, "webhook-timestamp": str(at_s), "webhook-signature": " ".join(marks)}


def _mark(secret: str, message_id: str, stamp: str, body: bytes) -> bytes:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return hmac.digest(key, f"{message_id}.{stamp}.".encode() + body, "sha256")
