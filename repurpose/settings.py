"""Places and secrets, from REPURPOSE_* in the environment. Built by cli, web and workers; never read at import."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from repurpose.errors import UserError

SHORTEST_SECRET = 32  # characters


@dataclass(frozen=True)
class Settings:
    """Where things lie on this machine."""

    home: Path  # the store, the database, scratch files and joined weights
    database: str  # SQLAlchemy URL
    presets: Path | None = None  # a folder that overlays our presets
    ffmpeg: str = ""  # another ffmpeg than the one that comes with the package
    encoder: str = ""  # the video encoder for drawn renders; empty: the best this machine has
    broker: str = ""  # Celery broker URL; workers only
    public_url: str = ""  # where readers reach the site, such as https://live.example.com; empty: as they asked for it
    secrets: tuple[str, ...] = ()  # what links and cookies are signed with: the first signs, all are accepted
    proxies: tuple[str, ...] = ()  # addresses or networks whose X-Forwarded-For is believed
    origins: tuple[str, ...] = ()  # other sites whose pages may call the API
    link_hosts: tuple[str, ...] = ()  # where short links may lead, such as www.example.com or *.example.com
    webhook_inside: tuple[str, ...] = ()  # hosts of our own network that may be told things, by http too
    smtp: str = ""  # the mail server, such as smtps://name:password@mail.example.com; empty: no mail is sent
    mail_from: str = ""  # whom mails are from; empty: the name that SMTP has
    wechat_app: str = ""  # the service account that signs share cards in WeChat; empty: none are made
    wechat_secret: str = field(default="", repr=False)  # and its key, which is never shown
    wechat_api: str = "https://api.weixin.qq.com"
    ingest: tuple[Path, ...] = ()  # folders whose recordings may be named to the API
    upload_bytes: int = 20 << 30  # the largest recording the API takes
    api_rate: int = 100  # requests to the API in 10 s, for each key, account or unknown address
    view_rate: int = 3000  # batches of views in a minute from one address: an office of 500 viewers sends as many
    watch_still: float = 10.0  # seconds that a file in a watched folder must have been still before it is taken
    watch_look: float = 3.0  # seconds between two looks at a watched folder

    @property
    def store(self) -> Path:
        return self.home / "store"

    @property
    def scratch(self) -> Path:
        return self.home / "scratch"

    @property
    def weights(self) -> Path:
        return self.home / "weights"

    @property
    def uploads(self) -> Path:
        return self.home / "uploads"


def settings_from(environ: Mapping[str, str] | None = None) -> Settings:
    """Read REPURPOSE_HOME, _DATABASE, _PRESETS, _FFMPEG, _ENCODER, _BROKER, and for the site _PUBLIC_URL, _SECRET, _PROXIES,
    _ORIGINS, _LINK_HOSTS, _INGEST, _UPLOAD_GB, _API_RATE, _VIEW_RATE, for what is told to others _WEBHOOK_INSIDE, _SMTP, _MAIL_FROM, _WECHAT_APP, _WECHAT_SECRET,
    for a watched folder _WATCH_STILL, _WATCH_LOOK. Raises UserError for what cannot be right, such as a folder that is not there."""
    env = os.environ if environ is None else environ
    import platformdirs

    home = Path(env.get("REPURPOSE_HOME") or platformdirs.user_data_dir("repurpose")).expanduser().absolute()
    presets = Path(env["REPURPOSE_PRESETS"]).expanduser().absolute() if env.get("REPURPOSE_PRESETS") else None
    if presets is not None and not presets.is_dir():
        raise UserError(
            f"REPURPOSE_PRESETS={presets}: no such folder. Make it, or unset the variable to use the built-in presets."
        )
    return Settings(
        home=home,
        database=env.get("REPURPOSE_DATABASE") or f"sqlite:///{home / 'repurpose.db'}",
        presets=presets,
        ffmpeg=env.get("REPURPOSE_FFMPEG", ""),
        encoder=env.get("REPURPOSE_ENCODER", ""),
        broker=env.get("REPURPOSE_BROKER", ""),
        public_url=_address(env.get("REPURPOSE_PUBLIC_URL", "")),
        secrets=_secrets(env.get("REPURPOSE_SECRET", "")),
        proxies=_networks(env.get("REPURPOSE_PROXIES", "")),
        origins=tuple(map(_address, _listed(env.get("REPURPOSE_ORIGINS", "")))),
        link_hosts=_hosts(env.get("REPURPOSE_LINK_HOSTS", "")),
        webhook_inside=_inside(env.get("REPURPOSE_WEBHOOK_INSIDE", "")),
        smtp=_mail_server(env.get("REPURPOSE_SMTP", "")),
        mail_from=_sender(env.get("REPURPOSE_MAIL_FROM", "")),
        **_wechat(env.get("REPURPOSE_WECHAT_APP", ""), env.get("REPURPOSE_WECHAT_SECRET", "")),
        ingest=tuple(Path(one).expanduser().absolute() for one in _listed(env.get("REPURPOSE_INGEST", ""))),
        upload_bytes=int(_number(env, "REPURPOSE_UPLOAD_GB", 20) * (1 << 30)),
        api_rate=max(1, int(_number(env, "REPURPOSE_API_RATE", 100))),
        view_rate=max(1, int(_number(env, "REPURPOSE_VIEW_RATE", 3000))),
        watch_still=_number(env, "REPURPOSE_WATCH_STILL", 10),
        watch_look=_number(env, "REPURPOSE_WATCH_LOOK", 3),
    )


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _address(text: str) -> str:
    """`scheme://host[:port]` without a slash at its end; empty stays empty."""
    parts = urlsplit(text.rstrip("/"))
    if text and (
        parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or "@" in text
    ):
        raise UserError(f"{text!r} is not the address of a site. Write it as https://live.example.com")
    return text.rstrip("/")


def _secrets(text: str) -> tuple[str, ...]:
    found = tuple(_listed(text))
    if any(len(one) < SHORTEST_SECRET for one in found):
        raise UserError(
            f"REPURPOSE_SECRET: each must have at least {SHORTEST_SECRET} characters. `openssl rand -hex 32` makes one."
        )
    return found


def _hosts(text: str) -> tuple[str, ...]:
    for one in _listed(text):
        if not re.fullmatch(r"(\*\.)?([a-z0-9-]+\.)+[a-z0-9-]+", one, re.IGNORECASE):
            raise UserError(
                f"REPURPOSE_LINK_HOSTS: {one!r} is not a host. Write www.example.com, or *.example.com for all below it."
            )
    return tuple(one.lower() for one in _listed(text))


def _networks(text: str) -> tuple[str, ...]:
    for one in _listed(text):
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            raise UserError(f"REPURPOSE_PROXIES: {one!r} is not an address or network, such as 10.0.0.0/8.") from None
    return tuple(_listed(text))


def _inside(text: str) -> tuple[str, ...]:
    for one in _listed(text):
        if not re.fullmatch(r"([A-Za-z0-9.-]+|[0-9a-fA-F:]+|\[[0-9a-fA-F:]+\])(:[0-9]{1,5})?", one):
            raise UserError(f"REPURPOSE_WEBHOOK_INSIDE: {one!r} is not a host. Write crm.internal or 10.0.0.5:8080.")
    return tuple(one.lower() for one in _listed(text))


def _mail_server(text: str) -> str:
    try:
        parts = urlsplit(text)
        right = not text or (parts.scheme in ("smtp", "smtps") and parts.hostname and (parts.port or 1))
    except ValueError:
        right = False
    if not right:
        raise UserError(
            "REPURPOSE_SMTP: write it as smtps://name:password@mail.example.com or smtp://mail.example.com:587"
        )
    return text


def _wechat(app: str, secret: str) -> dict[str, str]:
    if bool(app) != bool(secret):
        raise UserError("REPURPOSE_WECHAT_APP and REPURPOSE_WECHAT_SECRET belong together: set both, or neither.")
    if app and not re.fullmatch(r"wx[0-9A-Za-z]{10,30}", app):
        raise UserError(f"REPURPOSE_WECHAT_APP: {app!r} is not an app id, such as wx0123456789abcdef.")
    if secret and not re.fullmatch(r"[0-9A-Za-z]{16,64}", secret):
        raise UserError("REPURPOSE_WECHAT_SECRET is not a key as WeChat gives it: letters and digits.")
    return {"wechat_app": app, "wechat_secret": secret}


def _sender(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise UserError(f"REPURPOSE_MAIL_FROM: {text!r} is not a mail address.")
    return text


def _number(env: Mapping[str, str], name: str, usual: float) -> float:
    try:
        number = float(env.get(name) or usual)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise UserError(f"{name}={env[name]}: a number above 0 is needed.")
    return number
