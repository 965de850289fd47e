"""Sending HTTP calls over RequestsLibrary, alone or many at one instant, and what is known about them afterwards."""
