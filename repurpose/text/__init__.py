"""Language work shared by every step: words, phrases, sentences, script, captions, subtitle files."""
