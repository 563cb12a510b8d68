"""The whole program, top to bottom: what is made, from what, by which function.

A need is a root or an earlier stage. A need with one output for each cut, take or rendition comes as the one this job
belongs to, or, where the job is once a recording, as a dict of all that could be made. `skipped`, `versions` and `presets`
are told by the runner: what was not made and why, the tools' versions, the presets in force.
"""

from __future__ import annotations

from repurpose.pipeline.stage import Stage

# fmt: off
GRAPH = (
    Stage("vocabulary", "ingest.intake:vocabulary",         needs=("event",)),
    Stage("recording",  "ingest.prepare:prepare",           needs=("source",), tools=("ffmpeg", "av"), queue="video"),
    Stage("sound",      "ingest.sound:listen",              needs=("recording",), tools=("av",)),
    Stage("heard",      "transcribe.transcribe:transcribe", needs=("source", "sound", "vocabulary"), uses="transcribe",
          tools=("faster-whisper", "whisper-weights"), queue="asr"),
    Stage("shots",      "slides.shots:find_shots",          needs=("recording",), uses="slides", tools=("scenedetect",)),
    Stage("slides",     "slides.pages:read_pages",          version=3, needs=("recording", "shots"), uses="slides", tools=("rapidocr",)),
    Stage("transcript", "transcribe.spelling:as_shown",     needs=("heard", "slides", "vocabulary")),
    Stage("spoken",     "speakers.tell:tell_apart",         needs=("sound", "transcript", "event"), tools=("speaker-model",),
          queue="asr"),
    Stage("deck",       "slides.deck:bind",                 needs=("event", "slides", "spoken", "recording")),
    Stage("chapters",   "highlights.chapters:divide",       needs=("transcript", "slides", "event"), uses="highlights"),
    Stage("highlights", "highlights.rank:rank",
          needs=("transcript", "sound", "slides", "chapters", "live", "choices", "retention"), uses="highlights"),
    Stage("quotes",     "design.quotes:choose",             needs=("highlights", "spoken", "event", "slides")),
    Stage("portraits",  "design.portraits:find",            needs=("event", "recording", "spoken"), tools=("face-model",)),
    Stage("posters",    "design.posters:draw_posters",      version=2,
          needs=("event", "brand", "portraits", "slides", "spoken", "quotes"), uses="posters"),
    Stage("motion",     "design.motion:draw_motion",
          needs=("event", "brand", "portraits", "recording", "spoken", "quotes"), uses="motion", tools=("av", "moviepy")),
    Stage("points",     "design.points:find",               version=2, needs=("event", "spoken", "chapters", "highlights", "slides")),
    Stage("summary",    "design.summary:draw_summary",
          needs=("event", "brand", "portraits", "slides", "spoken", "points", "quotes"), uses="summaries"),
    Stage("recap",      "publish.recap:write",
          needs=("event", "brand", "spoken", "chapters", "highlights", "points", "quotes", "slides"), uses="channels",
          tools=("recap",)),
    Stage("edits",      "edit.fit:fit",
          needs=("highlights", "chapters", "transcript", "sound", "recording", "choices", "edits"), per="cut"),
    Stage("edl",        "edit.fit:pick",                    needs=("edits",), per="take"),
    Stage("rendition",  "render.rendition:render",          needs=("event", "recording", "sound", "transcript", "chapters", "edl"),
          per="take x render", only="plain", tools=("ffmpeg", "av"), queue="video"),
    Stage("faces",      "render.faces:find_faces",          version=2, needs=("recording", "shots", "edl"), per="take", only="drawn",
          tools=("face-model",)),
    Stage("layout",     "render.layout:arrange",            version=2, needs=("recording", "shots", "slides", "edl", "faces"),
          per="take x render", only="drawn"),
    Stage("bumpers",    "render.bumper:bump",               needs=("brand", "event", "recording"), per="render", only="drawn",
          tools=("moviepy",)),
    Stage("drawing",    "render.drawing:draw",              version=2,
          needs=("event", "brand", "translation", "recording", "spoken", "chapters", "edl", "layout", "faces", "bumpers"),
          per="take x render", only="drawn", tools=("ffmpeg", "av", "encoder"), queue="video"),
    Stage("replay_stream", "render.ladder:of_replay",       needs=("recording",), only="streamed", uses="stream", tools=("ffmpeg", "av"),
          queue="video"),
    Stage("cut_stream", "render.ladder:of_cut",             needs=("rendition",), per="take x render", only="streamed", uses="stream",
          tools=("ffmpeg", "av"), queue="video"),
    Stage("package",    "publish.package:pack",
          needs=("event", "recording", "spoken", "slides", "deck", "chapters", "highlights", "posters", "motion", "summary", "recap", "edl", "rendition",
                 "drawing",
                 "skipped", "versions", "presets"), tools=("page",)),
)
# fmt: on
