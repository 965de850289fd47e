"""Tests of the measuring tools: what they say about numbers that are known."""
