"""Invented accounts and visits for a demo, believable and the same for the same seed."""
