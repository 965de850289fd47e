"""Sending calls, over RequestsLibrary, many at one instant or as bytes, and what is known of the answers."""
