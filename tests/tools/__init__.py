"""Tests of the tools that check this repository."""
