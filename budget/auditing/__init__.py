"""The checks of the audit, by subject; `budget.audit` is their table of contents."""
