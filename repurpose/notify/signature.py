"""Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): what is sent beside a body, so that its receiver knows it is ours.

    webhook-id: ms_...   webhook-timestamp: 1790000000   webhook-signature: v1,BASE64 [v1,BASE64 ...]

A signature is HMAC-SHA256 over `id.timestamp.body`. While a secret is being changed there is one by each that is good.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping, Sequence

from repurpose.db.endpoints import Key
from repurpose.errors import RepurposeError
from repurpose.secret import derived

PREFIX = "whsec_"
TOLERANCE_S = 300  # a message that is older was kept by somebody who wants to send it again


class Unsigned(RepurposeError):
    """Not from who it says it is from, or too old. The message says why."""


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


def verify(headers: Mapping[str, str], body: bytes, secrets: Iterable[str], at_s: float) -> str:
    """The id of a message signed with any of these secrets within five minutes of now. Raises Unsigned."""
    given = {name.lower(): value for name, value in headers.items()}
    message_id, stamp = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not message_id or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 16):
        raise Unsigned("The headers webhook-id and webhook-timestamp are missing.")
    if abs(at_s - int(stamp)) > TOLERANCE_S:
        raise Unsigned("It was signed more than five minutes ago, or by a clock that is wrong.")
    marks = [_mark(secret, message_id, stamp, body) for secret in secrets]
    for one in given.get("webhook-signature", "").split(" "):
        version, _, text = one.partition(",")
        try:
            said = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            continue
        if version == "v1" and sum(hmac.compare_digest(mark, said) for mark in marks):
            return message_id
    raise Unsigned("No signature of it is by a secret that is known here.")


def _mark(secret: str, message_id: str, stamp: str, body: bytes) -> bytes:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return hmac.digest(key, f"{message_id}.{stamp}.".encode() + body, "sha256")
