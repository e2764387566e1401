"""flowtui: a terminal for AWS VPC flow logs."""

__version__ = "0.1.0"
