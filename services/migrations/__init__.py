"""Numbered SQL files and the few lines that apply them."""
