"""Requests that nobody thought of: made from the target's description, and raw bytes that no HTTP client sends."""
