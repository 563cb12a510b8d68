"""The settings of what is told to others: taken as they should be written, refused by name."""

from __future__ import annotations

import pytest

from repurpose.errors import UserError
from repurpose.notify.mail import MailServer
from repurpose.settings import settings_from


def test_they_are_read() -> None:
    found = settings_from(
        {
            "REPURPOSE_WEBHOOK_INSIDE": "CRM.internal, 10.0.0.5:8080",
            "REPURPOSE_SMTP": "smtps://live%40example.com:p%2Fw@mail.example.com",
        }
    )
    assert found.webhook_inside == ("crm.internal", "10.0.0.5:8080")
    server = MailServer.of(found)
    assert server is not None
    assert (server.host, server.port, server.tls, server.password) == ("mail.example.com", 465, True, "p/w")
    assert server.sender == "live@example.com" and "p/w" not in repr(server)
    plain = MailServer.of(settings_from({"REPURPOSE_SMTP": "smtp://mail", "REPURPOSE_MAIL_FROM": "a@example.com"}))
    assert plain is not None and (plain.port, plain.tls, plain.sender) == (587, False, "a@example.com")
    assert MailServer.of(settings_from({})) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEBHOOK_INSIDE", "http://crm.internal"), ("WEBHOOK_INSIDE", "a b"), ("WEBHOOK_INSIDE", "*"),
        ("SMTP", "mail.example.com"), ("SMTP", "https://mail.example.com"), ("SMTP", "smtp://"),
        ("SMTP", "smtp://mail:99999"), ("MAIL_FROM", "nobody"), ("MAIL_FROM", "a@b\r\nBcc: c@d"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(UserError, match=f"REPURPOSE_{name}"):
        settings_from({f"REPURPOSE_{name}": value})
