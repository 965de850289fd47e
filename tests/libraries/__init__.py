"""Tests of the libraries that the suites stand on."""
