"""Tests of the fault gallery."""
