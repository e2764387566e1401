"""The Deploy screen: from a template to running flow logs."""
