"""Who is told when something happens."""

from __future__ import annotations

from typing import Any, cast

from repurpose.client.connection import Connection
from repurpose.client.shapes import Endpoint, Message, NewEndpoint, Page


class Endpoints(Connection):
    """`/endpoints`."""

    def create_endpoint(self, address: str, types: list[str], **more: Any) -> NewEndpoint:
        """Have an address told of these; `kind` (webhook, wecom, mail), `name` and `language` may be given. Keep its `secret`."""
        return cast(NewEndpoint, self._ask("POST", "/endpoints", {"address": address, "types": types, **more}))

    def endpoints(self, **query: Any) -> Page[Endpoint]:
        return cast("Page[Endpoint]", self._ask("GET", "/endpoints", query=query))

    def endpoint(self, endpoint_id: str) -> Endpoint:
        return cast(Endpoint, self._ask("GET", f"/endpoints/{endpoint_id}"))

    def change_endpoint(self, endpoint: Endpoint, **fields: Any) -> Endpoint:
        """Change it, unless somebody changed it since `endpoint` was read (ApiError 412)."""
        path, headers = f"/endpoints/{endpoint['id']}", {"if-match": f'"{endpoint["updated"]}"'}
        return cast(Endpoint, self._ask("PATCH", path, fields, headers=headers))

    def delete_endpoint(self, endpoint_id: str) -> Endpoint:
        return cast(Endpoint, self._ask("DELETE", f"/endpoints/{endpoint_id}"))

    def renew_secret(self, endpoint_id: str) -> NewEndpoint:
        """A new secret; for a day the one before it signs too."""
        return cast(NewEndpoint, self._ask("POST", f"/endpoints/{endpoint_id}/secret"))

    def messages(self, endpoint_id: str, **query: Any) -> Page[Message]:
        """What it was and will be told, the newest first; `state`, `limit` and `after` may be given."""
        return cast("Page[Message]", self._ask("GET", f"/endpoints/{endpoint_id}/messages", query=query))

    def replay(self, endpoint_id: str, *, message: str = "", since: int = 0) -> int:
        """Send one message once more, or all that were given up since a moment; how many."""
        path = f"/endpoints/{endpoint_id}/messages/{message}/replay" if message else f"/endpoints/{endpoint_id}/replay"
        return int(self._ask("POST", path, None if message else {"since": since})["messages"])
