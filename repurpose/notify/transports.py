"""How a message is sent, by the kind of its endpoint: a signed webhook, a WeCom robot, a mail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from repurpose import __version__
from repurpose.db.endpoints import EndpointRow
from repurpose.db.jobs import now
from repurpose.db.outbox import MessageRow
from repurpose.errors import UserError
from repurpose.notify.addresses import WECOM, is_named_inside
from repurpose.notify.mail import MailServer, letter, send
from repurpose.notify.outward import Answer, Outward, Unreached
from repurpose.notify.schedule import Outcome, retry_after
from repurpose.notify.signature import headers_of, secrets_of
from repurpose.notify.wording import Told, markdown, told
from repurpose.settings import Settings

AGENT = f"Repurpose/{__version__}"
TOO_OFTEN = 45009  # WeCom: more than 20 messages in a minute
NO_ROBOT = 93000  # WeCom: the robot was taken out of its group, or its address is wrong
MINUTE_S = 60.0


Names = Callable[[str], Mapping[str, str]]


def nobody(lead_id: str) -> Mapping[str, str]:
    """What is known of a lead where nothing is."""
    return {}


@dataclass(frozen=True)
class Way:
    """What sending takes: the door, the site's settings and secrets, and what is known of a lead (name, company, title)."""

    door: Outward
    settings: Settings
    secrets: tuple[bytes, ...] = field(repr=False)
    names: Names = nobody


async def deliver(way: Way, endpoint: EndpointRow, message: MessageRow) -> Outcome:
    """Send it and say how that ended; whatever goes wrong outside is an outcome and no error."""
    try:
        return await _BY[endpoint.kind](way, endpoint, message)
    except (UserError, Unreached) as fault:
        return Outcome(False, why=str(fault))


async def _webhook(way: Way, endpoint: EndpointRow, message: MessageRow) -> Outcome:
    body, at = message.payload.encode(), now()
    signed = headers_of(message.id, at // 1000, body, secrets_of(endpoint.id, endpoint.keys, way.secrets, at))
    answer = await way.door.post(endpoint.address, _headers() | signed, body)
    return judged(answer)


async def _wecom(way: Way, endpoint: EndpointRow, message: MessageRow) -> Outcome:
    parts = urlsplit(endpoint.address)
    if parts.hostname != WECOM and not is_named_inside(parts, way.settings.webhook_inside):
        return Outcome(False, why=f"A WeCom robot is at https://{WECOM}/cgi-bin/webhook/send?key=...", gone=True)
    text = markdown(await _told(way, endpoint, message))
    body = json.dumps({"msgtype": "markdown", "markdown": {"content": text}}, ensure_ascii=False).encode()
    answer = await way.door.post(endpoint.address, _headers(), body)
    return judged(answer) if answer.status != 200 else _by_robot(answer)


async def _mail(way: Way, endpoint: EndpointRow, message: MessageRow) -> Outcome:
    server = MailServer.of(way.settings)
    if server is None:
        return Outcome(False, why="No mail server is set. REPURPOSE_SMTP names one.")
    about = await _told(way, endpoint, message)
    why = await asyncio.to_thread(send, server, letter(about, message.id, server.sender, endpoint.address))
    return Outcome(not why, why=why)


async def _told(way: Way, endpoint: EndpointRow, message: MessageRow) -> Told:
    """In words, with the name of the lead it is about: looked up now, so that who is erased is named no more."""
    lead = json.loads(message.payload)["data"].get("lead") or {}
    about = await asyncio.to_thread(way.names, str(lead["id"])) if "id" in lead else None
    return told(message.payload, endpoint.language, way.settings.public_url, about)


def judged(answer: Answer) -> Outcome:
    """What an answer to a webhook means: 2xx took it, 410 wants no more, everything else (a redirect too) failed."""
    if 200 <= answer.status < 300:
        return Outcome(True, answer.status)
    why = f"{answer.status}" + (" (redirects are not followed)" if 300 <= answer.status < 400 else "")
    return Outcome(False, answer.status, why, answer.status == 410, retry_after(answer.headers, now()))


def _by_robot(answer: Answer) -> Outcome:
    try:
        said = json.loads(answer.body)
        code, words = int(said["errcode"]), str(said.get("errmsg", ""))
    except (ValueError, KeyError, TypeError):
        return Outcome(False, answer.status, "the answer is not WeCom's")
    if code == 0:
        return Outcome(True, answer.status)
    return Outcome(False, answer.status, f"{code} {words}", code == NO_ROBOT, MINUTE_S if code == TOO_OFTEN else None)


def _headers() -> dict[str, str]:
    return {"content-type": "application/json", "user-agent": AGENT, "accept": "*/*"}


_BY: dict[str, Callable[[Way, EndpointRow, MessageRow], Awaitable[Outcome]]] = {
    "webhook": _webhook,
    "wecom": _wecom,
    "mail": _mail,
}
