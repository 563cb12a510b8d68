"""What names a person, sealed: with a key of that lead's own, which is sealed with the deployment's.

Erasing the key of a lead is erasing what it sealed, also where a copy of the database lies. The deployment's key is made by
chance once and kept in the database, sealed with what `REPURPOSE_SECRET` gives: to change the secret seals one row anew.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken

from repurpose.db import lead_facts
from repurpose.db.session import Database
from repurpose.errors import UserError
from repurpose.leads.identity import Key
from repurpose.secret import alive, derived
from repurpose.settings import Settings

PURPOSE = "leads"


@dataclass(frozen=True)
class Vault:
    """The deployment's keys: one that seals those of leads, one by whose hashes identifiers are found."""

    seal: Fernet
    index: bytes

    def new_key(self) -> tuple[str, Fernet]:
        """A key for a new lead: sealed, and open."""
        key = Fernet.generate_key()
        return self.seal.encrypt(key).decode(), Fernet(key)

    def open_key(self, sealed: str) -> Fernet:
        """A lead's key."""
        return Fernet(self.seal.decrypt(sealed.encode()))

    def hash_of(self, key: Key) -> str:
        """By what an identifier is found: nobody without the secret can try addresses on it."""
        return self.hash(key.kind, key.value)

    def hash(self, kind: str, value: str) -> str:
        """The same of a kind that is no identifier, such as a browser."""
        return hmac.digest(self.index, f"{kind}\0{value}".encode(), "sha256").hex()


def vault_of(engine: Database, settings: Settings) -> Vault:
    """The vault of this deployment; made the first time. Raises UserError when no secret that is alive opens it."""
    locks = [_fernet(derived(secret, PURPOSE)) for secret in alive(settings)]
    wrapped = lead_facts.vault(engine)
    if wrapped is None:
        wrapped = lead_facts.make_vault(engine, locks[0].encrypt(Fernet.generate_key()).decode())
    for place, lock in enumerate(locks):
        try:
            master = lock.decrypt(wrapped.encode())
        except InvalidToken:
            continue
        if place:
            lead_facts.put_vault(engine, locks[0].encrypt(master).decode())
        return Vault(Fernet(master), derived(base64.urlsafe_b64decode(master), "identifiers"))
    raise UserError(
        "The leads were sealed with another REPURPOSE_SECRET. Put the old one behind the new one, with a comma between."
    )


def seal_text(lock: Fernet, text: str) -> str:
    """`text`, sealed."""
    return lock.encrypt(text.encode()).decode()


def open_text(lock: Fernet, sealed: str) -> str:
    """The other way round."""
    return lock.decrypt(sealed.encode()).decode()


def seal_about(lock: Fernet, about: Mapping[str, str]) -> str:
    """What was told of a person, sealed; nothing for nothing."""
    told = {name: value for name, value in about.items() if value}
    return seal_text(lock, json.dumps(told, ensure_ascii=False, sort_keys=True)) if told else ""


def open_about(lock: Fernet, sealed: str) -> dict[str, str]:
    """The other way round."""
    return dict(json.loads(open_text(lock, sealed))) if sealed else {}


def open_keys(vault: Vault, sealed: Mapping[str, str]) -> dict[str, Fernet]:
    """The keys of leads, by their ids."""
    return {lead: vault.open_key(key) for lead, key in sealed.items()}


def open_identifiers(locks: Mapping[str, Fernet], known: Iterable[Sequence[str]]) -> list[tuple[str, str, str]]:
    """(lead, kind, value) of what leads are known by, as it can be read."""
    return [(lead, kind, open_text(locks[lead], value)) for lead, kind, value in known if lead in locks and value]


def _fernet(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key))
