"""Tests of the fuzzer's own parts."""
