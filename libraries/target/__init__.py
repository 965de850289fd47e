"""What is under test: its settings, its parts, and the embedded stack that stands in when nothing else is named."""
