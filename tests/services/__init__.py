"""Unit and integration tests of the reference services."""
