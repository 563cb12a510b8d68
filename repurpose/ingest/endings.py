"""What files are called that hold a recording, or lie beside one."""

from __future__ import annotations

MEDIA = (
    ".mp4", ".mov", ".mkv", ".ts", ".m2ts", ".flv", ".avi", ".wmv", ".webm", ".m4v", ".mpg", ".mpeg",
    ".wav", ".mp3", ".m4a", ".aac", ".wma", ".flac", ".ogg", ".opus",
)  # fmt: skip
BESIDE = (".toml", ".srt", ".vtt", ".csv")  # its event file, its subtitles, its chat
