"""The stage: who says which sentence, by voice; and the voices' names, where something tells them."""

from __future__ import annotations

from repurpose.context import Context
from repurpose.models import Event, Sound, Transcript
from repurpose.speakers.names import name_voices
from repurpose.speakers.voice import voices_in
from repurpose.speakers.who import who_says
from repurpose.speakers.windows import windows_of


def tell_apart(sound: Sound, transcript: Transcript, event: Event, ctx: Context) -> Transcript:
    """The same transcript with the speaker of each sentence, as event.toml spells the name, where it is known.

    What subtitles told stays. Voices are told apart by their sound; a voice is given a name only when what is said, the
    agenda or the host's part in the event speak for it. Nothing is guessed: all other sentences have no speaker.
    """
    sentences = transcript.sentences
    if sound.speech is None or not event.speakers or all(sentence.speaker for sentence in sentences):
        return transcript
    windows = windows_of(sentences, sound.pauses)
    vectors = voices_in(ctx.store.path(sound.speech), windows, ctx)
    voices = who_says(vectors, windows, len(sentences))
    names = name_voices(sentences, voices, event)
    told = tuple(
        sentence if sentence.speaker or voice not in names else sentence.model_copy(update={"speaker": names[voice]})
        for sentence, voice in zip(sentences, voices, strict=True)
    )
    return transcript.model_copy(update={"sentences": told})
