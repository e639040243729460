"""Reported speech: who says it, and whether a claim keeps that somebody said it."""
