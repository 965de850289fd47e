"""Tests of our own Python."""
