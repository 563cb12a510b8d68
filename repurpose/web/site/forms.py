"""The lead form: what is asked, and whether what came back can be kept. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from repurpose.models.published import FormField

Say = Callable[[str], str]
MOST = {"name": 80, "email": 254, "phone": 40, "company": 120, "title": 120, "text": 2000, "choice": 200, "consent": 3}
INPUT = {"email": "email", "phone": "tel"}
COMPLETE = {"name": "name", "email": "email", "phone": "tel", "company": "organization", "title": "organization-title"}
CONSENT = "I agree that these details are used to send me the files and to contact me about this topic. I can withdraw this at any time."
CONSENT_VERSION = "1"
_mail = re.compile(r"[^\s@<>\"',;]{1,64}@(?:[^\s@.<>\"',;/]{1,63}\.)+[^\s@.<>\"',;/]{2,63}")
_phone = re.compile(r"[+0-9][0-9 ()./-]{5,30}(?:(?:x|ext\.?|转)\s?\d{1,6})?")


@dataclass(frozen=True)
class Question:
    """A field as the form shows it."""

    key: str
    kind: str
    label: str
    required: bool
    choices: tuple[str, ...]
    most: int  # characters
    input: str  # type of the input
    complete: str  # what browsers fill in
    value: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Answered:
    """What came back: what can be kept, and what is wrong with the rest, by field."""

    answers: dict[str, str]
    problems: dict[str, str]
    consent: str  # the words that were agreed to; "" when nobody was asked or agreed


def questions(
    fields: Sequence[FormField], say: Say, answered: Mapping[str, str], problems: Mapping[str, str]
) -> list[Question]:
    """The form, with what was written into it and what is wrong with that."""
    return [
        Question(
            key=field.key, kind=field.kind, label=label(field, say), required=field.required, choices=field.choices,
            most=MOST[field.kind], input=INPUT.get(field.kind, "text"), complete=COMPLETE.get(field.kind, "off"),
            value=answered.get(field.key, ""), problem=problems.get(field.key, ""),
        )
        for field in fields
    ]  # fmt: skip


def label(field: FormField, say: Say) -> str:
    """What a field is called: as the event says, else in the usual words."""
    usual = {
        "name": say("Name"), "email": say("Email"), "phone": say("Phone"), "company": say("Company"),
        "title": say("Position"), "text": say("Message"), "choice": say("Choose"), "consent": say(CONSENT),
    }  # fmt: skip
    return field.label or usual[field.kind]


def read(fields: Sequence[FormField], given: Mapping[str, str], say: Say) -> Answered:
    """What came back, judged field by field. Keys that were not asked for are dropped."""
    answers, problems, consent = {}, {}, ""
    for field in fields:
        value = _clean(given.get(field.key, ""))
        if not value:
            if field.required:
                problems[field.key] = (
                    say("Please tick this to go on.") if field.kind == "consent" else say("Please fill this in.")
                )
            continue
        if len(value) > MOST[field.kind]:
            problems[field.key] = say("This is too long.")
        elif field.kind == "email" and not _mail.fullmatch(value):
            problems[field.key] = say("Please write an address such as name@company.com.")
        elif field.kind == "phone" and not _phone.fullmatch(value):
            problems[field.key] = say("Please write a number such as +86 138 0013 8000.")
        elif field.kind == "choice" and value not in field.choices:
            problems[field.key] = say("Please choose one of the list.")
        elif field.kind == "consent" and value != "yes":
            problems[field.key] = say("Please tick this to go on.")
        elif field.kind in ("name", "company", "title") and re.search(r"https?://|www\.", value, re.IGNORECASE):
            problems[field.key] = say("No addresses here, please.")
        else:
            answers[field.key] = value
            if field.kind == "consent":
                consent = label(field, say)
    return Answered(answers, problems, consent)


def _clean(text: str) -> str:
    """Without control characters but line breaks, and without spaces around."""
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable()).strip()
