"""What every artifact is built of."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Ms = int  # milliseconds on the recording's clock
DAY_MS = 24 * 3600 * 1000
Language = Literal["zh", "en"]  # the two the product speaks itself; a transcript may carry any Whisper code


class Model(BaseModel):
    """The base of every artifact and preset: frozen, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class Span(Model):
    """A half-open stretch of the recording: start <= t < end."""

    start: Annotated[Ms, Field(ge=0, description="first millisecond")]
    end: Annotated[Ms, Field(gt=0, description="first millisecond after")]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start >= self.end:
            raise ValueError(f"a span must end after it starts, got {self.start}..{self.end}")
        return self

    @property
    def length(self) -> Ms:
        return self.end - self.start

    def overlap(self, other: Span) -> Ms:
        """Milliseconds shared with `other`, 0 when apart."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


class Blob(Model):
    """A file in the store, named by its content. Artifacts never hold paths."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="sha256 of the bytes")]
    suffix: Annotated[str, Field(pattern=r"^(\.[a-z0-9]{1,8})?$", description="with its dot, lower case")]
    size: Annotated[int, Field(ge=0, description="bytes")]
