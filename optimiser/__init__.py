"""Who gets what, as linear programmes. Knows euros and rules, no Excel, no screen, no forecasting."""
