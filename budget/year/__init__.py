"""The year: what was booked, what is still to come, and what becomes of what is left."""
