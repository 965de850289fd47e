"""Stub of the migrations."""
