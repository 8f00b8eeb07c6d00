"""Rows for tests, one factory module per app."""
