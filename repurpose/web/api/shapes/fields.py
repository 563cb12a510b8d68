"""The fields that several things have, with their bounds."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_PLAIN = r"^[^\x00-\x1f\x7f]*$"  # no control signs: PostgreSQL takes no NUL, a title has no line breaks
_ID = "[a-z2-7]{20}$"
_BRAND = "^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$"
Line = Annotated[str, StringConstraints(max_length=300, pattern=_PLAIN)]
Paragraphs = Annotated[str, StringConstraints(max_length=5000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Tongue = Annotated[str, StringConstraints(pattern=r"^([a-z]{2,3})?$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$")]
Https = Annotated[str, StringConstraints(pattern=r"^(https://[\x21-\x7e]{1,2000})?$")]
Mail = Annotated[str, StringConstraints(pattern=r"^[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,189}$")]
EventId = Annotated[str, Path(pattern=f"^ev_{_ID}")]
AssetId = Annotated[str, Path(pattern=f"^as_{_ID}")]
RunId = Annotated[str, Path(pattern=f"^ru_{_ID}")]
PersonId = Annotated[str, Path(pattern=f"^pe_{_ID}")]
UserId = Annotated[str, Path(pattern=f"^us_{_ID}")]
KeyId = Annotated[str, Path(pattern=f"^ke_{_ID}")]
UploadId = Annotated[str, Path(pattern=f"^up_{_ID}")]
EndpointId = Annotated[str, Path(pattern=f"^en_{_ID}")]
BrandId = Annotated[str, Path(pattern=_BRAND)]
MessageId = Annotated[str, Path(pattern=f"^ms_{_ID}")]
EventName = Annotated[str, StringConstraints(pattern=f"^ev_{_ID}")]
AssetName = Annotated[str, StringConstraints(pattern=f"^as_{_ID}")]
PersonName = Annotated[str, StringConstraints(pattern=f"^pe_{_ID}")]
BrandName = Annotated[str, StringConstraints(pattern=_BRAND)]
UploadName = Annotated[str, StringConstraints(pattern=f"^up_{_ID}")]
Pair = Annotated[list[int], Field(min_length=2, max_length=2)]
At = Annotated[int, Field(description="milliseconds since 1970")]
Moment = Annotated[int, Field(ge=0, lt=1 << 31, description="milliseconds of the recording")]


class Wish(BaseModel):
    """The base of what comes in: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class FileWish(Wish):
    """A file: one uploaded before, or one that lies in a folder the server may take from."""

    upload: UploadName | None = Field(None, description="the id of a finished upload")
    path: Annotated[Line, Field(min_length=1)] | None = Field(
        None, description="an absolute path on the server, inside one of the folders of REPURPOSE_INGEST"
    )
