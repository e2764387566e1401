"""Pure conclusions drawn from what the gateways return: coverage, findings, verdicts, cost."""
