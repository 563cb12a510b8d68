"""What viewers watched: each event judged, kept and added up, second by second."""
