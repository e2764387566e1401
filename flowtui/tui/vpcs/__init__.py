"""The VPCs screen: every VPC and what its flow logs cover."""
