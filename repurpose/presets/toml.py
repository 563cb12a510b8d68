"""One TOML file -> one preset, or one line that says which field is wrong and how to mend it."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from repurpose.errors import BadPreset
from repurpose.models import Model

P = TypeVar("P", bound=Model)


def read(path: Path, kind: type[P], **given: Any) -> P:
    """One TOML file as a `kind`. Raises BadPreset: `cuts/90s.toml: 'at_mots' is not a field. Did you mean 'at_most'?`"""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadPreset(f"{path}: no such file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPreset(f"{path}: not valid TOML ({error}).") from None
    try:
        return kind.model_validate({**data, **given})
    except ValidationError as error:
        raise BadPreset(f"{path}: {_first_fault(error, kind)}") from None


def _first_fault(error: ValidationError, kind: type[Model]) -> str:
    fault = error.errors()[0]
    where = ".".join(map(str, fault["loc"])) or "the file"
    if fault["type"] == "extra_forbidden":
        fields = _fields(kind, fault["loc"][:-1])
        close = difflib.get_close_matches(str(fault["loc"][-1]), fields, 1)
        return f"'{where}' is not a field." + (
            f" Did you mean '{close[0]}'?" if close else f" There are: {', '.join(fields)}."
        )
    if fault["type"] == "missing":
        return f"'{where}' is missing. {kind.model_fields[where].description if where in kind.model_fields else ''}".rstrip()
    return f"{where}: {fault['msg'].removeprefix('Value error, ')}."


def _fields(kind: type[Model], path: tuple[int | str, ...]) -> list[str]:
    """The field names of the model that lies at `path` inside a `kind`."""
    for step in path:
        if isinstance(step, str) and step in kind.model_fields:
            held = kind.model_fields[step].annotation
            inner = [held, *get_args(held)]
            kind = next((model for model in inner if isinstance(model, type) and issubclass(model, Model)), kind)
    return list(kind.model_fields)
