"""A message as a mail, handed to the mail server of the settings."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from typing import Self
from urllib.parse import unquote, urlsplit

from repurpose.notify.wording import Told, plain
from repurpose.settings import Settings

TIMEOUT_S = 15.0  # of each step of the talk with the server
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed in, and by whom."""

    host: str
    port: int
    tls: bool  # from the first byte on; else it is asked for, where the server has it
    name: str
    password: str = field(repr=False)
    sender: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The one in REPURPOSE_SMTP; None when none is set."""
        parts = urlsplit(settings.smtp)
        if not parts.hostname:
            return None
        tls = parts.scheme == "smtps"
        name, password = unquote(parts.username or ""), unquote(parts.password or "")
        sender = settings.mail_from or (name if "@" in name else f"repurpose@{parts.hostname}")
        return cls(parts.hostname, parts.port or (465 if tls else 587), tls, name, password, sender)


def letter(about: Told, message_id: str, sender: str, to: str) -> EmailMessage:
    """The mail. Its Message-ID is the message's, so that one that comes twice can be known."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = about.subject, sender, to
    mail["Date"] = formatdate(localtime=False, usegmt=True)
    mail["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(plain(about))
    return mail


def send(server: MailServer, mail: EmailMessage) -> str:
    """Hand it in; "" when the server took it, else why not. A password never leaves unencrypted but to this machine."""
    try:
        context = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
            if server.tls
            else smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        ) as talk:
            talk.ehlo()
            if not server.tls and talk.has_extn("starttls"):
                talk.starttls(context=context)
                talk.ehlo()
            elif not server.tls and server.name and server.host not in _LOCAL:
                return "The mail server takes the password only unencrypted. Use smtps://."
            if server.name:
                talk.login(server.name, server.password)
            talk.send_message(mail)
    except (smtplib.SMTPException, OSError) as fault:
        return f"{type(fault).__name__}: {fault}"
    return ""
