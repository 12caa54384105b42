"""Visits are found by what they say and by every name of what they are about, the best matches first."""
