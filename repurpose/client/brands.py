"""Brands: their looks and files."""

from __future__ import annotations

from typing import Any, cast

from repurpose.client.connection import Connection
from repurpose.client.shapes import Brand


class Brands(Connection):
    """`/brands`."""

    def brands(self) -> list[Brand]:
        """All of them, by name."""
        return cast("list[Brand]", self._ask("GET", "/brands")["items"])

    def brand(self, name: str) -> Brand:
        return cast(Brand, self._ask("GET", f"/brands/{name}"))

    def put_brand(self, name: str, seen: Brand | None = None, **look: Any) -> Brand:
        """The brand looks like this from now on; with `seen` only where nobody changed it since that was read (ApiError 412)."""
        return cast(Brand, self._ask("PUT", f"/brands/{name}", look, headers=_as_seen(seen)))

    def put_brand_file(self, name: str, file: str, upload: str = "", *, path: str = "") -> Brand:
        """Its `logo`, `font`, `music` or `sting`: an upload, or a file in a folder the server may take from."""
        source = {"upload": upload} if upload else {"path": path}
        return cast(Brand, self._ask("PUT", f"/brands/{name}/files/{file}", source))

    def delete_brand_file(self, name: str, file: str) -> Brand:
        return cast(Brand, self._ask("DELETE", f"/brands/{name}/files/{file}"))

    def delete_brand(self, name: str) -> Brand:
        """Forget the record: the preset file of this name counts again."""
        return cast(Brand, self._ask("DELETE", f"/brands/{name}"))


def _as_seen(brand: Brand | None) -> dict[str, str]:
    return {} if brand is None else {"if-match": f'"{brand["updated"] or 0}"'}
